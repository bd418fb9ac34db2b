import { ColorType, CrosshairMode, type ChartOptions, type DeepPartial, TickMarkType } from 'lightweight-charts';

import { barTime } from '../../domain/bar-time.ts';
import { formatClock, formatDay, formatMonth, formatUtcDay } from '../../domain/format.ts';

const barSpacing = 7;
/** A young market has few bars: they are drawn wider, up to this. */
const barSpacingMax = 14;
/** Room beside the newest bar, pixels: for the eye, or for the labels of the trader's lines, but never more than a third of the drawing. */
const freeRight = { bare: 72, labelled: 176, shareMax: 0.3 } as const;
/** Chart heads and tails are drawn with this share of the height free; the legend stands in the upper one. */
const scaleMargins = { top: 0.14, bottom: 0.06 };
/** The price axis keeps its width while prices of other lengths come and go. */
const axisWidthMin = 68;
const volumeAlpha = '73';

/** Pixels from bar to bar: as usual, or wider where that leaves most of the drawing empty. */
export const spacingFor = (bars: number, width: number): number =>
  Math.min(barSpacingMax, Math.max(barSpacing, (width - freeRight.bare) / bars));

/** Room beside the newest bar, pixels. */
export const roomRight = (hasLabels: boolean, width: number): number =>
  Math.min(hasLabels ? freeRight.labelled : freeRight.bare, Math.round(width * freeRight.shareMax));

/** A colour or a face of the page's theme. */
export const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A size token in pixels. */
function pixels(name: string): number {
  const value = Number.parseFloat(token(name));
  return token(name).endsWith('rem')
    ? value * Number.parseFloat(getComputedStyle(document.documentElement).fontSize)
    : value;
}

/** The colour, weaker: for volumes behind nothing else. Colours of another form than #rrggbb stay as they are. */
export const weaker = (colour: string): string => (/^#[\da-f]{6}$/i.test(colour) ? `${colour}${volumeAlpha}` : colour);

function tickText(time: number, type: TickMarkType, daily: boolean): string {
  const at = new Date(time * 1_000);
  switch (type) {
    case TickMarkType.Year:
      return String(daily ? at.getUTCFullYear() : at.getFullYear());
    case TickMarkType.Month:
      return formatMonth(at);
    case TickMarkType.DayOfMonth:
      return (daily ? formatUtcDay : formatDay)(at);
    default:
      return formatClock(at).slice(0, 5);
  }
}

/** How axes, crosshair and times look; colours follow the theme and come later. */
export const chartOptions = (daily: boolean): DeepPartial<ChartOptions> => ({
  autoSize: true,
  crosshair: { mode: CrosshairMode.Normal },
  localization: {
    timeFormatter: (time: number) => barTime(time, daily),
  },
  timeScale: {
    timeVisible: !daily,
    secondsVisible: false,
    barSpacing,
    tickMarkFormatter: (time: number, type: TickMarkType) => tickText(time, type, daily),
  },
  rightPriceScale: { scaleMargins, borderVisible: false, minimumWidth: axisWidthMin },
  handleScroll: { vertTouchDrag: false },
  kineticScroll: { touch: !matchMedia('(prefers-reduced-motion: reduce)').matches, mouse: false },
});

/** Colours and sizes of the page as it looks now. */
export function themedOptions(): DeepPartial<ChartOptions> {
  const [grid, ink, label] = [token('--line'), token('--ink-3'), token('--line-strong')];
  return {
    layout: {
      background: { type: ColorType.Solid, color: token('--panel') },
      textColor: ink,
      fontFamily: token('--face'),
      fontSize: pixels('--size-1'),
      panes: { separatorColor: grid, separatorHoverColor: label, enableResize: false },
    },
    grid: { vertLines: { color: grid }, horzLines: { color: grid } },
    crosshair: {
      vertLine: { color: ink, labelBackgroundColor: label },
      horzLine: { color: ink, labelBackgroundColor: label },
    },
    timeScale: { borderColor: grid },
  };
}
