import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import { bps } from '#shared/money/units.ts';
import { accrue } from '#shared/perps/accrual.ts';
import { isLiquidatable } from '#shared/perps/equity.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { acceptPrice } from '#shared/perps/oracle.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import type { ChainMarket, ChainPosition } from '../chain/accounts.ts';
import type { Chain } from '../chain/chain.ts';
import type { RiskMessage } from './message.ts';

/** What the chain and an acceptable price say about a candidate now. */
export type RiskCheck =
  | {
      readonly kind: 'liquidatable' | 'warning';
      readonly symbol: MarketSymbol;
      readonly position: ChainPosition;
      readonly price: OraclePrice;
      readonly market: ChainMarket;
    }
  /** Nothing to do: the position changed, is flat or healthy, or no price may decide about it now. */
  | { readonly kind: 'over'; readonly why: string };

/** A position is warned below one and a half times its maintenance margin. */
const warningNumerator = 3n;
const warningDenominator = 2n;
const priceWaitMs = 3_000;

/** The price that made the candidate is not on chain yet. */
export class PriceMissing extends Error {
  override readonly name = 'PriceMissing';
}

/**
 * Checks a candidate against the chain account and the price account, by the program's exact inequality: memory proposes, this decides
 * what is sent, and the program decides in the end. @throws ChainUnavailable, PriceMissing
 */
export async function checkCandidate(chain: Chain, message: RiskMessage, nowMs: number): Promise<RiskCheck> {
  const { owner, symbol } = message;
  if (!isMarketSymbol(symbol)) return over(`unknown market ${symbol}`);
  const posted = await chain.oracle.ensure(symbol, message.publishTime, priceWaitMs);
  if (posted === null) throw new PriceMissing(`no price of ${symbol} at ${message.publishTime} on chain yet`);
  const [trader, market] = await Promise.all([chain.readTrader(owner), chain.readMarket(symbol)]);
  const position = trader.positions.get(symbol) ?? null;
  if (market === null || position === null || position.size === 0n) return over('position is flat');
  if (position.seq !== BigInt(message.commandSeq)) return over('position changed meanwhile');
  const nowSeconds = BigInt(Math.floor(nowMs / 1000));
  let price: OraclePrice;
  try {
    price = acceptPrice(posted, market.oracle, market.price, nowSeconds);
  } catch (error) {
    if (error instanceof PerpError) return over(`price not acceptable: ${error.code}`);
    throw error;
  }
  const indexes = accrue(market, price.price, nowSeconds);
  const maintenance = market.config.maintenanceMarginBps;
  const found = { symbol, position, price, market };
  if (isLiquidatable(position, indexes, price.price, maintenance)) return { kind: 'liquidatable', ...found };
  const warning = bps((maintenance * warningNumerator) / warningDenominator);
  return isLiquidatable(position, indexes, price.price, warning)
    ? { kind: 'warning', ...found }
    : over('position is healthy');
}

const over = (why: string): RiskCheck => ({ kind: 'over', why });
