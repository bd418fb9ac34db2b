import { createClient, type ClientOptions, type QuantDeskClient } from '#sdk/index.ts';
import { quote } from '#shared/money/units.ts';
import type { QueryClient } from '@tanstack/solid-query';
import { createContext, createEffect, createSignal, on, useContext, type Accessor } from 'solid-js';

import { noticeOfAlert, noticeOfOrder } from '../domain/notices.ts';
import { texts } from '../i18n/index.ts';
import { createCommands } from './commands.ts';
import { createEntrance } from './entrance.ts';
import { createLiveAccount } from './live-account.ts';
import { createLiveMarkets } from './live-markets.ts';
import { createNotices } from './notices.ts';
import { createOnboarding } from './onboarding.ts';
import { createPositionViews } from './position-views.ts';
import { createQueries } from './queries.ts';
import { browserSessionMemory } from './session-memory.ts';
import { createSession, type SessionParts } from './session.ts';
import { createSigning } from './signing.ts';
import type { Site } from './site.ts';

/** What "Start trading with test funds" deposits of the faucet's 10,000 USDC. */
const demoDeposit = quote(5_000_000_000n);

/** The record of fills follows the chain by a moment: read soon, and once more for a slow one. */
const historyDelaysMs = [500, 2_000, 6_000] as const;

/** Whatever belongs to a wallet goes with it: nothing of one is shown to the next. */
function onWalletLeft(address: Accessor<string | undefined>, queryClient: QueryClient, forget: () => void): void {
  const leave = (left: string | undefined) => {
    forget();
    if (left !== undefined) queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey.includes(left) });
  };
  createEffect(on(address, (_, left) => leave(left), { defer: true }));
}

/** The session of this browser, and the client that sends under it. */
function createIdentity(site: Site, onReplaced: SessionParts['onReplaced']) {
  const connect = (options: Partial<ClientOptions>) => createClient({ baseUrl: site.api.http, ...options });
  const session = createSession({ connect, site, memory: browserSessionMemory(), onReplaced });
  const { accessToken, refresh, learnEnd } = session;
  const client: QuantDeskClient = connect({ accessToken, refresh, onSessionEnded: learnEnd });
  return { client, session };
}

/** Everything behind the screen, made once. Features get it from `useDesk`. */
export function createDesk(queryClient: QueryClient, site: Site) {
  const { api } = site;
  const { client, session } = createIdentity(site, (next) => {
    entrance.yieldTo(next);
    if (next === undefined) notices.show({ tone: 'neutral', ...texts.session.leftElsewhere });
  });
  const queries = createQueries(client);
  const notices = createNotices(() => session.address() ?? '');
  const signing = createSigning();
  const live = createLiveMarkets(api);
  /** Signature of the liquidation whose receipt is shown. */
  const [receiptOf, showReceipt] = createSignal<string | undefined>();
  /** The position whose liquidation was last shown without being asked for. */
  let receiptPosition: string | undefined;

  const refreshHistory = () => {
    for (const delayMs of historyDelaysMs) {
      setTimeout(() => {
        void queryClient.invalidateQueries({ queryKey: ['fills'] });
        void queryClient.invalidateQueries({ queryKey: ['funding'] });
        void queryClient.invalidateQueries({ queryKey: ['liquidations'] });
      }, delayMs);
    }
  };

  const own = createLiveAccount(api, session.freshToken, {
    onOrder: (order, before) => {
      const notice = noticeOfOrder(order, before);
      if (notice !== undefined) notices.show(notice);
      if (order.stage === 'filled') refreshHistory();
    },
    onAlert: (alert) => {
      notices.show(noticeOfAlert(alert));
      if (alert.kind !== 'liquidated') return;
      refreshHistory();
      // A falling position is liquidated in steps: the first opens its receipt, the others wait in the notices and the table.
      if (alert.transaction_hash !== null && alert.position_id !== receiptPosition) showReceipt(alert.transaction_hash);
      receiptPosition = alert.position_id;
    },
    // A token that cannot be renewed either is of a session that was ended.
    onTokenRefused: () => void session.refresh(),
  });

  const positionViews = createPositionViews({ account: own.account, live: live.markets, queries, queryClient });
  const commands = createCommands({ client, learnOrder: own.learnOrder, show: notices.show });
  const entrance = createEntrance(session, own);
  onWalletLeft(entrance.address, queryClient, () => {
    showReceipt(undefined);
    receiptPosition = undefined;
    commands.forget();
  });
  const onboarding = createOnboarding({ client, site, deposit: demoDeposit, enter: entrance.enter });

  return {
    /** What the terminal was deployed for. */
    site,
    api,
    client,
    queries,
    notices,
    signing,
    /** Who is signed in here, for what is asked and kept in its name. */
    session: { address: entrance.address, stored: session.stored, follow: session.follow },
    ...{ live, own, positionViews, commands },
    onboarding,
    entrance,
    ...{ wallet: entrance.wallet, stage: entrance.stage, enter: entrance.enter, leave: entrance.leave },
    receiptOf,
    showReceipt,
  };
}

export type Desk = ReturnType<typeof createDesk>;

const DeskContext = createContext<Desk>();

export const DeskProvider = DeskContext.Provider;

/** The desk of this page. */
export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error('useDesk outside of DeskProvider');
  return desk;
}
