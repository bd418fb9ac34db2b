import { useQuery } from '@tanstack/solid-query';
import { Show, createMemo, createSignal, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import { sharePriceCurve } from '../../domain/earn/share-price-curve.ts';
import { formatShare } from '../../domain/format.ts';
import { changeOver, ranges, type Range } from '../../domain/portfolio/performance.ts';
import { texts } from '../../i18n/pages.ts';
import { LineChart } from '../../ui/line-chart.tsx';
import { PagePanel } from '../../ui/page-panel.tsx';
import { Notice, PanelState, type PanelStatus } from '../../ui/panel-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Signed } from '../../ui/signed.tsx';
import { finestSharePrice, formatSharePrice } from './pool-figures.tsx';
import { usePool } from './use-pool.ts';

const t = texts.earn.chart;
const options = (['day', 'week', 'month', 'all'] as const).map((value) => ({ value, label: t.ranges[value] }));
/** Digits of a change of the share price in percent. */
const changePlaces = 4;

/** What a share was worth over time. */
export function SharePricePanel(): JSX.Element {
  const { pool, queries } = usePool();
  const [range, setRange] = createSignal<Range>('day');
  const history = useQuery(() => queries.history(ranges[range()].interval));
  const curve = createMemo(() =>
    sharePriceCurve(history.data ?? [], { range: range(), nowMs: Date.now(), price: pool.data?.share_price }),
  );
  const status = (): PanelStatus => {
    if (history.data !== undefined) return curve().length === 0 ? 'empty' : 'data';
    return history.isError ? 'error' : 'loading';
  };
  return (
    <PagePanel
      title={t.title}
      testId="share-price-history"
      tools={
        <div class="flex flex-wrap items-center gap-3 max-[819px]:w-full">
          <span class="min-w-[13.5rem] text-right text-2 text-ink-3 max-[819px]:text-left">
            <Show when={changeOver(curve())}>
              {(known) => (
                <>
                  <Signed
                    value={known().change}
                    text={formatShare(known().change, known().from, changePlaces, true)}
                    arrow
                  />{' '}
                  {t.inRange}
                </>
              )}
            </Show>
          </span>
          <Segmented label={t.range} options={options} value={range()} onChange={setRange} />
        </div>
      }
    >
      <div class="chart-place">
        <PanelState
          status={status()}
          skeleton={<div class="skeleton mx-3 h-full" />}
          empty={<Notice title={t.empty} text={t.emptyText} />}
          errorText={errorText(history.error)}
          onRetry={() => void history.refetch()}
        >
          <LineChart curve={curve()} label={`${t.title}, USDC`} format={formatSharePrice} finest={finestSharePrice} />
        </PanelState>
      </div>
    </PagePanel>
  );
}
