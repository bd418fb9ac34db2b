import { createClient, type QuantDeskClient } from '#sdk/index.ts';
import { quote } from '#shared/money/units.ts';
import type { ConfigResponse } from '#shared/protocol/config.ts';
import type { QueryClient } from '@tanstack/solid-query';
import { createContext, createSignal, useContext } from 'solid-js';

import { noticeOfAlert, noticeOfOrder } from '../domain/notices.ts';
import type { TraderStage } from '../domain/ticket/context.ts';
import { createLiveAccount, type LiveAccountStream } from './live-account.ts';
import { createLiveMarkets } from './live-markets.ts';
import { createNotices } from './notices.ts';
import { createOnboarding } from './onboarding.ts';
import { createQueries } from './queries.ts';
import { createSession, type Session } from './session.ts';
import { createSigning } from './signing.ts';
import { openDemoWallet } from './wallet/demo.ts';
import type { DeskWallet } from './wallet/types.ts';

/** What "Start trading with test funds" deposits of the faucet's 10,000 USDC. */
const demoDeposit = quote(5_000_000_000n);

/** The record of fills follows the chain by a moment: read soon, and once more for a slow one. */
const historyDelaysMs = [500, 2_000, 6_000] as const;

/** Chain names of the Wallet Standard. */
const chainOf = { local: 'solana:localnet', devnet: 'solana:devnet', mainnet: 'solana:mainnet' } as const;

/** Who trades here, and how far in. */
function createEntrance(session: Session, own: LiveAccountStream) {
  const [wallet, setWallet] = createSignal<DeskWallet | undefined>();
  const [connecting, setConnecting] = createSignal(false);

  const use = (next: DeskWallet): DeskWallet => {
    setWallet(next);
    return next;
  };

  return {
    wallet,
    use,
    /** Signs in, unless this tab's session is of the same wallet, and opens the private stream. @throws ApiError, WalletRefused */
    enter: async (next: DeskWallet): Promise<void> => {
      setConnecting(true);
      try {
        use(next);
        const known = session.address() === next.address && (await session.freshToken()) !== undefined;
        if (!known) await session.signIn(next);
        own.open();
      } finally {
        setConnecting(false);
      }
    },
    leave: async (): Promise<void> => {
      own.close();
      const left = wallet();
      setWallet(undefined);
      await session.signOut();
      await left?.disconnect();
    },
    /** How far the visitor is on the way to trading. */
    stage: (): TraderStage => {
      if (wallet() === undefined) return 'visitor';
      if (session.address() === undefined || connecting()) return 'signing';
      return own.account.balance?.account_open === true ? 'ready' : 'signedIn';
    },
  };
}

/** Everything behind the screen, made once. Features get it from `useDesk`. */
export function createDesk(queryClient: QueryClient) {
  const session = createSession(() => client);
  const client: QuantDeskClient = createClient({
    baseUrl: '',
    accessToken: session.accessToken,
    refresh: session.refresh,
  });
  const queries = createQueries(client);
  const notices = createNotices();
  const signing = createSigning();
  const live = createLiveMarkets();
  /** Signature of the liquidation whose receipt is shown. */
  const [receiptOf, showReceipt] = createSignal<string | undefined>();
  /** The position whose liquidation was last shown without being asked for. */
  let receiptPosition: string | undefined;

  const refreshHistory = () => {
    for (const delayMs of historyDelaysMs) {
      setTimeout(() => {
        void queryClient.invalidateQueries({ queryKey: ['fills'] });
        void queryClient.invalidateQueries({ queryKey: ['liquidations'] });
      }, delayMs);
    }
  };

  const own = createLiveAccount(session.freshToken, {
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
  });

  const entrance = createEntrance(session, own);
  const onboarding = createOnboarding({
    client,
    session,
    deposit: demoDeposit,
    openWallet: async () => entrance.use(await openDemoWallet()),
  });

  return {
    client,
    queries,
    notices,
    signing,
    session,
    live,
    own,
    onboarding,
    wallet: entrance.wallet,
    stage: entrance.stage,
    enter: entrance.enter,
    leave: entrance.leave,
    /** Signed in by the onboarding itself: only the stream is missing. */
    openAccountStream: own.open,
    receiptOf,
    showReceipt,
    chainFor: (config: ConfigResponse) => chainOf[config.network],
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
