import { ApiError, newIdempotencyKey, type QuantDeskClient } from '#sdk/index.ts';
import type { BuildTransactionRequest, SubmittedTransactionDto } from '#shared/protocol/transactions.ts';

import { isAnswerLost, nextQuestion } from '../domain/command-outcome.ts';
import { createUnsettled } from '../domain/unsettled.ts';
import { OutcomeUnknown } from './outcome-unknown.ts';
import type { Signing } from './signing.ts';
import type { Site } from './site.ts';
import { fromBase64, toBase64 } from './wallet/transaction-bytes.ts';
import type { DeskWallet } from './wallet/types.ts';

export interface SignAndSubmitOptions {
  readonly request: BuildTransactionRequest;
  readonly wallet: DeskWallet;
  /** What the terminal was deployed for. */
  readonly site: Pick<Site, 'usdcMint'>;
  readonly title: string;
  /** Left out where the trader has agreed to this very transaction just before. */
  readonly signing?: Signing;
  /** Told what is signed, for flows that show it themselves. */
  readonly onSummary?: (summary: readonly string[]) => void;
}

/** A transaction that the wallet signed. */
interface Signed {
  /** In base64. */
  readonly transaction: string;
  readonly queued: boolean;
}

/** Signed transactions without an outcome, by wallet and request. */
const unsettled = createUnsettled<Signed>();
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Has the exchange build a transaction, holds it against what was asked for, shows what it does by its own bytes, has the wallet sign it and submits it. Where the answer is lost, the same
 * transaction is submitted again, which lands once; one whose outcome stays unknown is what the next equal request submits first.
 *
 * @throws ApiError, WalletRefused, SignatureDeclined, OutcomeUnknown
 */
export async function signAndSubmit(
  client: QuantDeskClient,
  options: SignAndSubmitOptions,
): Promise<SubmittedTransactionDto & { readonly queued: boolean }> {
  const { request, wallet } = options;
  const wish = [wallet.address, ...wordsOf(request)].join('/');
  const signed = unsettled.find(wish, Date.now()) ?? (await build(client, options));
  unsettled.keep(wish, signed, Date.now());
  try {
    const submitted = await submit(client, signed.transaction);
    unsettled.forget(wish);
    return { ...submitted, queued: signed.queued };
  } catch (error) {
    if (!(error instanceof OutcomeUnknown)) unsettled.forget(wish);
    throw error;
  }
}

async function build(
  client: QuantDeskClient,
  { request, wallet, site, title, signing, onSummary }: SignAndSubmitOptions,
): Promise<Signed> {
  const [{ checkTransaction }, exchange, built] = await Promise.all([
    import('./wallet/check/transaction.ts'),
    client.config(),
    client.transactions.build(request),
  ]);
  const transaction = fromBase64(built.transaction);
  const summary = await checkTransaction(transaction, {
    request,
    wallet: wallet.address,
    named: { program: exchange.program_id, usdcMint: exchange.usdc_mint },
    usdcMint: site.usdcMint,
    nowMs: Date.now(),
  });
  onSummary?.(summary);
  await signing?.confirm({ title, summary, walletName: wallet.name });
  const signed = await wallet.signTransaction(transaction);
  return { transaction: toBase64(signed), queued: built.queued ?? false };
}

/** Submits until there is an answer, within a bound. @throws ApiError, OutcomeUnknown */
async function submit(client: QuantDeskClient, transaction: string): Promise<SubmittedTransactionDto> {
  const key = newIdempotencyKey();
  for (let asked = 0; ; asked++) {
    try {
      return unfailed(await client.transactions.submit(transaction, key));
    } catch (error) {
      if (!isAnswerLost(error)) throw error;
      const next = nextQuestion(asked, 0);
      if (next.kind !== 'ask') throw new OutcomeUnknown('', { cause: error });
      await pause(next.afterMs);
    }
  }
}

/** @throws ApiError where the program refused it. */
function unfailed(submitted: SubmittedTransactionDto): SubmittedTransactionDto {
  if (submitted.status !== 'failed') return submitted;
  const reason = submitted.error ?? { code: 'TRADING_021', message: 'The program refused the transaction.' };
  throw new ApiError({ status: 422, code: reason.code, message: reason.message, retryable: false });
}

/** A request as words: amounts are bigints, which JSON has no place for. */
const wordsOf = ({ action, params }: BuildTransactionRequest): string[] => [
  action,
  ...Object.entries(params).map(([name, value]) => `${name}=${String(value)}`),
];
