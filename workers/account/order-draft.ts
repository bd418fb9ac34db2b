import type { MarketSnapshot } from '../market/contract.ts';
import { newId } from '../platform/ids.ts';
import type { AmendOrderCommand, ChangeMarginCommand, OrderIntent, PlaceOrderCommand } from './contract.ts';
import { eligibleFrom, limitReached, type OrderAmendment, type StoredOrder } from './order-machine.ts';
import { leverageE2Default } from './standing.ts';
import { worstPriceOf } from './trade-plan.ts';

/** Slippage of a market order that names none, bps. */
export const slippageBpsDefault = 100;
/** An order that executes now and could not be submitted within this time is rejected: nobody wants it minutes later. */
export const marketOrderLifeMs = 30_000;

/** What the exchange chooses where an order names nothing. */
export interface OrderDefaults {
  readonly leverageE2: number;
  readonly slippageBps: number;
}

/** A new order as it will be stored, if it passes. */
export function draftOrder(
  command: PlaceOrderCommand,
  snapshot: MarketSnapshot,
  owner: string,
  nowMs: number,
  defaults: OrderDefaults,
): StoredOrder {
  const slippage = command.maxSlippageBps ?? defaults.slippageBps;
  const reference = snapshot.price?.price ?? 0n;
  const isMarket = command.orderType === 'market';
  return {
    ...blankOrder(command, snapshot, owner, nowMs),
    stage: restsAtOnce(command, reference) ? 'resting' : 'accepted',
    intent: 'trade',
    side: command.side,
    orderType: command.orderType,
    quantity: command.quantity,
    price: command.price,
    stopPrice: command.stopPrice,
    reduceOnly: command.reduceOnly,
    leverageE2: command.leverageE2 ?? defaults.leverageE2,
    maxSlippageBps: slippage,
    timeInForce: command.timeInForce,
    expiresAtMs: command.expiresAtMs,
    clientOrderId: command.clientOrderId,
    takeProfit: command.takeProfit,
    stopLoss: command.stopLoss,
    analysisId: command.analysisId,
    worstPrice: command.price ?? (isMarket ? worstPriceOf(command.side, reference, slippage) : null),
    submitByMs: executesNow(command) ? nowMs + marketOrderLifeMs : null,
  };
}

/** A change of margin on its way along the same road. */
export function draftMarginChange(
  command: ChangeMarginCommand,
  snapshot: MarketSnapshot,
  owner: string,
  nowMs: number,
): StoredOrder {
  const intent: OrderIntent = command.amount > 0n ? 'add_margin' : 'remove_margin';
  return {
    ...blankOrder(command, snapshot, owner, nowMs),
    intent,
    quantity: command.amount > 0n ? command.amount : -command.amount,
    submitByMs: nowMs + marketOrderLifeMs,
  };
}

/**
 * An order after its amendment. It starts over as a new one would, at a price of a later second than anything anyone has seen; a stop that
 * fired already stays fired unless its price is named anew. An exit always waits in the book: only there its sibling is asked.
 */
export function amendmentOf(
  order: StoredOrder,
  command: AmendOrderCommand,
  snapshot: MarketSnapshot,
  nowMs: number,
): OrderAmendment {
  const price = command.price ?? order.price;
  const stopPrice = command.stopPrice ?? order.stopPrice;
  const maxSlippageBps = command.maxSlippageBps ?? order.maxSlippageBps;
  const stopFired = order.stopFired && command.stopPrice === undefined && order.exitKind === null;
  const reference = snapshot.price?.price ?? 0n;
  const isMarketNow = order.orderType === 'market' || (order.orderType === 'stop' && stopFired);
  const form = { ...order, price, stopPrice: stopFired ? null : stopPrice };
  const rests = order.exitKind !== null || restsAtOnce(form, reference);
  return {
    quantity: command.quantity ?? order.quantity,
    price,
    stopPrice,
    expiresAtMs: command.expiresAtMs ?? order.expiresAtMs,
    takeProfit: command.takeProfit === undefined ? order.takeProfit : command.takeProfit,
    stopLoss: command.stopLoss === undefined ? order.stopLoss : command.stopLoss,
    maxSlippageBps,
    worstPrice: price ?? (isMarketNow ? worstPriceOf(order.side, reference, maxSlippageBps) : null),
    eligibleFrom: eligibleFrom(nowMs, Number(snapshot.price?.publishTime ?? 0n)),
    submitByMs: !rests && (isMarketNow || executesNow(form)) ? nowMs + marketOrderLifeMs : null,
    stopFired,
    stage: rests ? 'resting' : stopFired ? 'triggered' : 'accepted',
  };
}

/** An order of nothing, for its maker to fill in. */
export function blankOrder(
  command: { readonly meta: { readonly requestId: string }; readonly userId: string },
  snapshot: MarketSnapshot,
  owner: string,
  nowMs: number,
): StoredOrder {
  return {
    ...unsetFields,
    orderId: newId(),
    userId: command.userId,
    owner,
    symbol: snapshot.symbol,
    eligibleFrom: eligibleFrom(nowMs, Number(snapshot.price?.publishTime ?? 0n)),
    createdAtMs: nowMs,
    requestId: command.meta.requestId,
  };
}

/** Whether an order means now or never: it does not wait for a price of its own. */
const executesNow = ({
  orderType,
  timeInForce,
  stopPrice,
}: Pick<PlaceOrderCommand, 'orderType' | 'timeInForce' | 'stopPrice'>): boolean =>
  orderType === 'market' || (timeInForce === 'ioc' && stopPrice === null);

/** A stop, and a limit that the price does not reach now, go to the book without a try; one that must execute at once gets its try. */
function restsAtOnce(
  order: Pick<PlaceOrderCommand, 'side' | 'price' | 'stopPrice' | 'timeInForce'>,
  reference: bigint,
): boolean {
  if (order.stopPrice !== null) return true;
  if (order.price === null || order.timeInForce === 'ioc') return false;
  return !limitReached(order.side, order.price, reference);
}

/** What an order has none of until somebody says otherwise; also how an order stored before a field existed is read. */
export const unsetFields = {
  version: 1,
  intent: 'trade',
  side: 'buy',
  orderType: 'market',
  price: null,
  stopPrice: null,
  reduceOnly: false,
  leverageE2: leverageE2Default,
  maxSlippageBps: slippageBpsDefault,
  timeInForce: 'gtc',
  expiresAtMs: null,
  clientOrderId: null,
  takeProfit: null,
  stopLoss: null,
  groupId: null,
  parentOrderId: null,
  exitKind: null,
  analysisId: null,
  stage: 'accepted',
  status: 'pending',
  quantity: 0n,
  filledQuantity: 0n,
  averageFillPrice: null,
  fee: 0n,
  positionId: null,
  transactionHash: null,
  error: null,
  executedAtMs: null,
  attempts: [],
  worstPrice: null,
  stopFired: false,
  submitByMs: null,
  fillParts: [],
  positionSeq: null,
  withdrawn: null,
  timesHeldBack: 0,
  triggeredAfter: null,
} as const satisfies Partial<StoredOrder>;
