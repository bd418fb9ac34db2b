import { PublicKey } from '@solana/web3.js';
import { type PriceUpdate, encodePriceUpdate } from '#shared/perps/price-update.ts';

/** The program that owns price accounts in tests; any key does, it is a market's parameter. */
export const RECEIVER = new PublicKey('rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ');

/** A price in the exchange's own scale; confidence and EMA default to a tight market at rest. */
export interface TestPrice {
  /** 1e-8 USD. */
  readonly price: bigint;
  /** 1e-8 USD; 0 by default. */
  readonly conf?: bigint;
  /** 1e-8 USD; the price by default. */
  readonly ema?: bigint;
  /** Unix seconds. */
  readonly publishTime: bigint;
}

/** Bytes of a fully verified price account; `changes` replaces published fields as they are. */
export function priceUpdateBytes(feedId: Uint8Array, at: TestPrice, changes: Partial<PriceUpdate> = {}): Uint8Array {
  return encodePriceUpdate({
    writeAuthority: new Uint8Array(32),
    verification: { kind: 'full' },
    feedId: Buffer.from(feedId).toString('hex'),
    price: at.price,
    conf: at.conf ?? 0n,
    exponent: -8,
    publishTime: at.publishTime,
    prevPublishTime: at.publishTime - 1n,
    emaPrice: at.ema ?? at.price,
    emaConf: at.conf ?? 0n,
    postedSlot: 0n,
    ...changes,
  });
}
