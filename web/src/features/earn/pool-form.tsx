import { formatDecimal } from '#shared/money/decimal.ts';
import { QUOTE_DECIMALS, quote } from '#shared/money/units.ts';
import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';
import { useQueryClient } from '@tanstack/solid-query';
import { Show, createEffect, createSignal, on, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { cleanDecimalInput, readDecimalInput } from '../../domain/decimal-input.ts';
import { withRequest } from '../../domain/earn/pending-request.ts';
import { previewPool, type PoolAction } from '../../domain/earn/pool-preview.ts';
import { texts } from '../../i18n/pages.ts';
import { Segmented } from '../../ui/segmented.tsx';
import { useAttempt, useSigned } from '../portfolio/use-action.ts';
import { AmountField } from '../ticket/amount-field.tsx';
import { openWalletDialog } from '../wallet/dialogs.ts';
import { PoolReceipt } from './pool-receipt.tsx';
import { useHolder, usePool } from './use-pool.ts';

const t = texts.earn.form;
const actions = [
  { value: 'deposit', label: t.deposit },
  { value: 'withdraw', label: t.withdraw },
] as const;

const requestOf = (action: PoolAction, amount: bigint): BuildTransactionRequest =>
  action === 'deposit'
    ? { action: 'add_liquidity', params: { amount: quote(amount) } }
    : { action: 'remove_liquidity', params: { shares: quote(amount) } };

/** Asks for shares or for their worth: what it would bring at the price of now, then the summary, then the wallet. */
export function PoolForm(): JSX.Element {
  const desk = useDesk();
  const queryClient = useQueryClient();
  const { pool } = usePool();
  const holder = useHolder();
  const [action, setAction] = createSignal<PoolAction>('deposit');
  const [text, setText] = createSignal('');
  const { busy, error, attempt } = useAttempt();
  const sign = useSigned();

  const amount = () => readDecimalInput(text(), QUOTE_DECIMALS);
  const request = () =>
    pool.data === undefined ? undefined : previewPool(pool.data, holder.data, { action: action(), amount: amount() });
  const choose = (next: PoolAction) => {
    setAction(next);
    setText('');
  };
  // A share of what another wallet holds is no amount of this one's.
  createEffect(on(desk.session.address, (_, left) => left !== undefined && setText('')));
  const isVisitor = () => desk.stage() === 'visitor';
  /** Liquidity needs a wallet, not a trading account. */
  const isSignedIn = () => desk.stage() === 'signedIn' || desk.stage() === 'ready' || desk.stage() === 'loading';
  const label = () => {
    if (isVisitor()) return t.connect;
    if (busy()) return t.working;
    const issue = request()?.issue;
    return issue === undefined || issue === null ? t.review : t.issues[issue];
  };
  const isOff = () => !isVisitor() && (busy() || request() === undefined || request()?.issue !== null || !isSignedIn());
  /** Shows the request at once: on a fast network it is executed before it could be read. */
  const place = (of: PoolAction, asked: bigint) => {
    const [known, terms] = [holder.data, pool.data];
    const kind = of === 'deposit' ? 'mint' : 'redeem';
    if (known !== undefined && terms !== undefined) {
      const placed = withRequest(known, { kind, amount: quote(asked) }, terms, Date.now());
      queryClient.setQueryData(['pool-holder', desk.session.address()], placed);
    }
    void queryClient.invalidateQueries({ queryKey: ['pool-holder'] });
  };
  const ask = () => {
    const [of, asked] = [action(), amount()];
    return attempt(async () => {
      if (asked === null) return;
      const title = of === 'deposit' ? t.titleDeposit : t.titleWithdraw;
      if (!(await sign(requestOf(of, asked), title))) return;
      desk.notices.show({ tone: 'neutral', title: t.asked, text: t.askedText });
      setText('');
      place(of, asked);
    });
  };

  return (
    <form
      class="panel page-panel"
      aria-label={t.label}
      data-testid="pool-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isVisitor()) openWalletDialog();
        else if (!isOff()) void ask();
      }}
    >
      <div class="page-panel-body pt-3!">
        <Segmented class="w-full!" label={t.label} options={actions} value={action()} onChange={choose} />
        <AmountField
          label={action() === 'deposit' ? t.depositField : t.withdrawField}
          value={text()}
          onInput={(typed) => setText((kept) => cleanDecimalInput(typed, QUOTE_DECIMALS) ?? kept)}
          unit={action() === 'deposit' ? 'USDC' : ''}
          invalid={request()?.issue === 'shares'}
          testId="pool-amount"
          action={
            <Show when={action() === 'withdraw' && (holder.data?.shares ?? 0n) > 0n}>
              <button
                type="button"
                class="button button-small mr-1"
                onClick={() => setText(formatDecimal(holder.data?.shares ?? 0n, QUOTE_DECIMALS))}
              >
                {t.max}
              </button>
            </Show>
          }
        />
        <PoolReceipt action={action()} pool={pool.data} holder={holder.data} preview={request()?.preview ?? null} />
        <p role="alert" class="text-down empty:hidden">
          {error()}
        </p>
        <button type="submit" class="button button-accent" disabled={isOff()} data-testid="pool-submit">
          {label()}
        </button>
      </div>
    </form>
  );
}
