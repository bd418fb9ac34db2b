import { env } from 'cloudflare:workers';
import { PublicKey } from '@solana/web3.js';
import { ChainTrader } from '#support/chain/trader.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';

/** A wallet that trades on the local chain by itself, its trades co-signed by the keeper; the worker only watches. */
export class Trader extends ChainTrader {
  constructor() {
    super(chainOf(readSettings(env)));
  }

  static keyOf(wallet: string): PublicKey {
    return new PublicKey(wallet);
  }

  /** A funded trader with an account that holds `collateral` USDC (whole). */
  static open(collateral: bigint): Promise<Trader> {
    return new Trader().fund(collateral);
  }
}
