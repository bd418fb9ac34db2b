import { PRICE_DECIMALS, SIZE_DECIMALS, type Price } from '#shared/money/units.ts';
import type { CandleDto } from '#shared/protocol/market.ts';
import {
  CandlestickSeries,
  HistogramSeries,
  LineStyle,
  createChart,
  type AutoscaleInfo,
  type CandlestickData,
  type HistogramData,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  type UTCTimestamp,
} from 'lightweight-charts';

import { differsAtEndOnly } from '../../domain/candles.ts';
import type { LineTone } from '../../domain/chart-lines.ts';
import { snapPrice } from '../../domain/chart-lines.ts';
import { formatPrice, formatSizeSum, toPixels } from '../../domain/format.ts';
import { chartOptions, roomRight, spacingFor, themedOptions, token, weaker } from './chart-look.ts';
import { createFillArrows } from './fill-arrows.ts';

/** A price that is drawn across the chart. */
export interface DrawnLine {
  readonly id: string;
  readonly price: Price;
  readonly tone: LineTone;
  readonly dashed: boolean;
}

export interface PriceChartOptions {
  readonly container: HTMLElement;
  readonly priceDecimals: number;
  readonly sizeDecimals: number;
  /** Bars are days: their times have no clock. */
  readonly daily: boolean;
  /** The bar under the crosshair, or undefined when it left the chart. */
  readonly onHover: (time: number | undefined) => void;
  /** The first bar on screen, counted from the oldest one, and whether the newest one is there. */
  readonly onRange: (firstOnScreen: number, hasNewest: boolean) => void;
  /** Prices have other places on the screen now. */
  readonly onPlaces: () => void;
}

/** A level nearer than this share of the price is kept in sight; a farther one would flatten the bars. */
const levelInSightMax = 0.05;
/** Heights of prices and volumes. */
const paneShares = [5, 1] as const;

const toBar = (bar: CandleDto): CandlestickData<UTCTimestamp> => ({
  time: bar.time as UTCTimestamp,
  open: toPixels(bar.open, PRICE_DECIMALS),
  high: toPixels(bar.high, PRICE_DECIMALS),
  low: toPixels(bar.low, PRICE_DECIMALS),
  close: toPixels(bar.close, PRICE_DECIMALS),
});

/** Widens the price axis so that a near level of the trader's is in sight. */
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

type Bars = ISeriesApi<'Candlestick'>;

/** What the exchange traded, in a low pane below the prices. */
function addVolumes(chart: IChartApi, sizeDecimals: number) {
  const series = chart.addSeries(
    HistogramSeries,
    {
      priceFormat: {
        type: 'custom',
        minMove: 10 ** -sizeDecimals,
        formatter: (value: number) => formatSizeSum(BigInt(Math.round(value * 10 ** SIZE_DECIMALS)), sizeDecimals),
      },
      priceLineVisible: false,
      lastValueVisible: false,
    },
    1,
  );
  series.priceScale().applyOptions({ scaleMargins: { top: 0.25, bottom: 0 } });
  chart.panes().forEach((pane, index) => pane.setStretchFactor(paneShares[index] ?? 1));
  let colours = { up: '', down: '' };
  const toVolume = (bar: CandleDto): HistogramData<UTCTimestamp> => ({
    time: bar.time as UTCTimestamp,
    value: toPixels(bar.volume, SIZE_DECIMALS),
    color: bar.close < bar.open ? colours.down : colours.up,
  });
  return {
    applyTheme: (up: string, down: string) => (colours = { up: weaker(up), down: weaker(down) }),
    setAll: (bars: readonly CandleDto[]) => series.setData(bars.map(toVolume)),
    update: (bar: CandleDto) => series.update(toVolume(bar)),
  };
}

/** Lines of the trader's own prices. Their names stand in labels over the chart, their prices on the axis. */
function createLines(series: Bars) {
  const drawn = new Map<string, IPriceLine>();
  return (lines: readonly DrawnLine[]) => {
    const wanted = new Set(lines.map(({ id }) => id));
    for (const [id, line] of drawn) {
      if (wanted.has(id)) continue;
      series.removePriceLine(line);
      drawn.delete(id);
    }
    for (const { id, price, tone, dashed } of lines) {
      const look = {
        price: toPixels(price, PRICE_DECIMALS),
        color: token(`--${tone}`),
        axisLabelTextColor: token('--panel'),
        lineWidth: 1,
        lineStyle: dashed ? LineStyle.Dashed : LineStyle.Dotted,
        axisLabelVisible: true,
        title: '',
      } as const;
      const known = drawn.get(id);
      if (known === undefined) drawn.set(id, series.createPriceLine(look));
      else known.applyOptions(look);
    }
  };
}

