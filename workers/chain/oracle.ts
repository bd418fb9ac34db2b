import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import { PerpError } from '#shared/perps/errors.ts';
import type { PriceAccount } from '#shared/perps/oracle.ts';
import { decodePriceUpdate } from '#shared/perps/price-update.ts';
import type { SolanaRpc } from './rpc.ts';

/** Brings a market's price account on chain to a moment. */
export interface OraclePoster {
  /**
   * Answers the price account as read from the RPC once its `publish_time` is at least `minPublishTime`; null when that did not happen
   * within `timeoutMs`.
   *
   * @throws ChainUnavailable
   */
  ensure(symbol: MarketSymbol, minPublishTime: number, timeoutMs: number): Promise<PriceAccount | null>;
}

export interface FollowingPosterOptions {
  readonly pollMs: number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly nowMs: () => number;
}

/**
 * For networks whose price accounts are written by somebody else: the local network follows the price stream, a sponsored push feed
 * follows Pyth. It waits, reading tightly, and posts nothing itself.
 */
export class FollowingPoster implements OraclePoster {
  readonly #rpc: SolanaRpc;
  readonly #options: FollowingPosterOptions;

  constructor(rpc: SolanaRpc, options: FollowingPosterOptions) {
    this.#rpc = rpc;
    this.#options = options;
  }

  async ensure(symbol: MarketSymbol, minPublishTime: number, timeoutMs: number): Promise<PriceAccount | null> {
    const { nowMs, pollMs, sleep } = this.#options;
    const deadlineMs = nowMs() + timeoutMs;
    for (;;) {
      const account = await readPriceAccount(this.#rpc, symbol);
      if (account !== null && account.update.publishTime >= BigInt(minPublishTime)) return account;
      if (nowMs() + pollMs >= deadlineMs) return null;
      await sleep(pollMs);
    }
  }
}

/** The price account as it stands; null when it does not exist or holds no price update. */
export async function readPriceAccount(rpc: SolanaRpc, symbol: MarketSymbol): Promise<PriceAccount | null> {
  const { priceAccount } = marketOf(symbol);
  const account = await rpc.getAccount(priceAccount);
  if (account === null) return null;
  try {
    return { address: priceAccount, owner: account.owner, update: decodePriceUpdate(account.data) };
  } catch (error) {
    if (error instanceof PerpError) return null;
    throw error;
  }
}
