import type { DelegateDto } from '#shared/protocol/portfolio.ts';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { Show, createSignal, onCleanup, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import { formatCompactQuote, formatDateTime, formatShare } from '../../domain/format.ts';
import { delegationState, type DelegationState } from '../../domain/portfolio/delegation.ts';
import { texts } from '../../i18n/pages.ts';
import { deferred } from '../../ui/deferred.tsx';
import { PagePanel } from '../../ui/page-panel.tsx';
import { PanelState } from '../../ui/panel-state.tsx';
import { useAttempt, useSigned } from './use-action.ts';
import { usePortfolio } from './use-record.ts';

const DelegateDialog = deferred(() => import('./delegate-dialog.tsx').then((module) => module.DelegateDialog));

const t = texts.portfolio.delegate;
const tones: Record<DelegationState, string | undefined> = {
  active: 'up',
  ending: 'warn',
  expired: 'warn',
  none: undefined,
};
/** A delegation ends to the second, the screen says so to the half minute. */
const clockMs = 30_000;

/** Who may trade in the account without its owner's signature, until when and how much. */
export function DelegatePanel(): JSX.Element {
  const { desk, queries, address, enabled } = usePortfolio();
  const queryClient = useQueryClient();
  const delegate = useQuery(() => ({ ...queries.delegate(address()), enabled: enabled() }));
  const [nowMs, setNowMs] = createSignal(desk.live.exchangeNowMs());
  const clock = setInterval(() => setNowMs(desk.live.exchangeNowMs()), clockMs);
  onCleanup(() => clearInterval(clock));
  const [isOpen, setOpen] = createSignal(false);
  const { busy, error, attempt } = useAttempt();
  const sign = useSigned();

  const state = (): DelegationState => (delegate.data === undefined ? 'none' : delegationState(delegate.data, nowMs()));
  const stands = () => state() === 'active' || state() === 'ending';
  const refresh = () => void queryClient.invalidateQueries({ queryKey: ['delegate'] });
  const revoke = () =>
    attempt(async () => {
      if (await sign({ action: 'revoke_delegate', params: {} }, t.revokeTitle))
        desk.notices.show({ tone: 'neutral', title: t.revokeTitle, text: t.revoked });
      refresh();
    });
  const status = () => (delegate.data !== undefined ? 'data' : delegate.isError ? 'error' : 'loading');

  return (
    <PagePanel
      title={t.title}
      testId="delegate"
      tools={
        <Show when={delegate.data}>
          <span class="tag" data-tone={tones[state()]} data-testid="delegate-state">
            {t.states[state()]}
          </span>
        </Show>
      }
    >
      <div class="page-panel-body">
        <p class="text-ink-3">{t.text}</p>
        <PanelState
          status={status()}
          skeleton={<div class="skeleton h-[124px]" />}
          empty={null}
          errorText={errorText(delegate.error)}
          onRetry={() => void delegate.refetch()}
        >
          <Show when={delegate.data}>{(known) => <DelegateFacts delegate={known()} stands={stands()} />}</Show>
          <div class="flex gap-2">
            <button
              type="button"
              class="button flex-1"
              disabled={busy() || desk.stage() !== 'ready'}
              onClick={() => setOpen(true)}
              data-testid="delegate-renew"
            >
              {stands() ? t.renew : t.give}
            </button>
            <Show when={stands()}>
              <button
                type="button"
                class="button"
                disabled={busy()}
                onClick={() => void revoke()}
                data-testid="delegate-revoke"
              >
                {t.revoke}
              </button>
            </Show>
          </div>
          <p role="alert" class="text-down empty:hidden">
            {error()}
          </p>
        </PanelState>
      </div>
      <Show when={isOpen()}>
        <DelegateDialog cap={delegate.data?.turnover_cap ?? null} onClose={() => setOpen(false)} onGiven={refresh} />
      </Show>
    </PagePanel>
  );
}

function DelegateFacts(props: { readonly delegate: DelegateDto; readonly stands: boolean }): JSX.Element {
  return (
    <dl class="facts">
      <div>
        <dt>{t.who}</dt>
        <dd class="!whitespace-normal">{props.stands ? t.whoExchange : t.whoYou}</dd>
      </div>
      <Show when={props.delegate.expires_at}>
        {(until) => (
          <div>
            <dt>{t.until}</dt>
            <dd>{formatDateTime(new Date(until()))}</dd>
          </div>
        )}
      </Show>
      <Show when={props.delegate.turnover_cap}>
        {(cap) => (
          <div>
            <dt>{t.cap}</dt>
            <dd>{t.capValue(formatCompactQuote(cap()))}</dd>
          </div>
        )}
      </Show>
      <Show when={props.delegate.max_slippage_bps}>
        {(bound) => (
          <div>
            <dt>{t.slippage}</dt>
            <dd>{t.slippageValue(formatShare(BigInt(bound()), 10_000n, 1))}</dd>
          </div>
        )}
      </Show>
    </dl>
  );
}
