import { PRICE_DECIMALS } from '#shared/money/units.ts';
import type { CandleDto } from '#shared/protocol/market.ts';
import type { IChartApi, IPrimitivePaneRenderer, ISeriesApi, ISeriesPrimitive, Time } from 'lightweight-charts';

import { barIndexAt } from '../../domain/candles.ts';
import type { FillMark } from '../../domain/fill-marks.ts';
import { toPixels } from '../../domain/format.ts';
import { token } from './chart-look.ts';

/** Pixels between a bar and its arrow, and the half of the arrow's width. */
const gap = 5;
const half = 4;
const height = 7;

interface Arrow {
  readonly x: number;
  /** The arrow's head. */
  readonly y: number;
  /** 1: it stands below its bar and points up. */
  readonly direction: 1 | -1;
  readonly colour: string;
}

/** Own buys below their bars and sells above them: a triangle each, drawn with the bars. */
export function createFillArrows(chart: IChartApi, series: ISeriesApi<'Candlestick'>) {
  let marks: readonly FillMark[] = [];
  let bars: readonly CandleDto[] = [];
  let requestUpdate = () => {};

  const arrowOf = (mark: FillMark): Arrow | undefined => {
    const bar = bars[barIndexAt(bars, mark.time)];
    const x = chart.timeScale().timeToCoordinate(mark.time as Time);
    if (bar === undefined || bar.time !== mark.time || x === null) return undefined;
    const isBuy = mark.side === 'buy';
    const edge = series.priceToCoordinate(toPixels(isBuy ? bar.low : bar.high, PRICE_DECIMALS));
    if (edge === null) return undefined;
    const direction = isBuy ? 1 : -1;
    return { x, y: edge + direction * gap, direction, colour: token(isBuy ? '--up' : '--down') };
  };
  const draw: IPrimitivePaneRenderer['draw'] = (target) =>
    target.useMediaCoordinateSpace(({ context }) => {
      for (const { x, y, direction, colour } of marks.map(arrowOf).filter((arrow) => arrow !== undefined)) {
        context.fillStyle = colour;
        context.beginPath();
        context.moveTo(x, y);
        context.lineTo(x - half, y + direction * height);
        context.lineTo(x + half, y + direction * height);
        context.fill();
      }
    });
  const primitive: ISeriesPrimitive<Time> = {
    attached: (parts) => (requestUpdate = parts.requestUpdate),
    paneViews: () => [{ renderer: () => ({ draw }), zOrder: () => 'top' }],
  };
  series.attachPrimitive(primitive);
  return {
    setMarks: (next: readonly FillMark[]) => {
      marks = next;
      requestUpdate();
    },
    setBars: (next: readonly CandleDto[]) => (bars = next),
  };
}
