import type { Price, Size } from '#shared/money/units.ts';
import type { TradeSide } from '#shared/perps/types.ts';

export type TicketOrderType = 'market' | 'limit' | 'stop' | 'stop_limit';
/** What the size field counts: the base asset, or USDC of notional. */
export type SizeUnit = 'base' | 'quote';
export type TimeInForce = 'gtc' | 'ioc' | 'gtt';
/** How long an order with an end waits: a span from now, or until a moment of the trader's choosing. */
export type ExpiryChoice = '1h' | '1d' | '1w' | 'until';
export type ExitKind = 'takeProfit' | 'stopLoss';

/** What the trader has entered. Texts are kept as typed; `summary.ts` reads them. */
export interface TicketState {
  readonly side: TradeSide;
  readonly orderType: TicketOrderType;
  readonly sizeText: string;
  readonly sizeUnit: SizeUnit;
  /** The share of the largest possible size that filled the field; null once it was typed over. */
  readonly sharePercent: number | null;
  readonly limitPriceText: string;
  readonly stopPriceText: string;
  readonly leverageText: string;
  /** The leverage that the trader chose last: what a locked one comes back to in a market that allows it. */
  readonly leverageChosenText: string;
  /** Locked, the leverage is what was chosen, in every market and for every size; otherwise it follows the size. */
  readonly leverageLocked: boolean;
  readonly slippageText: string;
  readonly reduceOnly: boolean;
  /** Of the order types that have a choice; `effectiveTimeInForce` says what counts. */
  readonly timeInForce: TimeInForce;
  readonly expiry: ExpiryChoice;
  /** Local time as a date-time field has it: 2026-11-24T12:00. */
  readonly expiryText: string;
  readonly exitsOn: boolean;
  readonly takeProfitText: string;
  readonly stopLossText: string;
  /** The analysis that the order follows; null for the trader's own. */
  readonly analysisId: string | null;
}

/** Percent, as typed: 0.5 %. */
const slippageTextDefault = '0.5';
export const leverageTextDefault = '10';

export const initialTicket: TicketState = {
  side: 'buy',
  orderType: 'market',
  sizeText: '',
  sizeUnit: 'base',
  sharePercent: null,
  limitPriceText: '',
  stopPriceText: '',
  leverageText: leverageTextDefault,
  leverageChosenText: leverageTextDefault,
  leverageLocked: true,
  slippageText: slippageTextDefault,
  reduceOnly: false,
  timeInForce: 'gtc',
  expiry: '1d',
  expiryText: '',
  exitsOn: false,
  takeProfitText: '',
  stopLossText: '',
  analysisId: null,
};

/** An order that somebody else filled in: a proposal, a flip, an order to repeat. What is not named stays as it was. */
export interface TicketPrefill {
  readonly side: TradeSide;
  readonly orderType?: TicketOrderType;
  readonly size?: Size;
  readonly limitPrice?: Price;
  readonly stopPrice?: Price;
  /** Hundredths. */
  readonly leverageE2?: bigint;
  readonly slippageBps?: bigint;
  readonly timeInForce?: TimeInForce;
  readonly reduceOnly?: boolean;
  readonly takeProfit?: Price;
  readonly stopLoss?: Price;
  /** The analysis that the order follows. */
  readonly analysisId?: string;
}

export type TicketAction =
  | { readonly type: 'side'; readonly side: TradeSide }
  /** `priceText` is where the limit of a limit order starts. */
  | { readonly type: 'orderType'; readonly orderType: TicketOrderType; readonly priceText?: string }
  /** `leverageText`: what the size needs, where the leverage follows it. */
  | { readonly type: 'size'; readonly typed: string; readonly leverageText?: string }
  | { readonly type: 'sizeUnit'; readonly sizeUnit: SizeUnit; readonly sizeText: string }
  | { readonly type: 'share'; readonly sharePercent: number; readonly sizeText: string }
  | { readonly type: 'limitPrice'; readonly typed: string }
  | { readonly type: 'stopPrice'; readonly typed: string }
  | { readonly type: 'leverage'; readonly typed: string }
  | { readonly type: 'leverageLock'; readonly locked: boolean }
  | { readonly type: 'slippage'; readonly typed: string }
  | { readonly type: 'reduceOnly'; readonly reduceOnly: boolean }
  | { readonly type: 'timeInForce'; readonly timeInForce: TimeInForce }
  /** `expiryText` fills the date-time field where it is empty. */
  | { readonly type: 'expiry'; readonly expiry: ExpiryChoice; readonly expiryText?: string }
  | { readonly type: 'expiryText'; readonly typed: string }
  | { readonly type: 'exits'; readonly on: boolean }
  | { readonly type: 'exit'; readonly exit: ExitKind; readonly typed: string }
  | { readonly type: 'prefill'; readonly prefill: TicketPrefill }
  /** The order follows no analysis any more. */
  | { readonly type: 'ownIdea' }
  /** Another market: size and prices mean something else there. */
  | { readonly type: 'market'; readonly maxLeverage: bigint }
  /** The order went out: keep the habits, clear the figures. */
  | { readonly type: 'placed' };

/** Order types with a limit price, and those with a trigger. */
export const takesLimit = (orderType: TicketOrderType): boolean => orderType === 'limit' || orderType === 'stop_limit';
export const takesStop = (orderType: TicketOrderType): boolean => orderType === 'stop' || orderType === 'stop_limit';

const choices: Readonly<Record<TicketOrderType, readonly TimeInForce[]>> = {
  market: ['gtc'],
  limit: ['gtc', 'ioc', 'gtt'],
  stop: ['gtc', 'gtt'],
  stop_limit: ['gtc', 'ioc', 'gtt'],
};

/** The times in force that mean something for an order type. A market order, and a stop once it fires, executes at once or not at all. */
export const timeInForceChoices = (orderType: TicketOrderType): readonly TimeInForce[] => choices[orderType];

/** What counts of the chosen time in force for the order type at hand. */
export const effectiveTimeInForce = ({
  orderType,
  timeInForce,
}: Pick<TicketState, 'orderType' | 'timeInForce'>): TimeInForce =>
  choices[orderType].includes(timeInForce) ? timeInForce : 'gtc';
