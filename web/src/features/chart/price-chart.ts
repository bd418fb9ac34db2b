import { PRICE_DECIMALS, type Price } from '#shared/money/units.ts';
import type { CandleDto } from '#shared/protocol/market.ts';
import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  LineStyle,
  createChart,
  type AutoscaleInfo,
  type ChartOptions,
  type DeepPartial,
  type CandlestickData,
  type IPriceLine,
  type UTCTimestamp,
} from 'lightweight-charts';

import { formatClock, formatDateTime, formatPrice, toPixels } from '../../domain/format.ts';

/** A level of the open position. */
export interface ChartLevel {
  readonly price: Price;
  readonly title: string;
  readonly tone: 'accent' | 'down';
}

export interface PriceChartOptions {
  readonly container: HTMLElement;
  readonly priceDecimals: number;
  /** The bar under the crosshair, or undefined when it left the chart. */
  readonly onHover: (time: number | undefined) => void;
}

/** A liquidation price nearer than this share of the price is kept in sight; a farther one would flatten the bars. */
const levelInSightMax = 0.05;
const barSpacing = 7;
const barsOnScreenRight = 6;
/** Chart heads and tails are drawn with this share of the height free. */
const scaleMargins = { top: 0.12, bottom: 0.08 };

const toBar = (bar: CandleDto): CandlestickData<UTCTimestamp> => ({
  time: bar.time as UTCTimestamp,
  open: toPixels(bar.open, PRICE_DECIMALS),
  high: toPixels(bar.high, PRICE_DECIMALS),
  low: toPixels(bar.low, PRICE_DECIMALS),
  close: toPixels(bar.close, PRICE_DECIMALS),
});

const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** True when only the newest bar grew or one was added: then the rest need not be drawn again. Bars that did not change are the same objects. */
function differsAtEndOnly(before: readonly CandleDto[], after: readonly CandleDto[]): boolean {
  const added = after.length - before.length;
  if (before.length === 0 || added < 0 || added > 1) return false;
  return (
    before.slice(0, -1).every((bar, index) => bar === after[index]) &&
    before.at(-1)?.time === after[before.length - 1]?.time
  );
}

/** Widens the price axis so that a near level of the position is in sight. */
function createSight() {
  const sight = {
    lastClose: 0,
    levels: [] as readonly number[],
    widen: (original: () => AutoscaleInfo | null): AutoscaleInfo | null => {
      const info = original();
      if (info === null || info.priceRange === null) return info;
      const near = sight.levels.filter(
        (level) => Math.abs(level - sight.lastClose) <= sight.lastClose * levelInSightMax,
      );
      const { minValue, maxValue } = info.priceRange;
      return { ...info, priceRange: { minValue: Math.min(minValue, ...near), maxValue: Math.max(maxValue, ...near) } };
    },
  };
  return sight;
}

/** How axes, crosshair and times look; colours follow the theme and come later. */
const chartOptions = (priceDecimals: number): DeepPartial<ChartOptions> => ({
  autoSize: true,
  crosshair: { mode: CrosshairMode.Normal },
  localization: {
    priceFormatter: (price: number) => formatPrice(BigInt(Math.round(price * 10 ** PRICE_DECIMALS)), priceDecimals),
    timeFormatter: (time: number) => formatDateTime(new Date(time * 1_000)),
  },
  timeScale: {
    timeVisible: true,
    secondsVisible: false,
    barSpacing,
    rightOffset: barsOnScreenRight,
    tickMarkFormatter: (time: number) => formatClock(new Date(time * 1_000)).slice(0, 5),
  },
  rightPriceScale: { scaleMargins, borderVisible: false },
  handleScroll: { vertTouchDrag: false },
});

/** The drawing library behind four verbs. Everything it shows is given in exact units and becomes pixels only here. */
export function createPriceChart(options: PriceChartOptions) {
  const { container, priceDecimals, onHover } = options;
  const chart = createChart(container, chartOptions(priceDecimals));
  const series = chart.addSeries(CandlestickSeries, {
    priceFormat: { type: 'price', precision: priceDecimals, minMove: 10 ** -priceDecimals },
  });
  let lines: IPriceLine[] = [];
  let drawn: readonly CandleDto[] = [];
  const sight = createSight();
  series.applyOptions({ autoscaleInfoProvider: sight.widen });
  chart.subscribeCrosshairMove((event) => onHover(event.time as number | undefined));

  const applyTheme = () => {
    const [up, down, grid, ink] = [token('--up'), token('--down'), token('--line'), token('--ink-3')];
    chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: token('--panel') },
        textColor: ink,
        fontFamily: token('--face'),
        fontSize: 11,
      },
      grid: { vertLines: { color: grid }, horzLines: { color: grid } },
      crosshair: {
        vertLine: { color: ink, labelBackgroundColor: token('--line-strong') },
        horzLine: { color: ink, labelBackgroundColor: token('--line-strong') },
      },
      timeScale: { borderColor: grid },
    });
    series.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false });
  };

  applyTheme();
  return {
    applyTheme,
    setBars: (bars: readonly CandleDto[]) => {
      const last = bars.at(-1);
      sight.lastClose = toPixels(last?.close ?? 0n, PRICE_DECIMALS);
      if (last !== undefined && differsAtEndOnly(drawn, bars)) series.update(toBar(last));
      else series.setData(bars.map(toBar));
      drawn = bars;
    },
    /** Grows the last bar or adds the next one. */
    updateBar: (bar: CandleDto) => series.update(toBar(bar)),
    showLatest: () => chart.timeScale().scrollToRealTime(),
    setLevels: (levels: readonly ChartLevel[]) => {
      for (const line of lines) series.removePriceLine(line);
      sight.levels = levels.map((level) => toPixels(level.price, PRICE_DECIMALS));
      lines = levels.map((level) =>
        series.createPriceLine({
          price: toPixels(level.price, PRICE_DECIMALS),
          title: level.title,
          color: token(`--${level.tone}`),
          lineWidth: 1,
          lineStyle: level.tone === 'accent' ? LineStyle.Dotted : LineStyle.Dashed,
          axisLabelVisible: true,
        }),
      );
    },
    remove: () => chart.remove(),
  };
}

export type PriceChart = ReturnType<typeof createPriceChart>;
