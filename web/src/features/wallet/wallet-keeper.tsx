import { useQuery } from '@tanstack/solid-query';
import { createEffect, onCleanup, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { openDemoWallet } from '../../data/wallet/demo.ts';
import { connectWallet, listWallets, watchWallets } from '../../data/wallet/standard.ts';

const demoWalletName = 'Demo wallet';

/** Takes up this tab's session again after a reload, without asking for anything that was granted before. */
export function WalletKeeper(): JSX.Element {
  const desk = useDesk();
  const config = useQuery(() => desk.queries.config());

  const resume = async () => {
    const known = config.data;
    if (desk.wallet() !== undefined || known === undefined) return;
    const name = desk.session.walletName();
    if (name === undefined) return;
    try {
      if (name === demoWalletName) {
        if (known.faucet) await desk.enter(await openDemoWallet());
        return;
      }
      const wallet = listWallets().find((candidate) => candidate.name === name);
      if (wallet !== undefined) await desk.enter(await connectWallet(wallet, desk.chainFor(known), true));
    } catch {
      // The wallet was locked or has forgotten this page: the trader connects it again by hand.
      await desk.leave();
    }
  };

  createEffect(() => {
    if (config.data !== undefined) void resume();
  });
  onCleanup(watchWallets(() => void resume()));
  return null;
}
