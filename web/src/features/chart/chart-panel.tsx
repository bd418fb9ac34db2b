import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import { For, Match, Show, Switch, createEffect, createMemo, createSignal, type JSX } from 'solid-js';

import { chartInterval, chooseChartInterval } from '../../data/chart-preferences.ts';
import { highlighted } from '../../data/highlight.ts';
import { candleIntervals } from '../../domain/candles.ts';
import type { FillMark } from '../../domain/fill-marks.ts';
import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { TableIcon } from '../../ui/icons.tsx';
import { createPhone } from '../../ui/media.ts';
import { Notice, PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { Staged } from '../../ui/staged.tsx';
import { BarTable } from './bar-table.tsx';
import { ChartCanvas } from './chart-canvas.tsx';
import { ChartLegend } from './chart-legend.tsx';
import { useBars } from './use-bars.ts';

const views = ['chart', 'depth', 'trades'] as const;
type View = (typeof views)[number];

const loadingPart = () => (
  <div role="status" aria-label={texts.common.loading}>
    <SkeletonRows rows={6} />
  </div>
);
const DepthPanel = deferred(() => import('../depth/depth-panel.tsx').then((module) => module.DepthPanel), loadingPart);
const TradesTape = deferred(() => import('../depth/trades-tape.tsx').then((module) => module.TradesTape), loadingPart);

/** What the market did and what it would cost: the chart, and in its place depth and trades. */
export function ChartPanel(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const [view, setView] = createSignal<View>('chart');
  const [asTable, setAsTable] = createSignal(false);
  /** What MIKEY cites of this market is brought to sight. */
  const cited = () => {
    const target = highlighted();
    return target?.symbol === props.symbol && target.kind !== 'position' ? target : undefined;
  };
  createEffect(() => {
    const target = cited();
    if (target === undefined) return;
    setView(target.kind === 'depth' ? 'depth' : 'chart');
    setAsTable(false);
  });
  return (
    <section
      class="panel flex min-h-0 flex-col"
      aria-label={texts.chart.title}
      data-highlighted={cited() === undefined ? undefined : ''}
    >
      <header class="chart-bar">
        <div role="group" aria-label={texts.chart.views} class="flex">
          <For each={views}>
            {(name) => (
              <button
                type="button"
                class="view-tab"
                aria-pressed={view() === name}
                data-testid={`view-${name}`}
                onClick={() => setView(name)}
              >
                {texts.chart.viewNames[name]}
              </button>
            )}
          </For>
        </div>
        <Show when={view() === 'chart'}>
          <Intervals />
          <button
            type="button"
            class="button button-quiet button-small chart-table"
            classList={{ 'bg-raised text-ink': asTable() }}
            aria-pressed={asTable()}
            title={texts.chart.tableHint}
            data-testid="chart-as-table"
            onClick={() => setAsTable((shown) => !shown)}
          >
            <TableIcon size={14} />
            <span class="wide-only">{texts.chart.table}</span>
          </button>
        </Show>
      </header>
      <div class="relative min-h-0 flex-1">
        <Switch>
          <Match when={view() === 'chart'}>
            <Bars symbol={props.symbol} asTable={asTable()} />
          </Match>
          <Match when={view() === 'depth'}>
            <DepthPanel symbol={props.symbol} />
          </Match>
          <Match when={view() === 'trades'}>
            <TradesTape symbol={props.symbol} />
          </Match>
        </Switch>
      </div>
    </section>
  );
}

/** All intervals in sight; on a phone, where there is no room for them, a list. */
function Intervals(): JSX.Element {
  const phone = createPhone();
  return (
    <Show
      when={!phone()}
      fallback={
        <select
          class="interval-select"
          aria-label={texts.chart.interval}
          data-testid="interval-select"
          value={chartInterval()}
          onChange={(event) => {
            const chosen = candleIntervals.find((option) => option === event.currentTarget.value);
            if (chosen !== undefined) chooseChartInterval(chosen);
          }}
        >
          <For each={candleIntervals}>{(option) => <option value={option}>{option}</option>}</For>
        </select>
      }
    >
      <div role="group" aria-label={texts.chart.interval} class="flex">
        <For each={candleIntervals}>
          {(option) => (
            <button
              type="button"
              class="interval"
              aria-pressed={option === chartInterval()}
              onClick={() => chooseChartInterval(option)}
            >
              {option}
            </button>
          )}
        </For>
      </div>
    </Show>
  );
}

/** The bars of the chosen interval, drawn or as a table. */
function Bars(props: { readonly symbol: MarketSymbol; readonly asTable: boolean }): JSX.Element {
  const market = createMemo(() => marketOf(props.symbol));
  const source = useBars(() => props.symbol, chartInterval);
  const [hovered, setHovered] = createSignal<number | undefined>();
  const [marks, setMarks] = createSignal<readonly FillMark[]>([]);
  const legendBar = () => {
    const at = hovered();
    return (at === undefined ? undefined : source.bars().find((bar) => bar.time === at)) ?? source.lastBar();
  };
  const status = (): PanelStatus => {
    if (source.bars().length > 0) return 'data';
    if (source.newest.isError) return 'error';
    return source.newest.isPending ? 'loading' : 'empty';
  };
  return (
    <div class="absolute inset-0" data-testid="chart">
      <PanelState
        status={status()}
        skeleton={<div class="skeleton absolute inset-3" />}
        empty={<Notice title={texts.chart.empty} text={texts.chart.emptyText} />}
        errorText={texts.chart.failedText}
        onRetry={() => void source.newest.refetch()}
      >
        <Show when={!props.asTable}>
          <Staged>
            <ChartCanvas
              symbol={props.symbol}
              interval={source.interval()}
              bars={source.bars()}
              lastBar={source.lastBar()}
              onHover={setHovered}
              onRange={source.onRange}
              onMarks={setMarks}
            />
          </Staged>
          <Show when={legendBar()}>
            {(bar) => (
              <ChartLegend
                bar={bar()}
                market={market()}
                marks={marks().filter(({ time }) => hovered() !== undefined && time === bar().time)}
              />
            )}
          </Show>
          <OlderBars state={source.olderState()} onRetry={source.retryOlder} />
        </Show>
        <BarTable bars={source.bars()} market={market()} daily={source.interval() === '1d'} shown={props.asTable} />
      </PanelState>
    </div>
  );
}

/** Says where the history goes on, or that it could not. */
function OlderBars(props: { readonly state: string; readonly onRetry: () => void }): JSX.Element {
  return (
    <div class="older-bars" role="status">
      <Switch>
        <Match when={props.state === 'loading'}>
          <span>{texts.chart.olderLoading}</span>
        </Match>
        <Match when={props.state === 'failed'}>
          <span class="text-warn">{texts.chart.olderFailed}</span>
          <button type="button" class="button button-small" onClick={() => props.onRetry()}>
            {texts.common.retry}
          </button>
        </Match>
      </Switch>
    </div>
  );
}
