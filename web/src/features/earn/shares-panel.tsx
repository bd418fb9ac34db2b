import type { PoolDto } from '#shared/protocol/portfolio.ts';
import { Show, createSignal, onCleanup, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import { pendingPhase, type PendingPhase, type PendingRequest } from '../../domain/earn/pending-request.ts';
import { formatQuote, formatShare, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/pages.ts';
import { PagePanel } from '../../ui/page-panel.tsx';
import { PanelState, type PanelStatus } from '../../ui/panel-state.tsx';
import { usePresence } from '../portfolio/use-visitor.ts';
import { formatShares, useHolder, useOutcomeNotices, usePool, wordsOfRequest, worthInWords } from './use-pool.ts';

const t = texts.earn.mine;
/** The countdown of a request. */
const clockMs = 500;

/** The signed-in wallet's shares, what they are worth, and its request on its way. */
export function SharesPanel(): JSX.Element {
  const presence = usePresence();
  const { pool } = usePool();
  const holder = useHolder();
  useOutcomeNotices(() => holder.data);
  const status = (): PanelStatus => (holder.data !== undefined ? 'data' : holder.isError ? 'error' : 'loading');
  const worth = () => holder.data?.value ?? null;
  return (
    <PagePanel title={t.title} testId="my-shares">
      <div class="page-panel-body">
        <Show when={presence() !== 'visitor'} fallback={<p class="text-ink-2">{t.visitor}</p>}>
          <PanelState
            status={status()}
            skeleton={<div class="skeleton h-[62px]" />}
            empty={null}
            errorText={errorText(holder.error)}
            onRetry={() => void holder.refetch()}
          >
            <dl class="facts">
              <div>
                <dt>{t.shares}</dt>
                <dd class="text-4 font-semibold" data-testid="own-shares">
                  {formatShares(holder.data?.shares ?? 0n)}
                </dd>
              </div>
              <div title={t.worthHint}>
                <dt>{t.worth}</dt>
                <dd data-testid="own-worth">
                  {worth() === null ? unknownFigure : `${formatQuote(worth() ?? 0n, { rounding: 'floor' })} USDC`}
                </dd>
              </div>
              <div>
                <dt>{t.ofPool}</dt>
                <dd>{formatShare(holder.data?.shares ?? 0n, pool.data?.total_shares ?? 0n, 4)}</dd>
              </div>
            </dl>
            <Show when={holder.data?.pending}>{(request) => <PendingCard request={request()} pool={pool.data} />}</Show>
          </PanelState>
        </Show>
      </div>
    </PagePanel>
  );
}

const p = texts.earn.pending;

function wordsOf(phase: PendingPhase): string {
  switch (phase.kind) {
    case 'waiting':
      return p.waiting(phase.secondsLeft);
    case 'executing':
      return p.executing(phase.secondsLeft);
    case 'lapsed':
      return p.lapsed;
  }
}

/** A request on its way: what it is, and how far it got. */
function PendingCard(props: { readonly request: PendingRequest; readonly pool: PoolDto | undefined }): JSX.Element {
  const [nowMs, setNowMs] = createSignal(Date.now());
  const clock = setInterval(() => setNowMs(Date.now()), clockMs);
  onCleanup(() => clearInterval(clock));
  const phase = () =>
    pendingPhase(props.request, { request_window_seconds: props.pool?.request_window_seconds ?? 0 }, nowMs());
  return (
    <div class="grid gap-2.5 rounded border border-line p-2.5" data-testid="pool-pending" data-phase={phase().kind}>
      <p class="flex flex-wrap justify-between gap-x-3">
        <span class="font-medium">{wordsOfRequest(props.request)}</span>
        <span class="text-ink-2" data-testid="pool-pending-worth">
          {worthInWords(props.pool, props.request)}
        </span>
      </p>
      <ol class="steps">
        <li data-state="done">{p.steps.requested}</li>
        <li data-state={phase().kind === 'waiting' ? 'now' : 'done'}>{p.steps.window}</li>
        <li data-state={phase().kind === 'executing' ? 'now' : undefined}>{p.steps.executed}</li>
      </ol>
      <p classList={{ 'text-warn': phase().kind === 'lapsed', 'text-ink-2': phase().kind !== 'lapsed' }}>
        {wordsOf(phase())}
      </p>
    </div>
  );
}
