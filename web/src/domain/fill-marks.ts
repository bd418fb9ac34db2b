import { divRound } from '#shared/money/divide.ts';
import { price as toPrice, size as toSize, type Price, type Size } from '#shared/money/units.ts';
import type { FillDto } from '#shared/protocol/fills.ts';

import { barIndexAt } from './candles.ts';

/** Own executions of one direction within one bar. */
export interface FillMark {
  /** Time of the bar. */
  readonly time: number;
  readonly side: 'buy' | 'sell';
  readonly size: Size;
  /** Average of the executions. */
  readonly price: Price;
}

/** The marks on bars that are there, in the order of time; what is older than the first bar has no place. */
export function fillMarks(
  fills: readonly Pick<FillDto, 'symbol' | 'side' | 'quantity' | 'price' | 'publish_time'>[],
  symbol: string,
  bars: readonly { readonly time: number }[],
): FillMark[] {
  const sums = new Map<string, { time: number; side: 'buy' | 'sell'; size: bigint; value: bigint }>();
  for (const fill of fills) {
    const time = bars[barIndexAt(bars, fill.publish_time)]?.time;
    if (fill.symbol !== symbol || time === undefined || fill.quantity === 0n) continue;
    const key = `${time}/${fill.side}`;
    const sum = sums.get(key) ?? { time, side: fill.side, size: 0n, value: 0n };
    sums.set(key, { ...sum, size: sum.size + fill.quantity, value: sum.value + fill.quantity * fill.price });
  }
  return [...sums.values()]
    .sort((a, b) => a.time - b.time || (a.side < b.side ? -1 : 1))
    .map(({ time, side, size, value }) => ({ time, side, size: toSize(size), price: toPrice(divRound(value, size)) }));
}
