import type { MarketSymbol } from '#shared/markets.ts';
import { abs, max, min, mulDivCeil, mulDivFloor } from '#shared/money/divide.ts';
import { BPS_SCALE, type Quote, quote } from '#shared/money/units.ts';
import { reserved } from '#shared/perps/reserve.ts';
import type { MarketState } from '#shared/perps/types.ts';
import type { Chain } from '../chain/chain.ts';
import { type ChainPool, readPoolAndMarkets } from '../chain/pool-accounts.ts';
import { type SentOutcome, sendAsAnyone } from './send-anyone.ts';

/** Shares of insurance and treasury waiting in a market that are worth a settlement, 1e-6 USDC. */
const accruedMin = 10_000_000n;
/** So is backing this far from its target, in bps of the pool's assets. */
const driftMinBps = 50n;
const computeUnitsMax = 100_000;

/** Settles each market whose money has drifted far enough, once. Refusals are answered, not thrown. @throws ChainUnavailable */
export async function settleDriftedMarkets(chain: Chain): Promise<Partial<Record<MarketSymbol, SentOutcome>>> {
  const state = await readPoolAndMarkets(chain);
  if (state === null) return {};
  const due = state.markets.filter(([, market]) => isDrifted(market, market.index, state.pool));
  const outcomes = await Promise.all(
    due.map(async ([symbol]) => {
      const settle = chain.instructions.settleMarket(symbol);
      return [symbol, await sendAsAnyone(chain, chain.keeper, [settle], computeUnitsMax)] as const;
    }),
  );
  return Object.fromEntries(outcomes);
}

/** Whether a settlement would move enough to be worth its fee. */
export function isDrifted(market: MarketState, index: number, pool: ChainPool): boolean {
  if (market.insuranceAccrued + market.treasuryAccrued >= accruedMin) return true;
  const assets = pool.backing.reduce(
    (sum, known, at) => sum + (at === index ? market.backing : known),
    pool.free as bigint,
  );
  const moved = settlement(market, quote(max(0n, assets)), pool.free);
  return moved !== 0n && abs(moved) * BPS_SCALE >= max(0n, assets) * driftMinBps;
}

/** What `settle_market` would move from the backing to the pool's free money (negative: the other way), quote (docs/mathematics.md, 7). */
function settlement(market: MarketState, assets: Quote, free: Quote): bigint {
  const target = mulDivFloor(assets, market.config.weightBps, BPS_SCALE);
  const needed = mulDivCeil(reserved(market), BPS_SCALE, market.config.maxUtilisationBps);
  const surplus = market.backing - max(target, needed);
  if (surplus > 0n) return surplus;
  return -min(max(0n, target - market.backing), free);
}
