import { BorshAccountsCoder, type Idl } from '@coral-xyz/anchor';
import { Buffer } from 'buffer';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { type Quote, quote } from '#shared/money/units.ts';
import type { Chain } from './chain.ts';
import { plainValue } from './plain-value.ts';
import type { Clock } from '../platform/clock.ts';

/** The exchange's own accounts, money in 1e-6 USDC, shares in 1e-6. */
export interface PoolState {
  readonly free: Quote;
  readonly supply: Quote;
  readonly insurance: Quote;
  /** Of a redemption; it stays with the pool. */
  readonly redemptionFeeBps: number;
  /** From a request of a holder to the first price that may execute it. */
  readonly requestDelaySeconds: number;
  /** The risk manager has paused whatever opens or increases a position. */
  readonly openingsPaused: boolean;
}

/** The program's `constants::pause::OPEN`. */
const pausedOpenBit = 1;

/** Age up to which one read serves further requests of the isolate. */
const poolAgeMsMax = 1_000;
const coder = new BorshAccountsCoder(idl as unknown as Idl);

/** Reads Pool, Insurance and Exchange from the chain. */
export class PoolReader {
  readonly #chain: Chain;
  readonly #clock: Clock;
  #cached: { readonly readAtMs: number; readonly state: PoolState | null } | null = null;

  constructor(chain: Chain, clock: Clock) {
    this.#chain = chain;
    this.#clock = clock;
  }

  /** Null before the exchange was initialised on this network. @throws ChainUnavailable */
  async read(): Promise<PoolState | null> {
    const now = this.#clock.nowMs();
    if (this.#cached !== null && now - this.#cached.readAtMs <= poolAgeMsMax) return this.#cached.state;
    const { addresses, rpc } = this.#chain;
    const wanted = [addresses.pool, addresses.insurance, addresses.exchange].map((address) => address.toBase58());
    const { accounts } = await rpc.getAccounts(wanted);
    const [pool = null, insurance = null, exchange = null] = accounts;
    const state =
      pool === null || insurance === null || exchange === null
        ? null
        : {
            free: amount('Pool', pool.data, 'free'),
            supply: amount('Pool', pool.data, 'supply'),
            insurance: amount('Insurance', insurance.data, 'balance'),
            redemptionFeeBps: exchangeNumber(exchange.data, 'lpFeeBps'),
            requestDelaySeconds: exchangeNumber(exchange.data, 'poolDelaySeconds'),
            openingsPaused: (exchangeNumber(exchange.data, 'pausedOperations') & pausedOpenBit) !== 0,
          };
    this.#cached = { readAtMs: now, state };
    return state;
  }
}

function exchangeNumber(data: Uint8Array, field: 'pausedOperations' | 'lpFeeBps' | 'poolDelaySeconds'): number {
  const fields = plainValue(coder.decode('Exchange', Buffer.from(data))) as { readonly [name: string]: unknown };
  const value = fields[field];
  if (typeof value !== 'number') throw new TypeError(`Exchange.${field} is no number`);
  return value;
}

function amount(account: 'Pool' | 'Insurance', data: Uint8Array, field: string): Quote {
  const fields = plainValue(coder.decode(account, Buffer.from(data))) as { readonly [name: string]: unknown };
  const value = fields[field];
  if (typeof value !== 'bigint') throw new TypeError(`${account}.${field} is no amount`);
  return quote(value);
}
