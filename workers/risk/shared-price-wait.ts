import type { MarketSymbol } from '#shared/markets.ts';
import type { PriceAccount } from '#shared/perps/oracle.ts';
import type { OraclePoster } from '../chain/oracle.ts';

/**
 * The waits of one batch for prices, each made once: the candidates of a tick wait for the same price, and if each of them read the account for
 * itself, the node would be kept from the work that follows. Lives as long as its batch, because a promise belongs to the call that made it.
 */
export class SharedPriceWait implements OraclePoster {
  readonly #oracle: OraclePoster;
  readonly #waits = new Map<string, Promise<PriceAccount | null>>();

  constructor(oracle: OraclePoster) {
    this.#oracle = oracle;
  }

  /** As the poster's own. Who joins a wait under way shares its end, which is at the latest his. @throws ChainUnavailable */
  ensure(symbol: MarketSymbol, minPublishTime: number, timeoutMs: number): Promise<PriceAccount | null> {
    const key = `${symbol}:${minPublishTime}`;
    const known = this.#waits.get(key);
    if (known !== undefined) return known;
    const wait = this.#oracle.ensure(symbol, minPublishTime, timeoutMs).finally(() => this.#waits.delete(key));
    this.#waits.set(key, wait);
    return wait;
  }
}