/** Where prices are on the screen, and which price a place on the screen is. Pixels of the price pane. */
function placesOf(chart: IChartApi, series: Bars, priceDecimals: number) {
  return {
    toY: (price: Price): number | null => series.priceToCoordinate(toPixels(price, PRICE_DECIMALS)),
    priceAt: (y: number): Price | null => {
      const price = series.coordinateToPrice(y);
      return price === null ? null : snapPrice(BigInt(Math.round(price * 10 ** PRICE_DECIMALS)), priceDecimals);
    },
    height: (): number => chart.panes()[0]?.getHeight() ?? 0,
    axisWidth: (): number => chart.priceScale('right').width(),
  };
}

/** Which bars are in sight, and how much room is beside the newest one. */
function createView(chart: IChartApi, container: HTMLElement) {
  const scale = chart.timeScale();
  let hasLabels = false;
  const room = () => roomRight(hasLabels, container.clientWidth);
  return {
    showLatest: (bars: number) => {
      scale.applyOptions({ barSpacing: spacingFor(bars, container.clientWidth), rightOffsetPixels: room() });
      scale.resetTimeScale();
    },
    /** The first label makes room for itself, unless the trader looks at the past. */
    makeRoom: (labels: boolean) => {
      if (labels === hasLabels) return;
      hasLabels = labels;
      if (scale.scrollPosition() >= 0) scale.applyOptions({ rightOffsetPixels: room() });
    },
  };
}

/** The drawing library behind a few verbs. Everything it shows is given in exact units and becomes pixels only here. */
export function createPriceChart(options: PriceChartOptions) {
  const { container, priceDecimals, sizeDecimals, daily, onHover, onRange, onPlaces } = options;
  const chart = createChart(container, chartOptions(daily));
  const sight = createSight();
  const series = chart.addSeries(CandlestickSeries, {
    priceFormat: {
      type: 'custom',
      minMove: 10 ** -priceDecimals,
      formatter: (price: number) => formatPrice(BigInt(Math.round(price * 10 ** PRICE_DECIMALS)), priceDecimals),
    },
    autoscaleInfoProvider: sight.widen,
    borderVisible: false,
  });
  const volumes = addVolumes(chart, sizeDecimals);
  const arrows = createFillArrows(chart, series);
  let drawn: readonly CandleDto[] = [];
  /** A live price may have opened a bar that the list does not have yet. */
  let drawnUntil = 0;
  chart.subscribeCrosshairMove((event) => onHover(event.time as number | undefined));
  const view = createView(chart, container);
  chart
    .timeScale()
    .subscribeVisibleLogicalRangeChange((range) => range !== null && onRange(range.from, range.to >= drawn.length - 1));
  series.attachPrimitive({ updateAllViews: onPlaces });

  const draw = (bars: readonly CandleDto[]) => {
    series.setData(bars.map(toBar));
    volumes.setAll(bars);
    drawnUntil = bars.at(-1)?.time ?? 0;
  };
  const update = (bar: CandleDto) => {
    series.update(toBar(bar), bar.time < drawnUntil);
    drawnUntil = Math.max(drawnUntil, bar.time);
  };
  const applyTheme = () => {
    const [up, down] = [token('--up'), token('--down')];
    chart.applyOptions(themedOptions());
    series.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
    volumes.applyTheme(up, down);
    volumes.setAll(drawn);
  };
  const drawLines = createLines(series);

  applyTheme();
  return {
    applyTheme,
    setBars: (bars: readonly CandleDto[]) => {
      arrows.setBars(bars);
      const last = bars.at(-1);
      sight.lastClose = toPixels(last?.close ?? 0n, PRICE_DECIMALS);
      if (last !== undefined && differsAtEndOnly(drawn, bars)) {
        update(last);
        volumes.update(last);
      } else draw(bars);
      drawn = bars;
    },
    /** Grows the last bar or adds the next one. */
    updateBar: update,
    showLatest: () => view.showLatest(drawn.length),
    setLines: (lines: readonly DrawnLine[]) => {
      sight.levels = lines.map(({ price }) => toPixels(price, PRICE_DECIMALS));
      drawLines(lines);
      view.makeRoom(lines.length > 0);
    },
    setMarks: arrows.setMarks,
    ...placesOf(chart, series, priceDecimals),
    remove: () => chart.remove(),
  };
}

export type PriceChart = ReturnType<typeof createPriceChart>;
