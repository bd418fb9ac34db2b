import { PublicKey } from '@solana/web3.js';
import * as z from 'zod';
import { createClient } from '#sdk/index.ts';
import type { ExampleWallet } from '../../examples/wallet.ts';
import { Addresses } from '../../workers/chain/addresses.ts';
import { Instructions } from '../../workers/chain/instructions.ts';
import { SolanaRpc } from '../../workers/chain/rpc.ts';
import { buildTransaction, type Confirmation, confirmTransaction, wireOf } from '../../workers/chain/transactions.ts';
import { sleep } from '../../workers/platform/clock.ts';

const answerMsMax = 20_000;
const confirmMsMax = 60_000;
const pollMs = 500;
/** Builds a transaction, changes nothing: needs no fresh signature. */
const unconfirmed = 'POST /api/admin/transactions';

const builtSchema = z.object({
  transaction: z.string(),
  summary: z.array(z.string()),
  last_valid_block_height: z.number().int(),
});

/** An answer of the exchange, with its body as it was written. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** An operator's wallet at an exchange: asks and changes as `/api/admin` allows, and uses its roles of the program. */
export class Operator {
  readonly #api: string;
  readonly #wallet: ExampleWallet;
  readonly #report: (line: string) => void;
  #token: string | null = null;

  /** `api`: where the worker answers, without a path. */
  constructor(api: string, wallet: ExampleWallet, report: (line: string) => void) {
    this.#api = api;
    this.#wallet = wallet;
    this.#report = report;
  }

  /** Sends a request; one that changes something is confirmed by a signature over exactly it. @throws ApiError where signing in is refused. */
  async send(method: string, path: string, body: string | null): Promise<Answer> {
    await this.#signIn();
    const operation = `${method} ${path}`;
    const headers = new Headers({ authorization: `Bearer ${this.#token ?? ''}` });
    if (body !== null) headers.set('content-type', 'application/json');
    if (method !== 'GET' && operation !== unconfirmed) {
      const client = this.#client();
      const fields = z.record(z.string(), z.unknown()).parse(JSON.parse(body ?? '{}'));
      const request = body === null ? { operation } : { operation, body: fields };
      const text = await client.auth.stepUpText(request);
      this.#report(text);
      headers.set('x-step-up', await client.auth.stepUp(request, text, this.#wallet.signMessage(text)));
    }
    const signal = AbortSignal.timeout(answerMsMax);
    const response = await fetch(new URL(path, this.#api), { method, headers, body, signal });
    return { status: response.status, text: await response.text() };
  }

  /** Signs a transaction that the exchange built, says what it does, sends it and waits for it. @throws where it is refused. */
  async use(answer: Answer): Promise<Confirmation> {
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    const built = builtSchema.parse(JSON.parse(answer.text));
    for (const line of built.summary) this.#report(line);
    return this.#land(built.transaction, built.last_valid_block_height);
  }

  /** Lets a key sign trades from the end of the time lock on, or no more from now on. @throws ChainUnavailable */
  async changeKeeper(name: 'add_keeper' | 'remove_keeper', keeper: string): Promise<Confirmation> {
    const { program_id: program, usdc_mint: mint } = await this.#client().config();
    const addresses = new Addresses(program, mint);
    const authority = new PublicKey(this.#wallet.address);
    const args = { keeper: new PublicKey(keeper) };
    const accounts = { authority, exchange: addresses.exchange };
    const instruction = new Instructions(addresses).role(name, accounts, args);
    const { blockhash, lastValidBlockHeight } = await (await this.#rpc()).getLatestBlockhash();
    return this.#land(wireOf(buildTransaction([instruction], authority, blockhash)), lastValidBlockHeight);
  }

  async #land(transaction: string, lastValidBlockHeight: number): Promise<Confirmation> {
    const rpc = await this.#rpc();
    const signature = await rpc.sendTransaction(this.#wallet.signTransaction(transaction));
    this.#report(signature);
    const options = { pollMs, timeoutMs: confirmMsMax, sleep, nowMs: () => Date.now() };
    return confirmTransaction(rpc, { signature, lastValidBlockHeight }, options);
  }

  async #rpc(): Promise<SolanaRpc> {
    return new SolanaRpc((await this.#client().config()).rpc_url);
  }

  async #signIn(): Promise<void> {
    if (this.#token !== null) return;
    const client = this.#client();
    const { message } = await client.auth.nonce(this.#wallet.address);
    const { token } = await client.auth.login(this.#wallet.address, message, this.#wallet.signMessage(message));
    this.#token = token;
  }

  #client() {
    return createClient({ baseUrl: this.#api, accessToken: () => this.#token ?? undefined });
  }
}
