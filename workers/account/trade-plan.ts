import { BPS_SCALE, ENTRY_VALUE_PER_QUOTE } from '#shared/money/units.ts';
import { divCeil, divFloor, min } from '#shared/money/divide.ts';
import { sideOf } from '#shared/perps/side.ts';
import type { MarketStatus, PositionState, Side } from '#shared/perps/types.ts';
import { ok, type Refusal, type Result } from '#shared/protocol/error-codes.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { OrderSide } from './contract.ts';
import { attemptsSinceTrigger, type StoredOrder } from './order-machine.ts';

/**
 * What one order asks of the program. `trade`: buy (long) or sell (short) so much, net; it closes `closes` of an opposite position and opens
 * `opens`. `close`: reduce the position by so much and nothing else, whatever it is by then.
 */
export type TradePlan =
  | {
      readonly kind: 'trade';
      readonly side: Side;
      readonly size: bigint;
      readonly closes: bigint;
      readonly opens: bigint;
    }
  | { readonly kind: 'close'; readonly size: bigint };

export const nothingToReduce: Refusal = {
  code: 'TRADING_005',
  message: 'There is no position that this order would reduce.',
};

type PlannedOrder = Pick<StoredOrder, 'side' | 'quantity' | 'reduceOnly'>;

/**
 * Open, increase, reduce or turn, by the order's side and the position. A reduce-only order, and any opposite one while the market takes no
 * openings, reduces by at most the position. Refusals: TRADING_005.
 */
export function planTrade(
  order: PlannedOrder,
  position: Pick<PositionState, 'side' | 'size'> | null,
  status: MarketStatus,
): Result<TradePlan> {
  const side = sideOf(order.side);
  const { quantity: size } = order;
  const isOpposite = position !== null && position.size > 0n && position.side !== side;
  if (!isOpposite) {
    if (order.reduceOnly) return { ok: false, error: nothingToReduce };
    return ok({ kind: 'trade', side, size, closes: 0n, opens: size });
  }
  const closes = min(size, position.size);
  if (order.reduceOnly || status !== 'active') return ok({ kind: 'close', size: closes });
  return ok({ kind: 'trade', side, size, closes, opens: size - closes });
}

/** What the program refuses a part with that it takes as the whole. */
const onlyInFull: ReadonlySet<string> = new Set(['BelowMinNotional', 'OnlyInFull', 'RemainderUnhealthy']);

/** Whether an attempt failed for being a part. */
export const isRefusedPart = (reason: string | null | undefined): boolean => onlyInFull.has(reason ?? '');

/**
 * As `planTrade`, by the market as it is. An exit closes the whole position where the market would not keep what it left: it protects
 * nobody by being refused. Refusals: TRADING_005.
 */
export function planExecution(
  order: PlannedOrder & Pick<StoredOrder, 'exitKind' | 'attempts' | 'triggeredAfter'>,
  position: Pick<PositionState, 'side' | 'size'> | null,
  { market, price }: Pick<MarketSnapshot, 'market' | 'price'>,
): Result<TradePlan> {
  // A market that was never read is taken as open: the program decides.
  const plan = planTrade(order, position, market?.status ?? 'active');
  if (!plan.ok || plan.value.kind === 'trade' || order.exitKind === null || position === null) return plan;
  const remainder = position.size - plan.value.size;
  const minNotional = (market?.config.minPositionNotional ?? 0n) * ENTRY_VALUE_PER_QUOTE;
  const isDust = remainder * (price?.price ?? 0n) < minNotional;
  // Since its price was reached: what was refused at an earlier one may be taken now.
  const wasRefused = isRefusedPart(attemptsSinceTrigger(order).at(-1)?.reason);
  return isDust || wasRefused ? ok({ kind: 'close', size: position.size }) : plan;
}

/** Worst price of a trade: the reference price and the slippage, rounded towards the reference. */
export function worstPriceOf(side: OrderSide, reference: bigint, slippageBps: number): bigint {
  const slippage = BigInt(slippageBps);
  if (side === 'buy') return divFloor(reference * (BPS_SCALE + slippage), BPS_SCALE);
  return divCeil(reference * (BPS_SCALE - slippage), BPS_SCALE);
}
