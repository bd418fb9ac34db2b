import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { Show, createSignal, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText, isDeclined } from '../../data/error-text.ts';
import { signAndSubmit } from '../../data/transactions.ts';
import { formatQuote } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';

/** A withdrawal that the exchange's outflow limit holds back: why, how much, and the way back. Nothing where none waits. */
export function WaitingWithdrawal(): JSX.Element {
  const desk = useDesk();
  const t = texts.funds;
  const queryClient = useQueryClient();
  const [busy, setBusy] = createSignal(false);
  const address = () => desk.session.address();
  const waiting = useQuery(() => ({
    ...desk.queries.withdrawal(address() ?? ''),
    enabled: address() !== undefined && desk.stage() === 'ready',
  }));
  const amount = () => waiting.data?.amount ?? undefined;
  const cancel = async () => {
    const wallet = desk.wallet();
    if (wallet === undefined) return;
    setBusy(true);
    try {
      const request = { action: 'cancel_withdrawal', params: {} } as const;
      await signAndSubmit(desk.client, {
        request,
        wallet,
        title: t.cancelTitle,
        signing: desk.signing,
        site: desk.site,
      });
      desk.notices.show({ tone: 'neutral', title: t.cancelTitle, text: t.cancelDone });
    } catch (error) {
      if (!isDeclined(error)) desk.notices.show({ tone: 'warn', title: t.failed, text: errorText(error) });
    } finally {
      setBusy(false);
      void queryClient.invalidateQueries({ queryKey: ['withdrawal'] });
    }
  };
  return (
    <Show when={amount()}>
      {(held) => (
        <p
          class="flex items-center justify-between gap-2 text-warn"
          title={t.waitingHint}
          data-testid="waiting-withdrawal"
        >
          <span>{t.waiting}</span>
          <span class="flex items-center gap-2">
            {formatQuote(held(), { rounding: 'floor' })}
            <button type="button" class="button button-small" disabled={busy()} onClick={() => void cancel()}>
              {texts.common.cancel}
            </button>
          </span>
        </p>
      )}
    </Show>
  );
}
