import { formatDecimal } from '#shared/money/decimal.ts';
import { QUOTE_DECIMALS, quote, type Quote } from '#shared/money/units.ts';
import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { Show, createSignal, type JSX } from 'solid-js';

import { openAccountRequest } from '#sdk/index.ts';

import { useDesk } from '../../data/desk.ts';
import { errorText, isDeclined } from '../../data/error-text.ts';
import { signAndSubmit } from '../../data/transactions.ts';
import { cleanDecimalInput, readDecimalInput } from '../../domain/decimal-input.ts';
import { formatQuote } from '../../domain/format.ts';
import { entryTexts } from '../../i18n/entry.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { AmountField } from '../ticket/amount-field.tsx';
import { closeFunds, openFunds, type FundsDialog as Kind } from './dialogs.ts';

const titles: Record<Kind, string> = {
  open: entryTexts.funds.openTitle,
  deposit: entryTexts.funds.depositTitle,
  withdraw: entryTexts.funds.withdrawTitle,
};
const explanations: Record<Kind, string> = {
  open: entryTexts.funds.openText,
  deposit: entryTexts.funds.depositText,
  withdraw: entryTexts.funds.withdrawText,
};

function requestOf(kind: Kind, amount: Quote): BuildTransactionRequest {
  switch (kind) {
    case 'open':
      return openAccountRequest(amount);
    case 'deposit':
      return { action: 'deposit', params: { amount } };
    case 'withdraw':
      return { action: 'withdraw', params: { amount } };
  }
}

/** Moves USDC between the wallet and the trading account; always by a transaction that the wallet signs. */
export function FundsDialog(props: { readonly kind: Kind }): JSX.Element {
  const desk = useDesk();
  const t = entryTexts.funds;
  const config = useQuery(() => desk.queries.config());
  const queryClient = useQueryClient();
  const [text, setText] = createSignal('');
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string | undefined>();
  const [told, setTold] = createSignal<string | undefined>();

  const free = () => desk.own.account.balance?.available_balance ?? quote(0n);
  const amount = () => readDecimalInput(text(), QUOTE_DECIMALS);
  const problem = () => {
    const asked = amount();
    if (asked === null || (asked === 0n && props.kind !== 'open')) return t.amountMissing;
    return props.kind === 'withdraw' && asked > free() ? t.amountTooLarge : undefined;
  };

  const attempt = async (run: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    setTold(undefined);
    try {
      await run();
    } catch (failure) {
      if (!isDeclined(failure)) setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  };
  const move = () => {
    const [kind, wallet, asked] = [props.kind, desk.wallet(), amount()];
    return attempt(async () => {
      if (wallet === undefined || asked === null) return;
      // An account that is open already is no reason to give the exchange a delegation anew.
      if (kind === 'open' && (await desk.client.account.balance()).account_open) {
        setTold(t.openAlready);
        openFunds('deposit');
        return;
      }
      const request = requestOf(kind, quote(asked));
      const sent = await signAndSubmit(desk.client, {
        request,
        wallet,
        title: titles[kind],
        signing: desk.signing,
        site: desk.site,
      });
      const text = sent.queued ? t.queued(formatQuote(asked)) : t.done(formatQuote(asked));
      desk.notices.show({ tone: sent.queued ? 'warn' : 'neutral', title: titles[kind], text });
      if (sent.queued) void queryClient.invalidateQueries({ queryKey: ['withdrawal'] });
      closeFunds();
    });
  };
  const drawTestFunds = () =>
    attempt(async () => {
      await desk.client.account.faucet(desk.wallet()?.address ?? '');
      setTold(t.faucetDone);
    });

  return (
    <Dialog
      open={desk.signing.pending() === undefined}
      onClose={closeFunds}
      title={titles[props.kind]}
      description={explanations[props.kind]}
    >
      <form
        class="grid gap-3 pt-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (problem() === undefined) void move();
        }}
      >
        <AmountField
          label={t.amount}
          value={text()}
          onInput={(typed) => setText((kept) => cleanDecimalInput(typed, QUOTE_DECIMALS) ?? kept)}
          unit="USDC"
          testId="funds-amount"
        />
        <Show when={props.kind === 'withdraw'}>
          <p class="flex items-center justify-between text-ink-2">
            {`${t.freeNow} ${formatQuote(free(), { rounding: 'floor' })} USDC`}
            <button
              type="button"
              class="button button-small"
              onClick={() => setText(formatDecimal(free(), QUOTE_DECIMALS))}
            >
              {t.max}
            </button>
          </p>
        </Show>
        <Show when={props.kind !== 'withdraw' && config.data?.faucet}>
          <button type="button" class="button" disabled={busy()} onClick={() => void drawTestFunds()}>
            {t.faucet}
          </button>
        </Show>
        <p role="status" class="text-up empty:hidden">
          {told()}
        </p>
        <p role="alert" class="text-down empty:hidden">
          {error()}
        </p>
        <button type="submit" class="button button-accent" disabled={busy() || problem() !== undefined}>
          {busy() ? t.working : (problem() ?? t.confirm)}
        </button>
      </form>
    </Dialog>
  );
}
