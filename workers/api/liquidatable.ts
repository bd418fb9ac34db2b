import { PublicKey } from '@solana/web3.js';
import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import { liquidatableLimitMax, type LiquidatablePositionDto } from '#shared/protocol/risk.ts';
import { healthFigures, shownLiquidationPrice } from '#shared/protocol/present/risk-health.ts';
import type { Addresses } from '../chain/addresses.ts';
import type { LiquidatableView } from '../market/contract.ts';
import { withTimeout } from '../platform/retry.ts';
import type { Services } from './context.ts';

/** Age up to which an answer serves further requests of the same isolate: many poll this at once when prices fall. */
const ageMsMax = 250;
const marketTimeoutMs = 3_000;

type Cached = { readonly atMs: number; readonly positions: LiquidatablePositionDto[] };
const cacheOf = new WeakMap<Services, Map<MarketSymbol, Cached>>();

/** The positions of a market that anyone may liquidate now, the riskiest first. @throws TimeoutError, or what the object threw. */
export async function liquidatableIn(services: Services, symbol: MarketSymbol): Promise<LiquidatablePositionDto[]> {
  const cache = cacheOf.get(services) ?? new Map<MarketSymbol, Cached>();
  cacheOf.set(services, cache);
  const now = services.clock.nowMs();
  const known = cache.get(symbol);
  if (known !== undefined && now - known.atMs >= 0 && now - known.atMs <= ageMsMax) return known.positions;
  const view = await withTimeout(() => services.market(symbol).liquidatable(liquidatableLimitMax), marketTimeoutMs);
  const positions = presentLiquidatable(services.chain.addresses, symbol, view);
  cache.set(symbol, { atMs: now, positions });
  return positions;
}

function presentLiquidatable(
  addresses: Addresses,
  symbol: MarketSymbol,
  { price, market, positions }: LiquidatableView,
): LiquidatablePositionDto[] {
  if (price === null || market === null) return [];
  return positions.map(({ owner, state }) => {
    const trader = new PublicKey(owner);
    const position = addresses.position(trader, symbol).toBase58();
    return {
      symbol,
      owner,
      position,
      side: state.side,
      size: state.size,
      margin: state.margin,
      ...healthFigures(state, market, price.price),
      liquidation_price: shownLiquidationPrice(state, market),
      price: price.price,
      publish_time: Number(price.publishTime),
      accounts: {
        program: addresses.program.toBase58(),
        exchange: addresses.exchange.toBase58(),
        market: addresses.market(symbol).toBase58(),
        user_account: addresses.userAccount(trader).toBase58(),
        position,
        price_update: marketOf(symbol).priceAccount,
        insurance: addresses.insurance.toBase58(),
        event_authority: addresses.eventAuthority.toBase58(),
      },
    };
  });
}
