/** Fill price and worst price (docs/mathematics.md, 2 and 5). */
import { mulDivCeil } from '../money/divide.ts';
import {
  BPS_SCALE,
  ENTRY_VALUE_PER_QUOTE,
  type Bps,
  type Price,
  type Quote,
  type Size,
  price as toPrice,
} from '../money/units.ts';
import { u64 } from './checked.ts';
import { requireThat } from './errors.ts';
import type { TradeSide } from './types.ts';

/** ceil(conf · k_bps / 1e4): how far a fill is from the oracle price. */
export const spread = (conf: Price, kBps: Bps): Price => toPrice(u64(mulDivCeil(conf, kBps, BPS_SCALE)));

/** Buys fill at price + spread, sells at price − spread. Errors: InvalidFillPrice. */
export function fillPrice(side: TradeSide, price: Price, conf: Price, kBps: Bps): Price {
  const distance = spread(conf, kBps);
  if (side === 'buy') return toPrice(u64(price + distance));
  requireThat(price > distance, 'InvalidFillPrice');
  return toPrice(price - distance);
}

/** Errors: SlippageExceeded where the fill, with the impact charge, is worse than the trader accepts. */
export function checkWorstPrice(side: TradeSide, size: Size, fill: Price, impact: Quote, worstPrice: Price): void {
  const traded = size * fill;
  const charge = impact * ENTRY_VALUE_PER_QUOTE;
  const worst = size * worstPrice;
  const accepted = side === 'buy' ? traded + charge <= worst : traded - charge >= worst;
  requireThat(accepted, 'SlippageExceeded');
}
