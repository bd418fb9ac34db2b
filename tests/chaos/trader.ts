import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, createClient, newIdempotencyKey, openAccountRequest, type QuantDeskClient } from '#sdk/index.ts';
import { type Quote, quote, QUOTE_SCALE } from '#shared/money/units.ts';
import type { BuildTransactionRequest } from '#shared/protocol/transactions.ts';
import { createWallet, type ExampleWallet } from '../../examples/wallet.ts';

const retryPauseMs = 300;
const patienceMs = 120_000;

/** Answers that a client does not ask again after: the request was understood, and this is what became of it. */
const isFinal = (error: unknown): boolean =>
  error instanceof ApiError && !error.retryable && error.status >= 400 && error.status < 500;

/** Asks again, with the same key, until there is an answer: what a client does that never learned what became of its request. */
export async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (isFinal(error) || Date.now() > deadline) throw error;
      await sleep(retryPauseMs);
    }
  }
}

/** A trader with a wallet of his own, who reaches the exchange as any client does. */
export class Trader {
  readonly wallet: ExampleWallet;
  readonly client: QuantDeskClient;
  readonly token: string;
  readonly #baseUrl: string;

  constructor(wallet: ExampleWallet, baseUrl: string, token: string) {
    this.wallet = wallet;
    this.client = createClient({ baseUrl, accessToken: () => token });
    this.token = token;
    this.#baseUrl = baseUrl;
  }

  get address(): string {
    return this.wallet.address;
  }

  /** Funded, with an account that delegates and holds `depositUsdc`. */
  static async open({ worker }: { readonly worker: { readonly url: string } }, depositUsdc: bigint): Promise<Trader> {
    const baseUrl = worker.url;
    const wallet = createWallet();
    const { auth } = createClient({ baseUrl });
    const token = await untilAnswered(async () => {
      const { message } = await auth.nonce(wallet.address);
      return (await auth.login(wallet.address, message, wallet.signMessage(message))).token;
    });
    const trader = new Trader(wallet, baseUrl, token);
    await untilAnswered(() => trader.client.account.faucet(wallet.address));
    await trader.submit(openAccountRequest(quote(depositUsdc * QUOTE_SCALE)));
    await trader.untilCollateral((collateral) => collateral > 0n);
    return trader;
  }

  /** Builds, signs and submits until there is an answer, always the same transaction. Answers its signature. */
  async submit(request: BuildTransactionRequest): Promise<string> {
    const built = await untilAnswered(() => this.client.transactions.build(request));
    const signed = this.wallet.signTransaction(built.transaction);
    const key = newIdempotencyKey();
    const submitted = await untilAnswered(async () => {
      const answer = await this.client.transactions.submit(signed, key);
      if (answer.status === 'processed') throw new Error('not confirmed yet');
      return answer;
    });
    if (submitted.status !== 'confirmed') throw new Error(`${request.action}: ${JSON.stringify(submitted)}`);
    return submitted.signature;
  }

  /** Changes an order until there is an answer, with one key. */
  async amend(orderId: string, change: Readonly<Record<string, string>>): Promise<void> {
    const key = newIdempotencyKey();
    await untilAnswered(async () => {
      const answer = await fetch(`${this.#baseUrl}/api/trading/orders/${orderId}`, {
        method: 'PATCH',
        headers: {
          authorization: `Bearer ${this.token}`,
          'content-type': 'application/json',
          'idempotency-key': key,
        },
        body: JSON.stringify(change),
      });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`the order was not changed: ${text}`);
    });
  }

  /** The exchange knows of the deposit: from then on orders are accepted. */
  async untilCollateral(isEnough: (collateral: Quote) => boolean): Promise<void> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const balance = await untilAnswered(() => this.client.account.balance());
      if (isEnough(balance.available_balance)) return;
      if (Date.now() > deadline) throw new Error('the deposit did not arrive');
      await sleep(100);
    }
  }
}
