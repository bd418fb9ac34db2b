/** From a probability to an answer: hold, unless it is known well enough and pays. */
import type { QuantDirection, QuantInput } from './contract.ts';
import { HORIZON_MS } from './contract.ts';
import { normalCdf } from './statistics.ts';
import { meanMove } from './volatility.ts';
import type { Estimate } from './walk-forward.ts';

/**
 * `chance`: the probability lies no further from the base rate than its error. `contrary`: the scores point against the likelier
 * direction. `cost`: the expected move is no larger than what trading it costs.
 */
export type Obstacle = 'chance' | 'contrary' | 'cost';

/** Moves and costs are parts of the price. */
export interface Decision {
  readonly direction: QuantDirection;
  /** Probability that the answer is right, 0 to 1. */
  readonly confidence: number;
  /** Standard deviation and mean size of the move over the horizon. */
  readonly sigma: number;
  readonly move: number;
  /** Expected move: (2p − 1) · mean size. */
  readonly expected: number;
  /** What a round trip to the likelier side pays: fees, spread, and funding where that side pays it. */
  readonly cost: number;
  /** What keeps the answer at `hold`, the first that holds; null where nothing does. */
  readonly obstacle: Obstacle | null;
}

const hourMs = 3_600_000;
const bps = 1e-4;

/** `barSigma`: volatility of one bar; it grows with the root of time. */
export function decide(input: QuantInput, found: Estimate, barSigma: number, horizonBars: number): Decision {
  const sigma = barSigma * Math.sqrt(horizonBars);
  const move = meanMove(sigma);
  const expected = (2 * found.probability - 1) * move;
  const side = expected < 0 ? 'sell' : 'buy';
  const cost = costOf(input, side);
  const distance = found.probability - found.baseRate;
  const paying = normalCdf((Math.abs(expected) - cost) / sigma);
  const obstacle = obstacleOf(distance, found.error, expected, cost);
  const direction = obstacle === null ? against(input, side) : 'hold';
  return { direction, confidence: obstacle === null ? paying : 1 - paying, sigma, move, expected, cost, obstacle };
}

function obstacleOf(distance: number, error: number, expected: number, cost: number): Obstacle | null {
  if (Math.abs(distance) <= error) return 'chance';
  // A price that rose more often than it fell tells nothing of now: the scores have to point the same way.
  if (distance > 0 !== expected > 0) return 'contrary';
  return Math.abs(expected) > cost ? null : 'cost';
}

/** Against the asker's position the answer is to leave it; to turn it is a decision of its own. */
function against({ position_side: held }: QuantInput, side: 'buy' | 'sell'): QuantDirection {
  return (held === 'long' && side === 'sell') || (held === 'short' && side === 'buy') ? 'close' : side;
}

function costOf(input: QuantInput, side: 'buy' | 'sell'): number {
  const hours = HORIZON_MS[input.horizon] / hourMs;
  const funding = (input.funding_rate_hourly_bps ?? 0) * hours * (side === 'buy' ? 1 : -1);
  // Funding that the side would receive is no reason to trade: it changes as soon as others come for it.
  return (2 * input.fee_bps_per_side + input.spread_bps + Math.max(0, funding)) * bps;
}
