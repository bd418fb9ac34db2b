import { MARKET_SYMBOLS, isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import type { AnalysisHorizon } from '#shared/protocol/ai.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, createMemo, createSignal, type JSX } from 'solid-js';

import { assistantQueries } from '../../data/assistant-queries.ts';
import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { formatDateTime } from '../../domain/format.ts';
import { recordsByModel } from '../../domain/mikey/track-record.ts';
import { texts } from '../../i18n/index.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { Notice, PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { openAssistant } from './state.ts';
import { TrackRecordTable } from './track-record-table.tsx';

const t = mikeyTexts.record;
const all = 'all';
const horizons: readonly AnalysisHorizon[] = ['15m', '1h', '4h', '1d'];

/** The content of /track-record: how often MIKEY was right, beside two rules that need no analyst. Anyone may read it. */
export function TrackRecordPage(): JSX.Element {
  const desk = useDesk();
  const record = useQuery(() => assistantQueries(desk.client).trackRecord());
  const [symbol, setSymbol] = createSignal<MarketSymbol | undefined>();
  const [horizon, setHorizon] = createSignal<AnalysisHorizon | undefined>();
  const models = createMemo(() => recordsByModel(record.data?.entries ?? [], { symbol: symbol(), horizon: horizon() }));
  const status = (): PanelStatus => {
    if (record.data !== undefined) return record.data.entries.length === 0 ? 'empty' : 'data';
    return record.isError ? 'error' : 'loading';
  };
  return (
    <div class="account-page">
      <header class="page-bar">
        <h1 class="page-title">{texts.shell.pages['track-record']}</h1>
        <button type="button" class="button button-small ml-auto" data-testid="record-ask" onClick={openAssistant}>
          {t.ask}
        </button>
      </header>
      <p class="page-intro">{t.intro}</p>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={8} />}
        empty={
          <section class="panel py-10" data-testid="record-empty">
            <Notice title={t.empty} text={t.emptyText} />
          </section>
        }
        errorText={errorText(record.error)}
        onRetry={() => void record.refetch()}
      >
        <div class="record-filters">
          <Segmented
            label={t.market}
            options={[all, ...MARKET_SYMBOLS].map((value) => ({ value, label: value === all ? t.all : value }))}
            value={symbol() ?? all}
            onChange={(value) => setSymbol(isMarketSymbol(value) ? value : undefined)}
          />
          <Segmented
            label={t.horizon}
            options={[
              { value: all, label: t.all },
              ...horizons.map((value) => ({ value, label: mikeyTexts.analysis.horizons[value] })),
            ]}
            value={horizon() ?? all}
            onChange={(value) => setHorizon(horizons.find((known) => known === value))}
          />
          <Show when={record.data}>
            {(known) => <p class="ml-auto text-ink-3">{t.updated(formatDateTime(new Date(known().updated_at)))}</p>}
          </Show>
        </div>
        <Show
          when={models().length > 0}
          fallback={
            <section class="panel py-10">
              <Notice title={t.noneOf} text={t.noneOfText} />
            </section>
          }
        >
          <For each={models()}>{(model) => <TrackRecordTable record={model} />}</For>
        </Show>
      </PanelState>
    </div>
  );
}
