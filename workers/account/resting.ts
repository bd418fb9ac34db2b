import { price as toPrice } from '#shared/money/units.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import type { PlaceOrderCommand } from './contract.ts';

type PricedOrder = Pick<PlaceOrderCommand, 'side' | 'orderType' | 'price' | 'stopPrice' | 'timeInForce'>;

/**
 * Whether an order would wait in the book at this price: a stop that is not reached yet, whatever it does then, or a limit that the price does
 * not meet and that may wait for it.
 */
export function wouldRest({ side, orderType, price, stopPrice, timeInForce }: PricedOrder, now: OraclePrice): boolean {
  if (orderType === 'market') return false;
  if (stopPrice !== null) return side === 'buy' ? now.price < stopPrice : now.price > stopPrice;
  if (timeInForce === 'ioc') return false;
  return price !== null && (side === 'buy' ? now.price > price : now.price < price);
}

/** The price an order waits for, without a spread; the present one where it waits for none. */
export function awaitedPrice(
  { price, stopPrice }: Pick<PricedOrder, 'price' | 'stopPrice'>,
  now: OraclePrice,
): OraclePrice {
  const awaited = price ?? stopPrice;
  return awaited === null ? now : { ...now, price: toPrice(awaited), conf: toPrice(0n) };
}
