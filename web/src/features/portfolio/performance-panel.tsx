import { useQuery } from '@tanstack/solid-query';
import { Show, createMemo, createSignal, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import { formatQuote, formatShare } from '../../domain/format.ts';
import {
  changeOver,
  isFunded,
  performanceCurve,
  ranges,
  resultOver,
  type Metric,
  type Range,
} from '../../domain/portfolio/performance.ts';
import { texts } from '../../i18n/pages.ts';
import { LineChart } from '../../ui/line-chart.tsx';
import { PagePanel } from '../../ui/page-panel.tsx';
import { Notice, PanelState, type PanelStatus } from '../../ui/panel-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Signed } from '../../ui/signed.tsx';
import { usePortfolio } from './use-record.ts';

const t = texts.portfolio.performance;
/** 1e-6 USDC: the last digit of a result, as shown. */
const cent = 10_000n;
const metrics = (['equity', 'realized', 'drawdown'] as const).map((value) => ({ value, label: t.metrics[value] }));
const noPoints = { rows: [], complete: false } as const;
const rangeOptions = (['day', 'week', 'month', 'all'] as const).map((value) => ({ value, label: t.ranges[value] }));

/** Equity, realised result or drawdown over time. */
export function PerformancePanel(): JSX.Element {
  const { desk, queries, address, enabled } = usePortfolio();
  const [metric, setMetric] = createSignal<Metric>('equity');
  const [range, setRange] = createSignal<Range>('day');
  const view = desk.positionViews.balance;
  const history = useQuery(() => ({
    ...queries.history(address(), ranges[range()].interval),
    enabled: enabled(),
  }));
  const points = () => history.data ?? noPoints;
  const curve = createMemo(() =>
    performanceCurve(points(), {
      metric: metric(),
      range: range(),
      nowMs: Date.now(),
      equity: view()?.equity,
    }),
  );
  const change = () => {
    if (metric() === 'drawdown') return null;
    return metric() === 'realized' ? changeOver(curve()) : resultOver(points(), { range: range(), nowMs: Date.now() });
  };
  const status = (): PanelStatus => {
    if (curve().length > 0) return 'data';
    // What an empty curve means depends on the balance.
    if (history.data !== undefined && desk.own.account.balance !== undefined) return 'empty';
    return history.isError ? 'error' : 'loading';
  };
  const changeText = () => {
    const { change: by = 0n, from = 0n } = change() ?? {};
    const amount = formatQuote(by, { plus: true });
    return metric() === 'equity' && from > 0n ? t.change(amount, formatShare(by, from, 2, true)) : amount;
  };
  return (
    <PagePanel
      title={t.title}
      testId="performance"
      tools={
        <>
          <Segmented label={t.metric} options={metrics} value={metric()} onChange={setMetric} />
          <Segmented label={t.range} options={rangeOptions} value={range()} onChange={setRange} />
        </>
      }
    >
      <p class="flex min-h-[1.35em] flex-wrap gap-x-3 px-3 pb-2 text-ink-3">
        <span>{t.hints[metric()]}</span>
        <Show when={change()}>
          {(known) => (
            <span class="ml-auto">
              <Signed value={known().change} text={changeText()} arrow /> {t.inRange}
            </span>
          )}
        </Show>
      </p>
      <div class="chart-place">
        <PanelState
          status={status()}
          skeleton={<div class="skeleton mx-3 h-full" />}
          empty={<Notice title={t.empty} text={isFunded(desk.own.account.balance) ? t.emptyText : t.emptyUnfunded} />}
          errorText={errorText(history.error)}
          onRetry={() => void history.refetch()}
        >
          <LineChart
            curve={curve()}
            label={`${t.title}: ${t.metrics[metric()]}, USDC`}
            format={(value) => formatQuote(value)}
            finest={cent}
            tone={metric() === 'drawdown' ? 'down' : 'accent'}
          />
        </PanelState>
      </div>
    </PagePanel>
  );
}
