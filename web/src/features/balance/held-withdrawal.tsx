import type { Quote } from '#shared/money/units.ts';
import { useQueryClient } from '@tanstack/solid-query';
import { createSignal, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText, isDeclined } from '../../data/error-text.ts';
import { signAndSubmit } from '../../data/transactions.ts';
import { formatQuote } from '../../domain/format.ts';
import { entryTexts } from '../../i18n/entry.ts';
import { texts } from '../../i18n/index.ts';

/** A withdrawal that waits: why, how much, and the way back. */
export function HeldWithdrawal(props: { readonly amount: Quote }): JSX.Element {
  const desk = useDesk();
  const t = entryTexts.funds;
  const queryClient = useQueryClient();
  const [busy, setBusy] = createSignal(false);
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
    <p class="flex items-center justify-between gap-2 text-warn" title={t.waitingHint} data-testid="waiting-withdrawal">
      <span>{t.waiting}</span>
      <span class="flex items-center gap-2">
        {formatQuote(props.amount, { rounding: 'floor' })}
        <button type="button" class="button button-small" disabled={busy()} onClick={() => void cancel()}>
          {texts.common.cancel}
        </button>
      </span>
    </p>
  );
}
