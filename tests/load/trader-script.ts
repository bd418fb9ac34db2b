import { randomUUID } from 'node:crypto';
import type { MarketSymbol } from '#shared/markets.ts';
import { chosen, type OperationName } from './mix.ts';

export interface ScriptRequest {
  readonly operation: OperationName;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Of what asks for an order: the key that names it whatever becomes of the answer. */
  readonly key: string | null;
}

/** An order that was asked for, by its key. */
export interface AskedOrder {
  readonly key: string;
  /** Of an accepted one; null where it was refused, undefined where no answer came. */
  orderId: string | null | undefined;
}

/** Decimal places of a quote, and what is traded at a time: about 75 to 100 USD. */
const homes: readonly { readonly symbol: MarketSymbol; readonly places: number; readonly quantity: string }[] = [
  { symbol: 'SOL-PERP', places: 2, quantity: '0.5' },
  { symbol: 'BTC-PERP', places: 0, quantity: '0.001' },
  { symbol: 'ETH-PERP', places: 1, quantity: '0.03' },
];
const restingMax = 5;
const quoteDistanceMin = 0.05;
const quoteDistanceMax = 0.15;
const cancelAfterSeconds = 86_400;

interface Answer {
  readonly order_id?: string;
  readonly stage?: string;
  readonly position_id?: string | null;
}

/** What one trader does next, as the mix draws it and as his orders allow. One request at a time. */
export class TraderScript {
  readonly address: string;
  readonly asked: AskedOrder[] = [];
  readonly #token: string;
  readonly #random: () => number;
  readonly #home: (typeof homes)[number];
  readonly #isBuyer: boolean;
  #price: number;
  #resting: string[] = [];
  #position: string | null = null;
  #isPositionOpen = false;

  /** `index` decides his market and his side; `prices` are USD by market. */
  constructor(
    address: string,
    token: string,
    index: number,
    prices: Readonly<Record<string, number>>,
    random: () => number,
  ) {
    this.address = address;
    this.#token = token;
    this.#random = random;
    this.#home = homes[index % homes.length] ?? (homes[0] as (typeof homes)[number]);
    this.#isBuyer = Math.floor(index / homes.length) % 2 === 0;
    this.#price = prices[this.#home.symbol] ?? 0;
  }

  next(): ScriptRequest {
    const operation = this.#possible(chosen(this.#random()));
    const { symbol } = this.#home;
    switch (operation) {
      case 'markets':
        return this.#read(operation, '/api/market/markets');
      case 'candles':
        return this.#read(operation, `/api/market/candles?symbol=${symbol}&interval=5m`);
      case 'positions':
        return this.#read(operation, '/api/trading/positions');
      case 'balance':
        return this.#read(operation, '/api/portfolio/balance');
      case 'orders':
        return this.#read(operation, '/api/trading/orders?limit=50');
      case 'preview':
        return this.#write(operation, 'POST', '/api/trading/preview', this.#order('market'));
      case 'limit':
        return this.#asking(operation, '/api/trading/orders', this.#order('limit'));
      case 'open':
        return this.#asking(operation, '/api/trading/orders', this.#order('market'));
      case 'close':
        return this.#asking(operation, `/api/trading/positions/${this.#position}/close`, {});
      case 'amend':
        return this.#write(operation, 'PATCH', `/api/trading/orders/${this.#resting[0]}`, { price: this.#quote() });
      case 'cancel':
        return this.#write(operation, 'DELETE', `/api/trading/orders/${this.#resting[0]}`, null);
      case 'cancel-after':
        return this.#write(operation, 'POST', '/api/trading/cancel-after', { seconds: cancelAfterSeconds });
    }
  }

  /** Takes in what was answered; `text` is its body. */
  hear(request: ScriptRequest, status: number, text: string): void {
    const isDone = status >= 200 && status < 300;
    const asked = request.key === null ? undefined : this.asked.findLast(({ key }) => key === request.key);
    if (request.operation === 'cancel') this.#resting.shift();
    // Filled or cancelled meanwhile: nothing to move any more.
    if (request.operation === 'amend' && !isDone) this.#resting.shift();
    if (asked === undefined || status >= 500) return;
    if (!isDone) {
      asked.orderId = null;
      if (request.operation === 'close') this.#isPositionOpen = false;
      return;
    }
    const answer = JSON.parse(text) as Answer;
    asked.orderId = answer.order_id ?? null;
    if (request.operation === 'limit' && answer.order_id !== undefined) this.#resting.push(answer.order_id);
    if (request.operation === 'close') this.#isPositionOpen = false;
    if (request.operation !== 'open' || (answer.position_id ?? null) === null) return;
    this.#position = answer.position_id ?? null;
    this.#isPositionOpen = true;
  }

  #possible(operation: OperationName): OperationName {
    if (operation === 'open' && this.#isPositionOpen) return 'close';
    if (operation === 'close' && !this.#isPositionOpen) return 'open';
    if ((operation === 'amend' || operation === 'cancel') && this.#resting.length === 0) return 'limit';
    if (operation === 'limit' && this.#resting.length >= restingMax) return 'cancel';
    return operation;
  }

  #order(type: 'market' | 'limit'): Record<string, unknown> {
    const { symbol, quantity } = this.#home;
    const price = type === 'limit' ? { price: this.#quote() } : {};
    return { symbol, side: this.#isBuyer ? 'buy' : 'sell', order_type: type, quantity, leverage: '10', ...price };
  }

  /** Far enough away that it rests. */
  #quote(): string {
    const distance = quoteDistanceMin + this.#random() * (quoteDistanceMax - quoteDistanceMin);
    return (this.#price * (this.#isBuyer ? 1 - distance : 1 + distance)).toFixed(this.#home.places);
  }

  #read(operation: OperationName, path: string): ScriptRequest {
    return { operation, method: 'GET', path, headers: this.#headers(), body: '', key: null };
  }

  #write(operation: OperationName, method: ScriptRequest['method'], path: string, body: object | null): ScriptRequest {
    const json: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' };
    const key = operation === 'preview' ? {} : { 'idempotency-key': randomUUID() };
    const headers = { ...this.#headers(), ...json, ...key };
    return { operation, method, path, headers, body: body === null ? '' : JSON.stringify(body), key: null };
  }

  #asking(operation: OperationName, path: string, body: object): ScriptRequest {
    const request = this.#write(operation, 'POST', path, body);
    const key = request.headers['idempotency-key'] ?? '';
    this.asked.push({ key, orderId: undefined });
    return { ...request, key };
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#token}` };
  }
}
