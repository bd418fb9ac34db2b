/** Pool shares (docs/mathematics.md, 13): what the pool is worth with all its positions closed, and what a share of it buys. */
import { divCeil, divFloor, max, min, mulDivCeil, mulDivFloor } from '../money/divide.ts';
import {
  BPS_SCALE,
  ENTRY_VALUE_PER_QUOTE,
  FINE_VALUE_PER_ENTRY_VALUE,
  FINE_VALUE_PER_QUOTE,
  type Bps,
  type Price,
  type Quote,
  price as toPrice,
  quote,
} from '../money/units.ts';
import { i128, u64 } from './checked.ts';
import { type Indexes, borrowOwed, fundingOwed } from './equity.ts';
import { requireThat } from './errors.ts';
import { spread } from './fill.ts';
import { positionValue } from './pnl.ts';
import type { MarketState, OraclePrice, Side, SideTotals } from './types.ts';

/** Minting counts the pool as rich as it can be, redeeming as poor: who comes or goes never gains from who stays. */
export type PoolOperation = 'mint' | 'redeem';
/** Shares the first deposit locks for ever, 1e-6 shares. */
export const firstDepositLockedShares = 1_000_000n;

/** What a side's traders would take out, exact in 1e-26 USD: not less than minus their margins; capped by their reserves for minting. */
export function sidePnl(
  operation: PoolOperation,
  side: Side,
  totals: SideTotals,
  indexes: Indexes,
  price: Price,
): bigint {
  const position = { side, ...totals };
  const value = positionValue(position, price);
  const counted = operation === 'mint' ? min(value, totals.reserve * ENTRY_VALUE_PER_QUOTE) : value;
  const owed = fundingOwed(position, indexes.fundingIndex) + borrowOwed(position, indexes.borrowIndex);
  const result = i128(i128(counted * FINE_VALUE_PER_ENTRY_VALUE) - i128(owed));
  return max(result, -i128(totals.margin * FINE_VALUE_PER_QUOTE));
}

/** A market and the price it was refreshed at. */
export interface PricedMarket {
  readonly market: MarketState;
  readonly oracle: OraclePrice;
}

/** Both sides' result at the price of `price − spread`, `price`, `price + spread` that is worst for who mints or redeems. */
function marketPnl(operation: PoolOperation, { market, oracle }: PricedMarket): bigint {
  const distance = spread(oracle.conf, market.config.kBps);
  const below = toPrice(max(0n, oracle.price - distance));
  const above = toPrice(u64(oracle.price + distance));
  const results = [below, oracle.price, above].map((at) => {
    const sides = sidePnl(operation, 'long', market.long, market, at);
    return i128(sides + sidePnl(operation, 'short', market.short, market, at));
  });
  const choose: (a: bigint, b: bigint) => bigint = operation === 'mint' ? min : max;
  return results.reduce(choose);
}

/**
 * pool_assets − owed to insurance − owed to traders − Σ results of the sides, in quote: up for minting, down for redeeming.
 * Errors: MathOverflow, beyond about 1.7e12 USD.
 */
export function poolEquity(operation: PoolOperation, free: Quote, markets: readonly PricedMarket[]): Quote {
  const assets = markets.reduce(
    (sum, { market }) => sum + market.backing - market.insuranceDebt - market.payoutsOwed,
    free as bigint,
  );
  const results = markets.reduce((sum, priced) => i128(sum + marketPnl(operation, priced)), 0n);
  const exact = i128(i128(assets * FINE_VALUE_PER_QUOTE) - results);
  return quote((operation === 'mint' ? divCeil : divFloor)(exact, FINE_VALUE_PER_QUOTE));
}

/** floor(deposit · supply / pool_equity), 1e-6 shares. Errors: PoolWithoutEquity, ZeroShares. */
export function mintShares(deposit: Quote, supply: bigint, poolEquity: Quote): bigint {
  requireThat(poolEquity > 0n, 'PoolWithoutEquity');
  const shares = u64(mulDivFloor(deposit, supply, poolEquity));
  requireThat(shares > 0n, 'ZeroShares');
  return shares;
}

/** Shares of the first deposit: one per quote unit, of which `firstDepositLockedShares` are locked. Errors: FirstDepositTooSmall. */
export function firstMintShares(deposit: Quote): bigint {
  requireThat(deposit > firstDepositLockedShares, 'FirstDepositTooSmall');
  return deposit - firstDepositLockedShares;
}

/** floor(shares · pool_equity / supply) minus the fee, which is rounded up and stays in the pool; 0 where the pool has no equity. */
export function redeemPayout(shares: bigint, supply: bigint, poolEquity: Quote, lpFeeBps: Bps): Quote {
  if (poolEquity <= 0n) return quote(0n);
  const gross = u64(mulDivFloor(shares, poolEquity, supply));
  return quote(gross - mulDivCeil(gross, lpFeeBps, BPS_SCALE));
}
