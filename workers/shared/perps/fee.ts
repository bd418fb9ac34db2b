/** Trading fee and its split (docs/mathematics.md, 4). */
import { mulDivCeil, mulDivFloor } from '../money/divide.ts';
import {
  BPS_SCALE,
  ENTRY_VALUE_PER_QUOTE,
  type Bps,
  type Price,
  type Quote,
  type Size,
  quote,
} from '../money/units.ts';
import { u64 } from './checked.ts';

/** ceil(size · fill · fee_bps / 1e14), in quote. */
export const tradingFee = (size: Size, fill: Price, feeBps: Bps): Quote =>
  quote(u64(mulDivCeil(size * fill, feeBps, BPS_SCALE * ENTRY_VALUE_PER_QUOTE)));

export interface FeeSplit {
  readonly pool: Quote;
  readonly insurance: Quote;
  readonly treasury: Quote;
}

/** Pool's and insurance's shares rounded down, the treasury the rest: nothing is lost. */
export function splitFee(fee: Quote, poolFeeShareBps: Bps, insuranceFeeShareBps: Bps): FeeSplit {
  const pool = mulDivFloor(fee, poolFeeShareBps, BPS_SCALE);
  const insurance = mulDivFloor(fee, insuranceFeeShareBps, BPS_SCALE);
  return { pool: quote(pool), insurance: quote(insurance), treasury: quote(u64(fee - pool - insurance)) };
}
