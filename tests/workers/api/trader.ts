import { ed25519 } from '@noble/curves/ed25519.js';
import { Keypair, VersionedTransaction } from '@solana/web3.js';
import bs58 from 'bs58';
import type { OrderDetailDto, OrderDto } from '#shared/protocol/orders.ts';
import { base64OfBytes, bytesOfBase64 } from '../../../workers/chain/rpc.ts';
import { until } from '../market/hermes-control.ts';
import { type Answer, call, type CallOptions, signIn, type TestWallet } from './caller.ts';

/** An answer as JSON.parse reads it: decimals are plain numbers. */
export type Plain<Dto> = { readonly [Field in keyof Dto]: PlainValue<Dto[Field]> };
type PlainValue<Value> = Value extends bigint ? number : Value;

/** An order as the API answers it, or the code of a refusal. */
export type PlacedOrder = Plain<OrderDto> & { code?: string };

interface Built {
  readonly transaction: string;
  readonly summary: readonly string[];
}

interface Submitted {
  readonly signature: string;
  readonly status: string;
}

/** A trader who uses nothing but the API and his own key. */
export class ApiTrader {
  readonly keypair = Keypair.generate();
  readonly address = this.keypair.publicKey.toBase58();
  #token = '';

  /** Signed in, without an account on chain. */
  static async signedIn(): Promise<ApiTrader> {
    const trader = new ApiTrader();
    ({ token: trader.#token } = await signIn(trader.wallet));
    return trader;
  }

  /** Signed in and funded, with an account that delegates and holds `deposit` USDC. */
  static async open(deposit: number): Promise<ApiTrader> {
    const trader = await ApiTrader.signedIn();
    await trader.expect(200, 'POST', '/api/dev/faucet', { body: { wallet_address: trader.address } });
    const { status } = await trader.act('open_account', { deposit });
    if (status !== 'confirmed') throw new Error(`open_account is ${status}`);
    return trader;
  }

  get token(): string {
    return this.#token;
  }

  get wallet(): TestWallet {
    return {
      address: this.address,
      sign: (text) => bs58.encode(ed25519.sign(new TextEncoder().encode(text), this.#secret)),
    };
  }

  get #secret(): Uint8Array {
    return this.keypair.secretKey.slice(0, 32);
  }

  call<Body>(method: string, path: string, options: CallOptions = {}): Promise<Answer<Body>> {
    return call<Body>(method, path, { token: this.#token, ...options });
  }

  /** The body of an answer that must have this status. */
  async expect<Body>(status: number, method: string, path: string, options: CallOptions = {}): Promise<Body> {
    const answer = await this.call<Body>(method, path, options);
    if (answer.status !== status) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** Places an order; one that executes at once is answered as it ends. */
  async place(order: Record<string, unknown>, idempotencyKey?: string): Promise<Answer<PlacedOrder>> {
    const body = { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 1, leverage: 10, ...order };
    const headers = idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey };
    const answer = await this.call<PlacedOrder>('POST', '/api/trading/orders', { body, headers });
    return answer.status === 201 ? { ...answer, body: await this.#ended(answer.body) } : answer;
  }

  /** Asks what a market order brings about (a close, a change of margin) and answers the order as it ends. */
  async execute(path: string, body: object): Promise<Plain<OrderDto>> {
    return this.#ended(await this.expect<PlacedOrder>(201, 'POST', path, { body }));
  }

  /** The API answers after three seconds whatever the chain does: what is under way then is waited for. */
  async #ended(order: PlacedOrder): Promise<PlacedOrder> {
    if (order.order_type !== 'market' || order.status !== 'pending') return order;
    return until('the market order ends', async () => {
      const { attempts: _, ...now } = await this.expect<Plain<OrderDetailDto>>(
        200,
        'GET',
        `/api/trading/orders/${order.order_id}`,
      );
      return now.status !== 'pending' && now;
    });
  }

  build(action: string, params: Record<string, unknown>): Promise<Built> {
    return this.expect<Built>(200, 'POST', '/api/trading/transactions', { body: { action, params } });
  }

  /** Signs as a wallet does: its own signature, the others left open. */
  sign(transaction: string): string {
    const parsed = VersionedTransaction.deserialize(bytesOfBase64(transaction));
    parsed.addSignature(this.keypair.publicKey, ed25519.sign(parsed.message.serialize(), this.#secret));
    return base64OfBytes(parsed.serialize());
  }

  submit<Body = Submitted>(transaction: string): Promise<Answer<Body>> {
    return this.call<Body>('POST', '/api/trading/transactions/submit', { body: { transaction } });
  }

  /** Builds, signs and submits. */
  async act(action: string, params: Record<string, unknown>): Promise<Submitted> {
    const { transaction } = await this.build(action, params);
    const { body } = await this.submit(this.sign(transaction));
    return body;
  }
}
