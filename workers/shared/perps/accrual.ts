/** Bringing a market's indexes up to the present (docs/mathematics.md, 8 and 9): the first thing every instruction does with a market. */
import { clamp } from '../money/divide.ts';
import { type Price, indexValue } from '../money/units.ts';
import { borrowIndexDelta, borrowRate } from './borrow.ts';
import { i128 } from './checked.ts';
import { fundingIndexDelta, fundingRate } from './funding.ts';
import { reserved } from './reserve.ts';
import type { MarketState } from './types.ts';

/** long open interest − short open interest: positive where longs prevail. */
export const skewOf = (market: Pick<MarketState, 'long' | 'short'>): bigint => market.long.size - market.short.size;

/**
 * Accrues funding and borrow since the last accrual, with the market's state before it and the accepted price. Time that went backwards
 * counts 0, at most `maxAccrualSeconds` count, and the clock moves to `now` all the same.
 */
export function accrue(market: MarketState, price: Price, now: bigint): MarketState {
  const { config } = market;
  const dt = clamp(now - market.accruedAt, 0n, config.maxAccrualSeconds);
  const funding = fundingRate(skewOf(market), config.fundingSkewScale, config.maxFundingRate);
  const borrow = borrowRate(config.borrowBase, config.borrowSlope, reserved(market), market.backing);
  return {
    ...market,
    fundingIndex: indexValue(i128(market.fundingIndex + fundingIndexDelta(funding, price, dt))),
    borrowIndex: indexValue(i128(market.borrowIndex + borrowIndexDelta(borrow, price, dt))),
    accruedAt: now,
  };
}
