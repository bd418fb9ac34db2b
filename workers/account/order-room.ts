import type { Refusal } from '#shared/protocol/error-codes.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { OrderIntent, PlaceOrderCommand, UsedRoom } from './contract.ts';
import { isProtective } from './order-machine.ts';

/** Open orders per account, with the exits that they will bring. */
export const openOrdersMax = 200;
/** With what closes a position or adds margin at once above them: that does not wait until others are cancelled. */
export const withUrgentMax = 250;
/**
 * Orders of one account that may wait in one market to open or increase; as many again may wait that are reduce-only, exits apart. Each holds
 * a place in a book that all traders of the market share and reserves nothing: without this bound 50 wallets with a dollar each would fill it.
 */
export const waitingOpeningsMax = 50;

type PlacedOrder = Pick<
  PlaceOrderCommand,
  'symbol' | 'orderType' | 'timeInForce' | 'stopPrice' | 'reduceOnly' | 'takeProfit' | 'stopLoss'
> & { readonly intent: OrderIntent };

/** Why there is no room for a new order in its account or in its market's book; null when there is. TRADING_011. */
export function refusalOfRoom(
  order: PlacedOrder,
  { openSlots, waitingOpenings, waitingReductions }: UsedRoom,
  { isBookFull }: Pick<MarketSnapshot, 'isBookFull'>,
): Refusal | null {
  const { symbol, reduceOnly } = order;
  const isUrgent = order.orderType === 'market' && isProtective(order);
  if (openSlots + 1 + exitsOf(order) > (isUrgent ? withUrgentMax : openOrdersMax)) return noSlots;
  if (!mayRest(order)) return null;
  if ((reduceOnly ? waitingReductions : waitingOpenings) >= waitingOpeningsMax) {
    const kind = reduceOnly ? 'reduce_only orders' : 'orders that are not reduce_only';
    return noRoom(`At most ${waitingOpeningsMax} ${kind} can wait in ${symbol}. Cancel some first.`);
  }
  return isBookFull && !reduceOnly ? bookFull(symbol) : null;
}

/** The market's book took as many orders as it can, reduce-only ones apart. */
export const bookFull = (symbol: string): Refusal =>
  noRoom(`${symbol} holds as many resting orders as it can. Send one that executes at once, or try again later.`);

const noRoom = (message: string): Refusal => ({ code: 'TRADING_011', message });

/** The account has as many open orders as it may. */
export const noSlots: Refusal = noRoom(
  `At most ${openOrdersMax} orders can be open, exits included. Cancel some first.`,
);

/** How many exits an order will bring. */
export const exitsOf = ({ takeProfit, stopLoss }: Pick<PlaceOrderCommand, 'takeProfit' | 'stopLoss'>): number =>
  Number(takeProfit !== null) + Number(stopLoss !== null);

/** Whether an order can come to wait in the book: neither a market order nor one that executes at once or never. */
const mayRest = ({ orderType, timeInForce, stopPrice }: PlacedOrder): boolean =>
  orderType !== 'market' && (timeInForce !== 'ioc' || stopPrice !== null);
