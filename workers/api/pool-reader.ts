import { BorshAccountsCoder, type Idl } from '@coral-xyz/anchor';
import { Buffer } from 'buffer';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { type Quote, quote } from '#shared/money/units.ts';
import type { Chain } from '../chain/chain.ts';
import { plainValue } from '../chain/plain-value.ts';
import type { Clock } from '../platform/clock.ts';

/** The pool's own accounts, money in 1e-6 USDC, shares in 1e-6. */
export interface PoolState {
  readonly free: Quote;
  readonly supply: Quote;
  readonly insurance: Quote;
}

/** Age up to which one read serves further requests of the isolate. */
const poolAgeMsMax = 1_000;
const coder = new BorshAccountsCoder(idl as unknown as Idl);

/** Reads Pool and Insurance from the chain. */
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
    const { accounts } = await rpc.getAccounts([addresses.pool.toBase58(), addresses.insurance.toBase58()]);
    const [pool = null, insurance = null] = accounts;
    const state =
      pool === null || insurance === null
        ? null
        : {
            free: amount('Pool', pool.data, 'free'),
            supply: amount('Pool', pool.data, 'supply'),
            insurance: amount('Insurance', insurance.data, 'balance'),
          };
    this.#cached = { readAtMs: now, state };
    return state;
  }
}

function amount(account: 'Pool' | 'Insurance', data: Uint8Array, field: string): Quote {
  const fields = plainValue(coder.decode(account, Buffer.from(data))) as { readonly [name: string]: unknown };
  const value = fields[field];
  if (typeof value !== 'bigint') throw new TypeError(`${account}.${field} is no amount`);
  return quote(value);
}
