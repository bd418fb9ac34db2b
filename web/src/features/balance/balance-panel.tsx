import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatLeverage, formatQuote, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { Known } from '../../ui/known.tsx';
import { Signed } from '../../ui/signed.tsx';
import { openFunds, openWalletDialog } from '../wallet/dialogs.ts';
import { WaitingWithdrawal } from './waiting-withdrawal.tsx';

/** The account as it stands at the live price, and the way money gets in and out. */
export function BalancePanel(): JSX.Element {
  const desk = useDesk();
  const t = texts.balance;
  const view = desk.positionViews.balance;
  const usdc = (value: bigint | undefined, rounding: 'floor' | 'ceil' = 'floor') =>
    value === undefined ? unknownFigure : formatQuote(value, { rounding });
  const leverage = () => {
    const known = view()?.leverageE2;
    return known === undefined || known === null || known === 0n ? unknownFigure : formatLeverage(known);
  };

  return (
    <section class="panel balance" aria-label={t.title}>
      <Show when={desk.stage() !== 'visitor'} fallback={<Invitation />}>
        <div class="flex items-baseline justify-between gap-3">
          <h2 class="text-ink-2" title={t.equityHint}>
            {t.equity}
          </h2>
          <p class="flex-1 text-right text-4 font-semibold" data-testid="equity">
            <Known text={usdc(view()?.equity)} /> <span class="text-1 font-normal text-ink-3">USDC</span>
          </p>
        </div>
        <dl class="facts balance-facts">
          <div>
            <dt>{t.unrealized}</dt>
            <dd>
              <Signed value={view()?.unrealized} text={formatQuote(view()?.unrealized ?? 0n, { plus: true })} arrow />
            </dd>
          </div>
          <Fact label={t.free} value={usdc(view()?.free)} />
          <Fact label={t.inUse} value={usdc(view()?.marginInUse, 'ceil')} />
          <Fact label={t.leverage} value={leverage()} extra />
          <div class="fact-extra">
            <dt title={t.realizedHint}>{t.realized}</dt>
            <dd>
              <Signed value={view()?.realized} text={formatQuote(view()?.realized ?? 0n, { plus: true })} />
            </dd>
          </div>
        </dl>
        <WaitingWithdrawal />
        <div class="grid grid-cols-2 gap-2">
          <button
            type="button"
            class="button button-small balance-button"
            disabled={desk.stage() !== 'ready' && desk.stage() !== 'signedIn'}
            onClick={() => openFunds(desk.stage() === 'ready' ? 'deposit' : 'open')}
          >
            {t.deposit}
          </button>
          <button
            type="button"
            class="button button-small balance-button"
            disabled={(view()?.free ?? 0n) === 0n}
            onClick={() => openFunds('withdraw')}
          >
            {t.withdraw}
          </button>
        </div>
      </Show>
    </section>
  );
}

function Fact(props: { readonly label: string; readonly value: string; readonly extra?: boolean }): JSX.Element {
  return (
    <div classList={{ 'fact-extra': props.extra === true }}>
      <dt>{props.label}</dt>
      <dd>
        <Known text={props.value} />
      </dd>
    </div>
  );
}

/** What a visitor sees in the place of a balance. */
function Invitation(): JSX.Element {
  return (
    <div class="grid gap-3">
      <div>
        <h2 class="text-3 font-semibold">{texts.wallet.title}</h2>
        <p class="mt-1 text-ink-2">{texts.wallet.text}</p>
      </div>
      <button type="button" class="button" data-testid="start-trading" onClick={openWalletDialog}>
        {texts.wallet.connect}
      </button>
    </div>
  );
}
