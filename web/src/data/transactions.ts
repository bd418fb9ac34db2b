import { ApiError, newIdempotencyKey, type QuantDeskClient } from '#sdk/index.ts';
import type { BuildTransactionRequest, SubmittedTransactionDto } from '#shared/protocol/transactions.ts';

import type { Signing } from './signing.ts';
import { fromBase64, toBase64 } from './wallet/transaction-bytes.ts';
import type { DeskWallet } from './wallet/types.ts';

export interface SignAndSubmitOptions {
  readonly request: BuildTransactionRequest;
  readonly wallet: DeskWallet;
  readonly title: string;
  /** Left out where the trader has agreed to this very transaction just before. */
  readonly signing?: Signing;
  /** Told what is signed, for flows that show it themselves. */
  readonly onSummary?: (summary: readonly string[]) => void;
}

/**
 * Has the exchange build a transaction, shows what it does, has the wallet sign it and submits it.
 *
 * @throws ApiError, WalletRefused, SignatureDeclined
 */
export async function signAndSubmit(
  client: QuantDeskClient,
  options: SignAndSubmitOptions,
): Promise<SubmittedTransactionDto & { readonly queued: boolean }> {
  const { request, wallet, title, signing, onSummary } = options;
  const built = await client.transactions.build(request);
  onSummary?.(built.summary);
  await signing?.confirm({ title, summary: built.summary, walletName: wallet.name });
  const signed = await wallet.signTransaction(fromBase64(built.transaction));
  const submitted = await client.transactions.submit(toBase64(signed), newIdempotencyKey());
  if (submitted.status === 'failed') {
    const reason = submitted.error ?? { code: 'TRADING_021', message: 'The program refused the transaction.' };
    throw new ApiError({ status: 422, code: reason.code, message: reason.message, retryable: false });
  }
  return { ...submitted, queued: built.queued ?? false };
}
