import { type HttpCaller, type HttpTrader, openFunded, signIn } from '#support/http-caller.ts';
import type { Caller } from './cases.ts';
import type { KnownValues } from './values.ts';

/** Fewer than the limit of any class, so that what is tested is not the limit. */
const requestsPerTraderMax = 80;
const minuteMs = 60_000;

/** Whoever the requests come from: renewed before their limits are used up, and when a request ended their session. */
export class Callers {
  readonly #caller: HttpCaller;
  readonly #trader: HttpTrader;
  #newcomer: HttpTrader;
  #newcomerRequests = 0;
  #traderRequests: number[] = [];

  private constructor(caller: HttpCaller, trader: HttpTrader, newcomer: HttpTrader) {
    this.#caller = caller;
    this.#trader = trader;
    this.#newcomer = newcomer;
  }

  static async open(caller: HttpCaller): Promise<Callers> {
    return new Callers(caller, await openFunded(caller, 5_000), await signIn(caller));
  }

  /** Trades a little, so that there is something to ask for. */
  async known(): Promise<KnownValues> {
    const { token, wallet } = this.#trader;
    const place = (order: object) =>
      this.#caller.json<{ order_id?: string; position_id?: string | null; transaction_hash?: string | null }>(
        'POST',
        '/api/trading/orders',
        { token, body: { symbol: 'SOL-PERP', side: 'buy', quantity: 1, leverage: 5, ...order } },
      );
    const filled = await place({ order_type: 'market' });
    const resting = await place({ order_type: 'limit', price: 10, client_order_id: 'resting-1' });
    const given = (values: (string | null | undefined)[]) => values.filter((value) => typeof value === 'string');
    return {
      id: given([filled.body.order_id, resting.body.order_id, filled.body.position_id]),
      signature: given([filled.body.transaction_hash]),
      wallet_address: [wallet.address],
      client_order_id: ['resting-1'],
      symbol: ['SOL-PERP', 'BTC-PERP'],
    };
  }

  /** The `Authorization` header of a caller; null for nobody. */
  async authorization(caller: Caller): Promise<string | null> {
    switch (caller) {
      case 'nobody':
        return null;
      case 'forger':
        return forgeries[this.#newcomerRequests++ % forgeries.length] ?? null;
      case 'trader':
        return this.#isTraderFree() ? `Bearer ${this.#trader.token}` : this.authorization('newcomer');
      case 'newcomer':
        return `Bearer ${(await this.#freshNewcomer()).token}`;
    }
  }

  /** A session that was ended is used no more. */
  forgetNewcomer(): void {
    this.#newcomerRequests = requestsPerTraderMax;
  }

  #isTraderFree(): boolean {
    const now = Date.now();
    this.#traderRequests = this.#traderRequests.filter((atMs) => now - atMs < minuteMs);
    if (this.#traderRequests.length >= requestsPerTraderMax) return false;
    this.#traderRequests.push(now);
    return true;
  }

  async #freshNewcomer(): Promise<HttpTrader> {
    if (this.#newcomerRequests++ >= requestsPerTraderMax) {
      this.#newcomer = await signIn(this.#caller);
      this.#newcomerRequests = 0;
    }
    return this.#newcomer;
  }
}

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = part({ sub: 'x', wallet: '1'.repeat(32), role: 'admin', exp: 4_000_000_000 });
const forgeries = [
  'Bearer',
  'Bearer x',
  'Basic YTpi',
  'bearer a.b.c',
  `Bearer ${'x'.repeat(4_000)}`,
  `Bearer ${part({ alg: 'none', typ: 'JWT' })}.${claims}.`,
  `Bearer ${part({ alg: 'HS256', kid: '../../x', typ: 'JWT' })}.${claims}.${'A'.repeat(43)}`,
  'Bearer ÿ',
];
