import { createSignal } from 'solid-js';

import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';

import { useDesk } from '../../data/desk.ts';
import { errorText, isDeclined } from '../../data/error-text.ts';
import { signAndSubmit } from '../../data/transactions.ts';

/** One thing at a time that can fail: whether it runs, and what to say when it did not work. */
export function useAttempt() {
  const [busy, setBusy] = createSignal(false);
  const [error, setError] = createSignal<string | undefined>();
  const attempt = async (run: () => Promise<void>): Promise<void> => {
    if (busy()) return;
    setBusy(true);
    setError(undefined);
    try {
      await run();
    } catch (failure) {
      if (!isDeclined(failure)) setError(errorText(failure));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, attempt };
}

/** A transaction that the wallet signs after its summary was read. @throws as `signAndSubmit` */
export function useSigned() {
  const desk = useDesk();
  return async (request: BuildTransactionRequest, title: string): Promise<boolean> => {
    const wallet = desk.wallet();
    if (wallet === undefined) return false;
    await signAndSubmit(desk.client, { request, wallet, title, signing: desk.signing, site: desk.site });
    return true;
  };
}
