import { formatDecimal } from '#shared/money/decimal.ts';
import { LEVERAGE_DECIMALS, PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';

import { cleanDecimalInput } from '../decimal-input.ts';
import {
  leverageTextDefault,
  type SizeUnit,
  type TicketAction,
  type TicketPrefill,
  type TicketState,
} from './state.ts';

/** Slippage is typed in percent: two decimals are one basis point. */
const slippageDecimals = 2;
/** A date-time field's value is no longer. */
const expiryTextLengthMax = 32;

const sizeDecimals = (unit: SizeUnit): number => (unit === 'base' ? SIZE_DECIMALS : QUOTE_DECIMALS);

type TextField = 'limitPriceText' | 'stopPriceText' | 'slippageText' | 'takeProfitText' | 'stopLossText';

/** The state with what was typed into a field; typing that is no figure leaves it as it was. */
function typedInto(state: TicketState, field: TextField, typed: string, decimals = PRICE_DECIMALS): TicketState {
  const text = cleanDecimalInput(typed, decimals);
  return text === undefined ? state : { ...state, [field]: text };
}

/** The next state of the ticket; input that is no figure leaves it as it was. */
export function reduceTicket(state: TicketState, action: TicketAction): TicketState {
  switch (action.type) {
    case 'side':
      return ofAnotherSide(state, action.side);
    case 'orderType':
      return ofType(state, action.orderType, action.priceText ?? '');
    case 'size': {
      const sizeText = cleanDecimalInput(action.typed, sizeDecimals(state.sizeUnit));
      if (sizeText === undefined) return state;
      const follows = !state.leverageLocked && action.leverageText !== undefined;
      const leverageText = follows ? (action.leverageText ?? state.leverageText) : state.leverageText;
      return { ...state, sizeText, sharePercent: null, leverageText };
    }
    case 'sizeUnit':
      return { ...state, sizeUnit: action.sizeUnit, sizeText: action.sizeText };
    case 'share':
      return { ...state, sizeText: action.sizeText, sharePercent: action.sharePercent };
    case 'limitPrice':
      return typedInto(state, 'limitPriceText', action.typed);
    case 'stopPrice':
      return typedInto(state, 'stopPriceText', action.typed);
    case 'leverage': {
      const leverageText = cleanDecimalInput(action.typed, LEVERAGE_DECIMALS);
      return leverageText === undefined ? state : { ...state, leverageText, leverageChosenText: leverageText };
    }
    case 'slippage':
      return typedInto(state, 'slippageText', action.typed, slippageDecimals);
    case 'exit':
      return typedInto(state, action.exit === 'takeProfit' ? 'takeProfitText' : 'stopLossText', action.typed);
    case 'prefill':
      return prefilled(state, action.prefill);
    case 'market':
      return inAnotherMarket(state, action.maxLeverage);
    case 'ownIdea':
      return { ...state, analysisId: null };
    case 'placed':
      return { ...withoutExits(state), sizeText: '', sharePercent: null, analysisId: null };
    default:
      return reduceChoice(state, action);
  }
}

type Choice = Extract<
  TicketAction,
  { type: 'leverageLock' | 'reduceOnly' | 'timeInForce' | 'expiry' | 'expiryText' | 'exits' }
>;

/** What is chosen rather than typed. */
function reduceChoice(state: TicketState, action: Choice): TicketState {
  switch (action.type) {
    case 'leverageLock':
      return { ...state, leverageLocked: action.locked };
    case 'reduceOnly':
      return { ...state, reduceOnly: action.reduceOnly, exitsOn: state.exitsOn && !action.reduceOnly };
    case 'timeInForce':
      return { ...state, timeInForce: action.timeInForce };
    case 'expiry':
      return { ...state, expiry: action.expiry, expiryText: state.expiryText || (action.expiryText ?? '') };
    case 'expiryText':
      return { ...state, expiryText: action.typed.slice(0, expiryTextLengthMax) };
    case 'exits':
      return action.on ? { ...state, exitsOn: true, reduceOnly: false } : withoutExits(state);
  }
}

const withoutExits = (state: TicketState): TicketState => ({
  ...state,
  exitsOn: false,
  takeProfitText: '',
  stopLossText: '',
});

/** On the other side the same two prices are the other exit each. */
function ofAnotherSide(state: TicketState, side: TicketState['side']): TicketState {
  if (side === state.side) return state;
  const { takeProfitText, stopLossText } = state;
  return { ...state, side, takeProfitText: stopLossText, stopLossText: takeProfitText, analysisId: null };
}

function ofType(state: TicketState, orderType: TicketState['orderType'], priceText: string): TicketState {
  // A trigger at the price of now would fire at once: only a limit starts there.
  const limitPriceText = orderType === 'limit' ? state.limitPriceText || priceText : state.limitPriceText;
  return { ...state, orderType, limitPriceText };
}

function prefilled(state: TicketState, prefill: TicketPrefill): TicketState {
  const price = (value: bigint | undefined, otherwise: string): string =>
    value === undefined ? otherwise : formatDecimal(value, PRICE_DECIMALS);
  const { takeProfit, stopLoss, size, leverageE2, slippageBps } = prefill;
  const hasExits = takeProfit !== undefined || stopLoss !== undefined;
  const reduceOnly = hasExits ? false : (prefill.reduceOnly ?? false);
  return {
    ...state,
    side: prefill.side,
    orderType: prefill.orderType ?? state.orderType,
    ...(size === undefined ? {} : ({ sizeText: formatDecimal(size, SIZE_DECIMALS), sizeUnit: 'base' } as const)),
    sharePercent: null,
    limitPriceText: price(prefill.limitPrice, state.limitPriceText),
    stopPriceText: price(prefill.stopPrice, state.stopPriceText),
    leverageText: leverageE2 === undefined ? state.leverageText : formatDecimal(leverageE2, LEVERAGE_DECIMALS),
    slippageText: slippageBps === undefined ? state.slippageText : formatDecimal(slippageBps, slippageDecimals),
    timeInForce: prefill.timeInForce ?? state.timeInForce,
    reduceOnly,
    exitsOn: hasExits,
    takeProfitText: price(takeProfit, ''),
    stopLossText: price(stopLoss, ''),
    analysisId: prefill.analysisId ?? null,
  };
}

/** A locked leverage comes along as far as the market allows it, and back; one that followed a size starts anew. */
function inAnotherMarket(state: TicketState, maxLeverage: bigint): TicketState {
  return {
    ...withoutExits(state),
    sizeText: '',
    sharePercent: null,
    limitPriceText: '',
    stopPriceText: '',
    leverageText: atMost(state.leverageLocked ? state.leverageChosenText : leverageTextDefault, maxLeverage),
    analysisId: null,
  };
}

const atMost = (leverageText: string, maxLeverage: bigint): string =>
  /^\d{1,6}/.test(leverageText) && BigInt(/^\d+/.exec(leverageText)?.[0] ?? '0') >= maxLeverage
    ? maxLeverage.toString()
    : leverageText;
