import { divRound } from '#shared/money/divide.ts';
import { BPS_SCALE, type Price } from '#shared/money/units.ts';
import type { DueForecast, Move, Outcome, RecordSums, Score } from './contract.ts';

/** An even forecast names no direction. */
const evenBps = 5_000;
const wholeBps = 10_000;

/** What a forecast that cannot be scored came to. */
export const voidScore: Score = {
  outcome: 'void',
  exitPrice: null,
  brierE8: null,
  returnBps: null,
  lastMoveReturnBps: null,
};

/**
 * What a forecast came to at the price of its end: whether the likelier direction was right, the Brier score (p − y)² of Brier (1950), and what
 * following the recommendation returned, less the cost of opening and closing. Void without a price at either end.
 */
export function scoreForecast(forecast: DueForecast): Score {
  const { price, exitPrice, recommendation, lastMove, costBps, probabilityUpBps } = forecast;
  if (price === null || exitPrice === null) return voidScore;
  const moved = moveBetween(price, exitPrice);
  const moveBps = Number(divRound((exitPrice - price) * BPS_SCALE, price));
  const traded = (move: Move): number => (move === 'flat' ? 0 : (move === 'up' ? moveBps : -moveBps) - costBps);
  const followed: Move = recommendation === 'buy' ? 'up' : recommendation === 'sell' ? 'down' : 'flat';
  return {
    outcome: outcomeOf(probabilityUpBps, moved),
    exitPrice,
    brierE8: moved === 'flat' ? null : (probabilityUpBps - (moved === 'up' ? wholeBps : 0)) ** 2,
    returnBps: traded(followed),
    lastMoveReturnBps: lastMove === null ? null : traded(lastMove),
  };
}

/** Direction of a price from one moment to another. */
export const moveBetween = (from: Price, to: Price): Move => (to > from ? 'up' : to < from ? 'down' : 'flat');

function outcomeOf(probabilityUpBps: number, moved: Move): Outcome {
  if (moved === 'flat' || probabilityUpBps === evenBps) return 'flat';
  return probabilityUpBps > evenBps === (moved === 'up') ? 'right' : 'wrong';
}

/** Of (p − y)² in 1e-8 to 1e-4. */
const brierScale = 10_000;
/** (0.5 − y)², in 1e-4. */
const coinBrierBps = 2_500;

/** Basis points. */
export interface Interval {
  readonly lowBps: number;
  readonly highBps: number;
}

/** How one way of forecasting did, ratios in basis points. */
export interface ForecastResult {
  readonly calls: number;
  readonly hits: number;
  readonly hitRateBps: number | null;
  /** Within which the true hit rate is expected; null without calls. */
  readonly hitRateInterval: Interval | null;
  readonly brierBps: number | null;
  readonly returnBps: number | null;
}

const ratioBps = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * wholeBps);
const mean = (sum: number, count: number): number | null => (count === 0 ? null : Math.round(sum / count));

/** Of a 95 % interval. */
const standardDeviations = 1.96;

/**
 * Wilson's interval of a share at 95 % (E. B. Wilson, 1927), which holds for few calls too. Forecasts whose horizons overlap are judged on the same
 * move (Hansen & Hodrick, 1980), so that calls count as the share of them that is independent: the effective sample size in place of their number, as
 * Korn & Graubard (1998) do for samples in clusters. Rounded outwards.
 */
function hitInterval(hits: number, calls: number, { scored, independent }: RecordSums): Interval | null {
  if (calls === 0) return null;
  const share = hits / calls;
  const count = (calls * independent) / scored;
  const z2 = standardDeviations ** 2;
  const middle = (share + z2 / (2 * count)) / (1 + z2 / count);
  const half =
    (standardDeviations * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count ** 2))) / (1 + z2 / count);
  const [low, high] = [Math.max(0, middle - half), Math.min(1, middle + half)];
  return { lowBps: Math.floor(low * wholeBps), highBps: Math.ceil(high * wholeBps) };
}

/** The forecasts themselves. */
export function resultOf(sums: RecordSums): ForecastResult {
  const calls = sums.hits + sums.misses;
  return {
    calls,
    hits: sums.hits,
    hitRateBps: ratioBps(sums.hits, calls),
    hitRateInterval: hitInterval(sums.hits, calls, sums),
    brierBps: mean(sums.brierE8Sum / brierScale, sums.brierCount),
    returnBps: mean(sums.returnBpsSum, sums.scored),
  };
}

/** Never trading, on the same forecasts: it names no direction, returns nothing, and has the Brier score of a coin. */
export const alwaysHold = (sums: RecordSums): ForecastResult => ({
  calls: 0,
  hits: 0,
  hitRateBps: null,
  hitRateInterval: null,
  brierBps: sums.brierCount === 0 ? null : coinBrierBps,
  returnBps: sums.scored === 0 ? null : 0,
});

/** The direction of the horizon before, as if certain: its Brier score is the share it was wrong. */
export function lastMoveContinues(sums: RecordSums): ForecastResult {
  const calls = sums.lastMoveHits + sums.lastMoveMisses;
  return {
    calls,
    hits: sums.lastMoveHits,
    hitRateBps: ratioBps(sums.lastMoveHits, calls),
    hitRateInterval: hitInterval(sums.lastMoveHits, calls, sums),
    brierBps: ratioBps(sums.lastMoveMisses, calls),
    returnBps: mean(sums.lastMoveReturnBpsSum, sums.lastMoveCount),
  };
}
