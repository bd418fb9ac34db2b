import { LEVERAGE_DECIMALS, PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';

import { cleanDecimalInput } from '../decimal-input.ts';
import type { SizeUnit, TicketAction, TicketState } from './state.ts';

/** Slippage is typed in percent: two decimals are one basis point. */
const slippageDecimals = 2;

const sizeDecimals = (unit: SizeUnit): number => (unit === 'base' ? SIZE_DECIMALS : QUOTE_DECIMALS);

/** The next state of the ticket; input that is no figure leaves it as it was. */
export function reduceTicket(state: TicketState, action: TicketAction): TicketState {
  switch (action.type) {
    case 'side':
      return { ...state, side: action.side };
    case 'orderType':
      return { ...state, orderType: action.orderType, limitPriceText: action.limitPriceText ?? state.limitPriceText };
    case 'size': {
      const sizeText = cleanDecimalInput(action.typed, sizeDecimals(state.sizeUnit));
      return sizeText === undefined ? state : { ...state, sizeText, sharePercent: null };
    }
    case 'sizeUnit':
      return { ...state, sizeUnit: action.sizeUnit, sizeText: action.sizeText };
    case 'share':
      return { ...state, sizeText: action.sizeText, sharePercent: action.sharePercent };
    case 'limitPrice': {
      const limitPriceText = cleanDecimalInput(action.typed, PRICE_DECIMALS);
      return limitPriceText === undefined ? state : { ...state, limitPriceText };
    }
    case 'leverage': {
      const leverageText = cleanDecimalInput(action.typed, LEVERAGE_DECIMALS);
      return leverageText === undefined ? state : { ...state, leverageText };
    }
    case 'slippage': {
      const slippageText = cleanDecimalInput(action.typed, slippageDecimals);
      return slippageText === undefined ? state : { ...state, slippageText };
    }
    case 'reduceOnly':
      return { ...state, reduceOnly: action.reduceOnly };
    case 'market':
      return {
        ...state,
        sizeText: '',
        sharePercent: null,
        limitPriceText: '',
        leverageText: atMost(state.leverageText, action.maxLeverage),
      };
    case 'placed':
      return { ...state, sizeText: '', sharePercent: null };
  }
}

const atMost = (leverageText: string, maxLeverage: bigint): string =>
  /^\d{1,6}/.test(leverageText) && BigInt(/^\d+/.exec(leverageText)?.[0] ?? '0') >= maxLeverage
    ? maxLeverage.toString()
    : leverageText;
