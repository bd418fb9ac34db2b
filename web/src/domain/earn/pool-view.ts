import type { MarketSymbol } from '#shared/markets.ts';
import { mulDivFloor } from '#shared/money/divide.ts';
import { BPS_SCALE, quote, size, type Quote, type Size } from '#shared/money/units.ts';
import { notional } from '#shared/perps/notional.ts';
import type { PoolDto } from '#shared/protocol/portfolio.ts';

/** The pool against one market's traders. */
export interface MarketExposure {
  readonly symbol: MarketSymbol;
  /** What the pool holds against the traders' skew: positive where it is long. */
  readonly poolSize: Size;
  /** The pool's side at the price of now; null without a price. */
  readonly poolNotional: Quote | null;
  /** Positive: what the pool would owe to all traders together now. */
  readonly owedToTraders: Quote | null;
  readonly backing: Quote;
  readonly reserved: Quote;
  readonly utilisationBps: number;
  /** The pool's share of the trading fees so far, at the share of now. */
  readonly feesEarned: Quote;
}

export interface PoolView {
  readonly markets: readonly MarketExposure[];
  readonly owedToTraders: Quote | null;
  readonly reserved: Quote;
  readonly feesEarned: Quote;
}

const sum = (values: readonly bigint[]): Quote => quote(values.reduce((all, value) => all + value, 0n));

/** What the pool stands against. It is the other side of every trade, so it holds the skew with its sign turned. */
export function viewPool(pool: PoolDto): PoolView {
  const markets = pool.markets.map((market): MarketExposure => {
    const held = market.skew < 0n ? -market.skew : market.skew;
    const at = market.price === null ? null : notional(size(held), market.price);
    return {
      symbol: market.symbol,
      poolSize: size(-market.skew),
      poolNotional: at === null ? null : quote(market.skew > 0n ? -at : at),
      owedToTraders: market.traders_pnl,
      backing: market.backing,
      reserved: market.reserved,
      utilisationBps: market.utilisation_bps,
      feesEarned: quote(mulDivFloor(market.fees_collected, BigInt(market.pool_fee_share_bps), BPS_SCALE)),
    };
  });
  const owed = markets.map(({ owedToTraders }) => owedToTraders);
  return {
    markets,
    owedToTraders: owed.some((value) => value === null) ? null : sum(owed.map((value) => value ?? 0n)),
    reserved: sum(markets.map(({ reserved }) => reserved)),
    feesEarned: sum(markets.map(({ feesEarned }) => feesEarned)),
  };
}
