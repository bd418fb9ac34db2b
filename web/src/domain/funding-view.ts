import { divCeil } from '#shared/money/divide.ts';
import { RATE_SCALE, quote, type Quote, type Rate } from '#shared/money/units.ts';
import { fundingRate } from '#shared/perps/funding.ts';
import type { MarketDto } from '#shared/protocol/market.ts';

/**
 * Funding has no settlement to count down to: the program accrues it with every second into an index, and a position owes the difference.
 * So what is shown is the rate of now, who pays it, and what it comes to.
 */
export interface FundingView {
  /** Who pays the other side now; null while the rate is 0. */
  readonly payer: 'long' | 'short' | null;
  /** Per hour, 1e-9. */
  readonly hourly: bigint;
  readonly daily: bigint;
  readonly yearly: bigint;
  /** The rate at the skew where it ends growing; null where the market's parameters are not known. */
  readonly hourlyMax: bigint | null;
}

const hoursPerDay = 24n;
const hoursPerYear = 8_760n;

/** The rate of now over longer times, at the skew of now. */
export function viewFunding(rate: Rate | bigint, parameters: MarketDto['parameters'] | undefined): FundingView {
  const most = parameters === null || parameters === undefined ? null : limitOf(parameters);
  return {
    payer: rate === 0n ? null : rate > 0n ? 'long' : 'short',
    hourly: rate,
    daily: rate * hoursPerDay,
    yearly: rate * hoursPerYear,
    hourlyMax: most,
  };
}

const limitOf = ({ funding_skew_scale: scale, max_funding_rate: most }: NonNullable<MarketDto['parameters']>): bigint =>
  fundingRate(scale, scale, most);

/** What one side pays (positive) or receives (negative) in an hour on a notional, rounded against it. */
export function hourlyCost(held: Quote, rate: Rate | bigint, side: 'long' | 'short'): Quote {
  const signed = side === 'long' ? rate : -rate;
  return quote(divCeil(held * signed, RATE_SCALE));
}
