import { MARKET_SYMBOLS, isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import type { AnalysisDto, AnalysisHorizon, AnalysisType } from '#shared/protocol/ai.ts';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { For, Show, createSignal, type JSX } from 'solid-js';

import { assistantQueries } from '../../data/assistant-queries.ts';
import { useAssistant } from '../../data/assistant.ts';
import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { failureOf, type Failure } from '../../domain/mikey/failure.ts';
import { mikeyTexts } from '../../i18n/mikey.ts';
import { Notice, PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { AnalysisCard } from './analysis-card.tsx';
import { FailureNotice } from './failure-notice.tsx';
import { useMarketHere } from './use-place.ts';

const t = mikeyTexts.analysis;
const kinds: readonly AnalysisType[] = ['trading_signal', 'market_analysis', 'risk_assessment'];
const horizons: readonly AnalysisHorizon[] = ['15m', '1h', '4h', '1d'];

/** What is asked for stays chosen while the panel shows something else. */
const [kind, setKind] = createSignal<AnalysisType>('trading_signal');
const [horizon, setHorizon] = createSignal<AnalysisHorizon>('1h');

/** Asking for an analysis, and those that were made. */
export function AnalysesView(): JSX.Element {
  const desk = useDesk();
  const address = () => desk.session.address();
  const analyses = useQuery(() => ({
    ...assistantQueries(desk.client).analyses(address() ?? ''),
    enabled: address() !== undefined,
  }));
  const [failure, setFailure] = createSignal<Failure | undefined>();
  const status = (): PanelStatus => {
    if (analyses.data !== undefined) return analyses.data.length === 0 ? 'empty' : 'data';
    return analyses.isError ? 'error' : 'loading';
  };
  return (
    <div class="mikey-log" role="region" aria-label={t.list} tabIndex={0}>
      <AnalyseForm onFailure={setFailure} />
      <Show when={failure()}>{(known) => <FailureNotice failure={known()} />}</Show>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={6} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
        errorText={errorText(analyses.error)}
        onRetry={() => void analyses.refetch()}
      >
        <For each={analyses.data}>{(analysis) => <AnalysisCard analysis={analysis} />}</For>
      </PanelState>
    </div>
  );
}

/** Market, kind and horizon of a new analysis. */
function AnalyseForm(props: { readonly onFailure: (failure: Failure | undefined) => void }): JSX.Element {
  const desk = useDesk();
  const assistant = useAssistant();
  const queryClient = useQueryClient();
  const here = useMarketHere();
  const [chosen, setChosen] = createSignal<MarketSymbol | undefined>();
  const [running, setRunning] = createSignal(false);
  const symbol = () => chosen() ?? here();
  const run = async () => {
    const address = desk.session.address() ?? '';
    setRunning(true);
    props.onFailure(undefined);
    try {
      const request = { symbol: symbol(), analysis_type: kind(), horizon: horizon() };
      const made = await desk.client.assistant.analyze(request);
      queryClient.setQueryData<AnalysisDto[]>(['analyses', address], (held = []) => [made, ...held]);
      assistant.say(`${t.recommendations[made.recommendation]} ${made.symbol}`);
    } catch (error) {
      props.onFailure(failureOf(error, Date.now()));
    } finally {
      setRunning(false);
    }
  };
  return (
    <form
      class="mikey-form"
      aria-label={t.new}
      onSubmit={(event) => {
        event.preventDefault();
        if (!running()) void run();
      }}
    >
      <div class="flex gap-2">
        <select
          class="table-select flex-1"
          aria-label={t.market}
          data-testid="analysis-market"
          onChange={(event) => {
            const { value } = event.currentTarget;
            if (isMarketSymbol(value)) setChosen(value);
          }}
        >
          <For each={MARKET_SYMBOLS}>
            {(option) => (
              <option value={option} selected={option === symbol()}>
                {option}
              </option>
            )}
          </For>
        </select>
        <select
          class="table-select flex-1"
          aria-label={t.kind}
          onChange={(event) => setKind(kinds.find((option) => option === event.currentTarget.value) ?? kind())}
        >
          <For each={kinds}>
            {(option) => (
              <option value={option} selected={option === kind()}>
                {t.kinds[option]}
              </option>
            )}
          </For>
        </select>
      </div>
      <Segmented
        label={t.horizon}
        options={horizons.map((value) => ({ value, label: t.horizons[value] }))}
        value={horizon()}
        onChange={setHorizon}
      />
      <button type="submit" class="button button-accent" disabled={running()} data-testid="run-analysis">
        {running() ? t.running : t.run(symbol())}
      </button>
    </form>
  );
}
