import type { TradeSide } from '#shared/perps/types.ts';

export type TicketOrderType = 'market' | 'limit';
/** What the size field counts: the base asset, or USDC of notional. */
export type SizeUnit = 'base' | 'quote';

/** What the trader has entered. Texts are kept as typed; `summary.ts` reads them. */
export interface TicketState {
  readonly side: TradeSide;
  readonly orderType: TicketOrderType;
  readonly sizeText: string;
  readonly sizeUnit: SizeUnit;
  /** The share of the largest possible size that filled the field; null once it was typed over. */
  readonly sharePercent: number | null;
  readonly limitPriceText: string;
  readonly leverageText: string;
  readonly slippageText: string;
  readonly reduceOnly: boolean;
}

/** Percent, as typed: 0.5 %. */
const slippageTextDefault = '0.5';
const leverageTextDefault = '10';

export const initialTicket: TicketState = {
  side: 'buy',
  orderType: 'market',
  sizeText: '',
  sizeUnit: 'base',
  sharePercent: null,
  limitPriceText: '',
  leverageText: leverageTextDefault,
  slippageText: slippageTextDefault,
  reduceOnly: false,
};

export type TicketAction =
  | { readonly type: 'side'; readonly side: TradeSide }
  | { readonly type: 'orderType'; readonly orderType: TicketOrderType; readonly limitPriceText?: string }
  | { readonly type: 'size'; readonly typed: string }
  | { readonly type: 'sizeUnit'; readonly sizeUnit: SizeUnit; readonly sizeText: string }
  | { readonly type: 'share'; readonly sharePercent: number; readonly sizeText: string }
  | { readonly type: 'limitPrice'; readonly typed: string }
  | { readonly type: 'leverage'; readonly typed: string }
  | { readonly type: 'slippage'; readonly typed: string }
  | { readonly type: 'reduceOnly'; readonly reduceOnly: boolean }
  /** Another market: size and price mean something else there. */
  | { readonly type: 'market'; readonly maxLeverage: bigint }
  /** The order went out: keep the habits, clear the figures. */
  | { readonly type: 'placed' };
