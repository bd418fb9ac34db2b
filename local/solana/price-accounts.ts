import { PublicKey } from '@solana/web3.js';
import { decodePriceUpdate, encodePriceUpdate } from '#shared/perps/price-update.ts';
import type { LocalChain } from './chain.ts';
import type { StreamedPrice } from './price-stream.ts';

/** Program that owns Pyth's price accounts. */
export const pythReceiver = 'rec5EKMGg6MxZYaMdyBfgwp4d5rB9T1VQH5pJv5LtFJ';
const pushOracle = new PublicKey('pythWSnswVUd12oZpeFP8e9CVaEqJg25g1Vtc2biRsT');
const shard = Buffer.alloc(2);

/** Address of a feed's account of push-oracle shard 0. */
export function pushAccountAddress(feedId: string): PublicKey {
  return PublicKey.findProgramAddressSync([shard, Buffer.from(feedId, 'hex')], pushOracle)[0];
}

/**
 * Keeps Pyth's push accounts as the push oracle does: an account changes only when `publish_time` grows. It takes the one
 * price that Pyth's rule makes the price of its second (prev_publish_time < t ≤ publish_time), never a later tick. What guardians vouch for on a real network, this server claims: verification is Full.
 */
export class PriceAccounts {
  readonly #chain: LocalChain;
  readonly #lines = new Map<string, { readonly address: PublicKey; publishTime: bigint }>();

  /** Follows these feeds only. An account of an earlier run keeps its publish time: prices never go back. */
  constructor(chain: LocalChain, feedIds: readonly string[]) {
    this.#chain = chain;
    for (const feedId of feedIds) {
      const address = pushAccountAddress(feedId);
      const kept = chain.vm.account(address.toBase58());
      this.#lines.set(feedId, {
        address,
        publishTime: kept === undefined ? 0n : decodePriceUpdate(kept.data).publishTime,
      });
    }
  }

  /** Takes a streamed price; returns whether the account changed. */
  accept({ id, price, ema_price: ema, metadata }: StreamedPrice): boolean {
    const line = this.#lines.get(id);
    const publishTime = BigInt(price.publish_time);
    const prevPublishTime = BigInt(metadata.prev_publish_time ?? price.publish_time - 1);
    if (line === undefined || publishTime <= line.publishTime || publishTime <= prevPublishTime) return false;
    const data = encodePriceUpdate({
      writeAuthority: line.address.toBytes(),
      verification: { kind: 'full' },
      feedId: id,
      price: price.price,
      conf: price.conf,
      exponent: price.expo,
      publishTime,
      prevPublishTime,
      emaPrice: ema.price,
      emaConf: ema.conf,
      postedSlot: BigInt(this.#chain.slot),
    });
    const lamports = this.#chain.vm.rentExemptLamports(data.length);
    this.#chain.writeAccount({
      address: line.address.toBase58(),
      lamports,
      owner: pythReceiver,
      data,
      executable: false,
    });
    line.publishTime = publishTime;
    return true;
  }
}
