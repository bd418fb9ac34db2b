import { Match, Show, Switch, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { texts } from '../../i18n/pages.ts';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { usePresence } from '../portfolio/use-visitor.ts';
import { NoAccount, Visitor } from '../portfolio/visitor.tsx';
import { AlertsPanel } from './alerts-panel.tsx';
import { RatiosPanel } from './ratios-panel.tsx';
import { RiskFigures } from './risk-figures.tsx';
import { useHeld } from './use-held.ts';
import { WhatIfPanel } from './what-if-panel.tsx';

/** The content of /risk: how near each position is to its liquidation, and what a move of prices would do. */
export function RiskPage(): JSX.Element {
  const presence = usePresence();
  const t = texts.risk;
  return (
    <div class="account-page">
      <header class="page-bar">
        <h1 class="page-title">{texts.shell.pages.risk}</h1>
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
  const { held, health, markets } = useHeld();
  const isUnopened = () => desk.stage() === 'signedIn' && desk.own.account.balance?.account_open === false;
  const failed = () => (held() === undefined ? (markets.error ?? null) : null);
  const retry = () => void markets.refetch();
  return (
    <Show when={held() !== undefined || failed() !== null} fallback={<SkeletonRows rows={8} />}>
      <div class="page-column">
        <RiskFigures held={held()} health={health.data} />
        <Show when={isUnopened()}>
          <NoAccount />
        </Show>
        <RatiosPanel held={held()} failed={failed()} onRetry={retry} />
        <WhatIfPanel
          held={held()}
          free={desk.own.account.balance?.available_balance}
          failed={failed()}
          onRetry={retry}
        />
        <AlertsPanel />
      </div>
    </Show>
  );
}
