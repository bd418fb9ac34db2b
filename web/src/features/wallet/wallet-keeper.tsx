import type { ConfigResponse } from '#shared/protocol/config.ts';
import { useQuery } from '@tanstack/solid-query';
import { createEffect, createMemo, on, onCleanup, type JSX } from 'solid-js';

import { useDesk, type Desk } from '../../data/desk.ts';
import { followMissedStages } from '../../data/missed-stages.ts';
import type { StoredSession } from '../../data/session-memory.ts';
import { hasDemoWallet, openDemoWallet } from '../../data/wallet/demo.ts';

/** Only for whoever was signed in with one of them. */
const standardWallets = () => import('../../data/wallet/standard.ts');

/** A wallet that has not announced itself by then is not there. */
const announcedMsMax = 2_500;

/**
 * Takes up the session of this browser after a reload, in a new tab, and when another tab has signed in. Nothing is signed for it, and a
 * wallet of another address is left alone: whoever wants that one connects it by hand.
 */
export function WalletKeeper(): JSX.Element {
  const desk = useDesk();
  followMissedStages({
    client: desk.client,
    notices: desk.notices,
    owner: desk.session.address,
    orders: () => desk.own.account.orders,
  });
  const config = useQuery(() => desk.queries.config());
  const id = () => desk.session.stored()?.id;

  const resume = async () => {
    const [known, stored] = [config.data, desk.session.stored()];
    if (stored === undefined) return desk.entrance.giveUpResuming();
    if (known === undefined || desk.wallet() !== undefined) return;
    const outcome = await resumeWith(desk, stored, known).catch(() => 'absent');
    if (outcome === 'absent' && id() === stored.id) desk.entrance.giveUpResuming();
  };

  createEffect(
    on([() => config.data, () => config.isError, id], ([, hasFailed]) => {
      if (hasFailed) desk.entrance.giveUpResuming();
      else void resume();
    }),
  );
  createEffect(() => {
    if (!desk.entrance.isResuming() || config.data === undefined) return;
    const timer = setTimeout(desk.entrance.giveUpResuming, announcedMsMax);
    onCleanup(() => clearTimeout(timer));
  });
  const isStandard = createMemo(() => desk.session.stored()?.kind === 'standard');
  createEffect(() => {
    if (!isStandard()) return;
    let stop: (() => void) | undefined;
    let isLeft = false;
    const watch = ({ watchWallets }: Awaited<ReturnType<typeof standardWallets>>) => {
      if (!isLeft) stop = watchWallets(() => void resume());
    };
    // Where the part cannot be fetched, nobody is taken up again: `resume` says so.
    standardWallets().then(watch, () => undefined);
    onCleanup(() => {
      isLeft = true;
      stop?.();
    });
  });
  return null;
}

/** `unannounced`: the wallet may still appear. @throws WalletRefused */
async function resumeWith(
  desk: Desk,
  stored: StoredSession,
  config: ConfigResponse,
): Promise<'resumed' | 'absent' | 'unannounced'> {
  if (stored.kind === 'demo') {
    if (!config.faucet || !hasDemoWallet()) return 'absent';
    return desk.entrance.resume(await openDemoWallet()) ? 'resumed' : 'absent';
  }
  const { connectWallet, listWallets } = await standardWallets();
  const namesakes = listWallets().filter(({ name }) => name === stored.walletName);
  if (namesakes.length === 0) return 'unannounced';
  for (const namesake of namesakes) {
    const terms = { silent: true, address: stored.address };
    const wallet = await connectWallet(namesake, desk.site.chain, terms).catch(() => undefined);
    if (wallet !== undefined && desk.entrance.resume(wallet)) return 'resumed';
  }
  return 'unannounced';
}
