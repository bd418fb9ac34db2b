import { Match, Show, Switch, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { texts } from '../../i18n/pages.ts';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { openFunds } from '../wallet/dialogs.ts';
import { WaitingWithdrawal } from '../balance/waiting-withdrawal.tsx';
import { DelegatePanel } from './delegate-panel.tsx';
import { ExportPanel } from './export-panel.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { MarketsPanel } from './markets-panel.tsx';
import { PerformancePanel } from './performance-panel.tsx';
import { PortfolioFigures } from './portfolio-figures.tsx';
import { SessionsPanel } from './sessions-panel.tsx';
import { usePresence } from './use-visitor.ts';
import { NoAccount, Visitor } from './visitor.tsx';

/** The content of /portfolio: what the account is worth, how it came to that, and who may act for it. */
export function PortfolioPage(): JSX.Element {
  const desk = useDesk();
  const t = texts.portfolio;
  const presence = usePresence();
  return (
    <div class="account-page">
      <header class="page-bar">
        <h1 class="page-title">{texts.shell.pages.portfolio}</h1>
        <Show when={desk.stage() === 'ready'}>
          <div class="flex gap-2">
            <button type="button" class="button" onClick={() => openFunds('deposit')} data-testid="portfolio-deposit">
              {texts.balance.deposit}
            </button>
            <button
              type="button"
              class="button"
              disabled={(desk.own.account.balance?.available_balance ?? 0n) === 0n}
              onClick={() => openFunds('withdraw')}
              data-testid="portfolio-withdraw"
            >
              {texts.balance.withdraw}
            </button>
          </div>
        </Show>
      </header>
      <Switch>
        <Match when={presence() === 'visitor'}>
          <Visitor title={t.visitorTitle} text={t.visitorText} />
        </Match>
        <Match when={presence() === 'trader'}>
          <Content />
        </Match>
        <Match when={presence() === 'resuming'}>
          <SkeletonRows rows={8} />
        </Match>
      </Switch>
    </div>
  );
}

function Content(): JSX.Element {
  const desk = useDesk();
  const isUnopened = () => desk.stage() === 'signedIn' && desk.own.account.balance?.account_open === false;
  return (
    <>
      <PortfolioFigures />
      <Show when={isUnopened()}>
        <div class="mt-1">
          <NoAccount />
        </div>
      </Show>
      <div class="panel mt-1 px-3 py-2 empty:hidden">
        <WaitingWithdrawal />
      </div>
      <div class="page-columns">
        <div class="page-column">
          <PerformancePanel />
          <MarketsPanel />
          <HistoryPanel />
        </div>
        <div class="page-column">
          <DelegatePanel />
          <ExportPanel />
          <SessionsPanel />
        </div>
      </div>
    </>
  );
}
