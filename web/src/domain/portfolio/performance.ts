import { quote, type Quote } from '#shared/money/units.ts';
import type { BalanceDto, PortfolioInterval, PortfolioPointDto } from '#shared/protocol/portfolio.ts';

import type { ReadList } from './breakdown.ts';

export type Metric = 'equity' | 'realized' | 'drawdown';

export type Range = 'day' | 'week' | 'month' | 'all';

const dayMs = 86_400_000;

/** How long a range is, and the interval that fills a chart with it. */
export const ranges: Readonly<Record<Range, { readonly ms: number; readonly interval: PortfolioInterval }>> = {
  day: { ms: dayMs, interval: '5m' },
  week: { ms: 7 * dayMs, interval: '1h' },
  month: { ms: 30 * dayMs, interval: '4h' },
  all: { ms: Infinity, interval: '1d' },
};

/** Points are taken so far apart. */
const pointMs = 300_000;

/** A figure at a moment. */
export interface TimedFigure {
  readonly timeMs: number;
  readonly value: bigint;
}

/** Profit and loss since the account opened, after everything paid: deposits and withdrawals do not move it. */
const resultOf = (point: PortfolioPointDto): bigint =>
  point.net_realized_pnl + point.unrealized_pnl - point.trading_fees_paid;

/** What is drawn of a point. The drawdown is a loss and drawn below zero. */
function figureOf(point: PortfolioPointDto, metric: Metric): Quote {
  switch (metric) {
    case 'equity':
      return point.total_balance;
    case 'realized':
      return quote(point.net_realized_pnl - point.trading_fees_paid);
    case 'drawdown':
      return quote(-point.drawdown);
  }
}

/** A metric before the first point of an account: nothing is won or lost yet, and the equity is what was paid in. */
const startOf = (point: PortfolioPointDto, metric: Metric): bigint =>
  metric === 'equity' ? point.total_balance - resultOf(point) : 0n;

/**
 * The curve of a metric over a range, oldest first. `points` come newest first, as the exchange answers them. The equity of now closes its
 * curve; of the other two only the exchange's own points are known. An account that began within the range begins with nothing won or lost:
 * its first point may come minutes, and a loss, after that.
 */
export function performanceCurve(
  { rows, complete }: ReadList<PortfolioPointDto>,
  { metric, range, nowMs, equity }: { metric: Metric; range: Range; nowMs: number; equity: Quote | undefined },
): TimedFigure[] {
  const from = nowMs - ranges[range].ms;
  const curve = rows
    .map((point) => ({ timeMs: Date.parse(point.time), value: figureOf(point, metric) as bigint }))
    .filter(({ timeMs }) => timeMs >= from)
    .reverse();
  const oldest = rows.at(-1);
  if (complete && oldest !== undefined && curve.length === rows.length)
    curve.unshift({ timeMs: Date.parse(oldest.time) - pointMs, value: startOf(oldest, metric) });
  const last = curve.at(-1);
  if (metric === 'equity' && equity !== undefined && last !== undefined && nowMs > last.timeMs)
    curve.push({ timeMs: nowMs, value: equity });
  return curve;
}

/** What was won or lost over a range, deposits and withdrawals aside, and the equity there would be without it; null without a point in it. */
export function resultOver(
  { rows, complete }: ReadList<PortfolioPointDto>,
  { range, nowMs }: { range: Range; nowMs: number },
): { readonly change: bigint; readonly from: bigint } | null {
  const isBefore = (point: PortfolioPointDto) => Date.parse(point.time) < nowMs - ranges[range].ms;
  const [newest] = rows;
  if (newest === undefined || isBefore(newest)) return null;
  const before = rows.find(isBefore) ?? (complete ? undefined : rows.at(-1));
  const change = resultOf(newest) - (before === undefined ? 0n : resultOf(before));
  return { change, from: newest.total_balance - change };
}

/** From the first to the last figure of a curve; null where there are not two. */
export function changeOver(curve: readonly TimedFigure[]): { readonly change: bigint; readonly from: bigint } | null {
  const [first, last] = [curve[0], curve.at(-1)];
  if (first === undefined || last === undefined || curve.length < 2) return null;
  return { change: last.value - first.value, from: first.value };
}

/** The figures at the head of the page that only the exchange's record knows; the newest point is the first. */
export interface Totals {
  readonly realizedNet: Quote;
  readonly fees: Quote;
  readonly drawdown: Quote;
  readonly drawdownBps: number;
}

export function totalsOf(points: readonly PortfolioPointDto[]): Totals | undefined {
  const [newest] = points;
  if (newest === undefined) return undefined;
  return {
    realizedNet: quote(newest.net_realized_pnl - newest.trading_fees_paid),
    fees: newest.trading_fees_paid,
    drawdown: newest.drawdown,
    drawdownBps: newest.drawdown_bps,
  };
}

/** Whether there is anything to value: without an account, collateral or positions no points are taken. */
export const isFunded = (balance: BalanceDto | undefined): boolean =>
  balance !== undefined && balance.account_open && (balance.available_balance > 0n || balance.margin_used > 0n);
