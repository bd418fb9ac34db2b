/** Invariant 3 for those who hold pool shares: nobody else's minting or redeeming lowers what a share is worth, even by rounding. */
import { poolEquity } from '#shared/perps/pool.ts';
import { quote } from '#shared/money/units.ts';
import { type Step, holds } from '../step.ts';
import { marketOf } from '../views.ts';
import { singleton } from '../world.ts';

const name = '3 pool shares';

interface Worth {
  readonly equity: bigint;
  readonly supply: bigint;
}

function worthOf(step: Step, operation: 'mint' | 'redeem', moment: 'before' | 'after'): Worth | undefined {
  const pool = step[moment]('pool', singleton('pool'));
  if (pool === undefined) return undefined;
  const priced = step.world.openMarkets.flatMap(({ key }) => {
    const account = step[moment]('market', key);
    const market = account === undefined ? undefined : marketOf(account);
    if (market === undefined) return [];
    const oracle = market.price ?? { price: 0n, conf: 0n, ema: 0n, publishTime: 0n };
    return [{ market, oracle: oracle as NonNullable<typeof market.price> }];
  });
  return { equity: poolEquity(operation, quote(pool.free), priced), supply: pool.supply };
}

export class PoolShares {
  check(step: Step): void {
    const executed = step.event('poolRequestExecuted');
    const donated = step.event('donated');
    if (executed === undefined && donated === undefined) return;
    for (const operation of ['mint', 'redeem'] as const) {
      const [before, after] = [worthOf(step, operation, 'before'), worthOf(step, operation, 'after')];
      if (before === undefined || after === undefined || before.supply === 0n) continue;
      const kept = after.equity * before.supply >= before.equity * after.supply;
      holds(kept, name, () => `a share fell from ${before.equity}/${before.supply} to ${after.equity}/${after.supply}`);
    }
  }
}
