import { divCeil, max, mulDivFloor } from '#shared/money/divide.ts';
import { BPS_SCALE, FINE_VALUE_PER_QUOTE, PRICE_SCALE, price as toPrice, quote, size } from '#shared/money/units.ts';
import { type PoolOperation, type PricedMarket, poolEquity, sidePnl } from '#shared/perps/pool.ts';
import { reserved } from '#shared/perps/reserve.ts';
import type { MarketState, OraclePrice } from '#shared/perps/types.ts';
import type { PoolPointDto } from '#shared/protocol/pool.ts';
import type { PoolDto, PoolHolderDto } from '#shared/protocol/portfolio.ts';
import { marketSymbolOf, timestampOf } from '#shared/protocol/present/fields.ts';
import type { PoolSnapshot } from '#db/repositories/pool.ts';
import type { PoolHolder } from '../chain/pool-accounts.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import { poolWindowSeconds } from '../risk/pool-keeper.ts';
import type { PoolState } from '../chain/pool-reader.ts';

/** A holder's shares, those locked by a redemption included, and what they stand for, rounded down. */
export function presentPoolHolder(
  holder: PoolHolder | null,
  pool: PoolState,
  snapshots: readonly MarketSnapshot[],
): PoolHolderDto {
  const request = holder?.request ?? null;
  const shares = (holder?.shares ?? 0n) + (request?.kind === 'redeem' ? request.amount : 0n);
  const equity = equityOf(pool, snapshots.filter(isOpen));
  const worth = (of: bigint): bigint => (of <= 0n || pool.supply === 0n ? 0n : mulDivFloor(shares, of, pool.supply));
  return {
    shares: quote(shares),
    value: equity === null ? null : quote(worth(equity)),
    pending:
      request === null
        ? null
        : {
            kind: request.kind,
            amount: quote(request.amount),
            requested_at: timestampOf(request.requestedAt * 1_000),
            executable_from: request.executableFrom,
          },
  };
}

type OpenMarket = MarketSnapshot & { readonly market: MarketState };

const isOpen = (snapshot: MarketSnapshot): snapshot is OpenMarket => snapshot.market !== null;

/** The liquidity pool with its exposure per market. What depends on a price is null while a market with open interest has none. */
export function presentPool(pool: PoolState, snapshots: readonly MarketSnapshot[]): PoolDto {
  const markets = snapshots.filter(isOpen);
  const backing = markets.reduce((sum, { market }) => sum + market.backing, 0n);
  const reservedInAll = markets.reduce((sum, { market }) => sum + reserved(market), 0n);
  const equity = equityOf(pool, markets);
  return {
    share_price: equity === null || equity <= 0n || pool.supply === 0n ? null : sharePrice(equity, pool.supply),
    total_shares: pool.supply,
    equity,
    mint_equity: equityOf(pool, markets, 'mint'),
    redemption_fee_bps: pool.redemptionFeeBps,
    request_delay_seconds: pool.requestDelaySeconds,
    request_window_seconds: poolWindowSeconds,
    assets: quote(max(0n, pool.free + backing)),
    free: pool.free,
    insurance: pool.insurance,
    utilisation_bps: Math.min(10_000, utilisationBps(reservedInAll, backing)),
    markets: markets.map(presentExposure),
  };
}

/** The pool as it was noted. */
export const presentPoolPoint = (point: PoolSnapshot): PoolPointDto => ({
  time: timestampOf(point.snapshotTimeMs),
  share_price: point.sharePrice,
  total_shares: point.totalShares,
  equity: point.equity,
});

/** USDC per share, 1e-8; null where it rounds to nothing. */
function sharePrice(equity: bigint, supply: bigint) {
  const perShare = mulDivFloor(equity, PRICE_SCALE, supply);
  return perShare === 0n ? null : toPrice(perShare);
}

/** What redeeming, or minting, counts the pool as worth. */
function equityOf(pool: PoolState, markets: readonly OpenMarket[], operation: PoolOperation = 'redeem') {
  const priced: PricedMarket[] = [];
  for (const { market, price } of markets) {
    const oracle: OraclePrice | null = price ?? market.price;
    if (oracle !== null) priced.push({ market, oracle });
    else if (market.long.size > 0n || market.short.size > 0n) return null;
  }
  const unpriced = markets.filter(({ market, price }) => price === null && market.price === null);
  const held = unpriced.reduce((sum, { market }) => sum + market.backing, pool.free as bigint);
  return poolEquity(operation, quote(held), priced);
}

const utilisationBps = (reservedAmount: bigint, backing: bigint): number => {
  if (reservedAmount === 0n) return 0;
  return backing <= 0n ? 10_000 : Number(divCeil(reservedAmount * BPS_SCALE, backing));
};

function presentExposure({ symbol, market, price }: OpenMarket): PoolDto['markets'][number] {
  const at = price?.price ?? null;
  const pnl =
    at === null
      ? null
      : sidePnl('redeem', 'long', market.long, market, at) + sidePnl('redeem', 'short', market.short, market, at);
  return {
    symbol: marketSymbolOf(symbol),
    backing: market.backing,
    reserved: reserved(market),
    utilisation_bps: utilisationBps(reserved(market), market.backing),
    long_open_interest: market.long.size,
    short_open_interest: market.short.size,
    skew: size(market.long.size - market.short.size),
    traders_pnl: pnl === null ? null : quote(divCeil(pnl, FINE_VALUE_PER_QUOTE)),
    price: at,
    fees_collected: market.feesCollected,
    pool_fee_share_bps: Number(market.config.poolFeeShareBps),
  };
}
