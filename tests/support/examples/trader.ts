import {
  base,
  createClient,
  newIdempotencyKey,
  openAccountRequest,
  type RequestToConfirm,
  times,
  usd,
  usdc,
} from '#sdk/index.ts';
import { createWallet, type ExampleWallet } from '../../../examples/wallet.ts';
import { eventually } from './eventually.ts';
import type { Variables } from './run.ts';

/** A wallet with test funds and a trading account, who makes what the examples need. */
export class ExampleTrader {
  readonly wallet: ExampleWallet;
  readonly #api: string;
  #token = '';

  constructor(api: string, wallet: ExampleWallet = createWallet()) {
    this.#api = api;
    this.wallet = wallet;
  }

  get token(): string {
    return this.#token;
  }

  get client() {
    return createClient({ baseUrl: this.#api, accessToken: () => this.#token });
  }

  get variables(): Variables {
    return { API: this.#api, WALLET: this.wallet.address, TOKEN: this.#token };
  }

  /** Signs in, takes funds, opens an account and a position. */
  async start(): Promise<void> {
    await this.enter();
    await this.client.account.faucet(this.wallet.address);
    await this.submit(openAccountRequest(usdc('2000')));
    const order = { symbol: 'SOL-PERP', side: 'buy', order_type: 'market' } as const;
    await this.client.orders.place({ ...order, quantity: base('5'), leverage: times(5) }, newIdempotencyKey());
    await this.positionId();
  }

  /** Signs in and keeps the token. */
  async enter(): Promise<void> {
    this.#token = (await this.signIn()).token;
  }

  /** A fresh signature over one request: the token for its header. */
  async stepUp(request: RequestToConfirm): Promise<string> {
    const text = await this.client.auth.stepUpText(request);
    return this.client.auth.stepUp(request, text, this.wallet.signMessage(text));
  }

  async signIn() {
    const { message } = await this.client.auth.nonce(this.wallet.address);
    return this.client.auth.login(this.wallet.address, message, this.wallet.signMessage(message));
  }

  async submit(request: Parameters<ReturnType<typeof createClient>['transactions']['build']>[0]) {
    const built = await this.client.transactions.build(request);
    const signed = this.wallet.signTransaction(built.transaction);
    return this.client.transactions.submit(signed, newIdempotencyKey());
  }

  /** A limit order far below the price: it rests. */
  async restingOrder(): Promise<string> {
    const order = { symbol: 'SOL-PERP', side: 'buy', order_type: 'limit' } as const;
    const placed = await this.client.orders.place(
      { ...order, quantity: base('1'), price: usd('50'), leverage: times(2) },
      newIdempotencyKey(),
    );
    return placed.order_id;
  }

  async positionId(): Promise<string> {
    return eventually(async () => (await this.client.positions.list())[0]?.id);
  }

  /** Of a fill that the read model has. */
  async transactionHash(): Promise<string> {
    return eventually(async () => (await this.client.history.fills()).items[0]?.transaction_hash);
  }
}
