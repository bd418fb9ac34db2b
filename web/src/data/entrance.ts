import type { BalanceDto } from '#shared/protocol/portfolio.ts';
import { batch, createEffect, createSignal, on } from 'solid-js';

import type { TraderStage } from '../domain/ticket/context.ts';
import type { LiveAccountStream } from './live-account.ts';
import type { Session } from './session.ts';
import type { DeskWallet } from './wallet/types.ts';

function accountStage(balance: Pick<BalanceDto, 'account_open'> | undefined): TraderStage {
  if (balance === undefined) return 'loading';
  return balance.account_open ? 'ready' : 'signedIn';
}

/**
 * Who trades here, and how far in. The wallet on screen and the session that requests are sent under are of the same address, or nobody is
 * signed in.
 */
export function createEntrance(session: Session, own: LiveAccountStream) {
  const [held, hold] = createSignal<DeskWallet | undefined>();
  const [connecting, setConnecting] = createSignal(false);
  /** Whether the wallet of the session that is kept may still be found in this page. */
  const [resuming, setResuming] = createSignal(session.address() !== undefined);
  /** Counts who came and went: what an earlier one still waits for is void. */
  let turn = 0;

  const wallet = (): DeskWallet | undefined => {
    const known = held();
    if (known === undefined || connecting()) return known;
    return known.address === session.address() || known.address === session.ended() ? known : undefined;
  };
  const begin = (next: DeskWallet | undefined, state: { connecting: boolean; resuming: boolean }) => {
    turn += 1;
    batch(() => {
      hold(next);
      setConnecting(state.connecting);
      setResuming(state.resuming);
    });
    return turn;
  };
  /** How far the visitor is on the way to trading. */
  const stage = (): TraderStage => {
    if (connecting()) return 'signing';
    const known = wallet();
    if (known === undefined) return resuming() ? 'signing' : 'visitor';
    return known.address === session.address() ? accountStage(own.account.balance) : 'ended';
  };
  // What was on screen is nobody's any more.
  createEffect(on(session.ended, (address) => address !== undefined && own.close(), { defer: true }));

  return {
    wallet,
    /** The address that is signed in with a wallet of this page. */
    address: (): string | undefined => (held()?.address === session.address() ? session.address() : undefined),
    /** Signs in, unless the session is of this wallet, and opens the private stream. @throws ApiError, WalletRefused, SignInSuperseded */
    enter: async (next: DeskWallet): Promise<void> => {
      const before = wallet();
      // Nothing of another wallet stays on screen while this one signs.
      if (session.address() !== next.address) own.close();
      const mine = begin(next, { connecting: true, resuming: false });
      try {
        await session.signIn(next);
        if (mine === turn) own.open();
      } catch (error) {
        if (mine === turn) hold(before?.address === session.ended() ? before : undefined);
        throw error;
      } finally {
        if (mine === turn) setConnecting(false);
      }
    },
    /** Takes up the session that is kept, if it is this wallet's. Asks the wallet for nothing. */
    resume: (found: DeskWallet): boolean => {
      if (held() !== undefined || session.address() !== found.address) return false;
      begin(found, { connecting: false, resuming: false });
      own.open();
      return true;
    },
    isResuming: resuming,
    /** The wallet of the session is not there: it is connected by hand, or not. */
    giveUpResuming: () => setResuming(false),
    /** Another tab signed out or in. */
    yieldTo: (next: unknown): void => {
      own.close();
      begin(undefined, { connecting: false, resuming: next !== undefined });
    },
    leave: async (): Promise<void> => {
      const left = held();
      own.close();
      const told = batch(() => {
        const signedOut = session.signOut();
        begin(undefined, { connecting: false, resuming: false });
        return signedOut;
      });
      await told;
      await left?.disconnect().catch(() => undefined);
    },
    stage,
  };
}
