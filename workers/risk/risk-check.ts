import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import { accrue } from '#shared/perps/accrual.ts';
import { isLiquidatable } from '#shared/perps/equity.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { warningMarginBps } from '#shared/perps/liquidation.ts';
import { isCapped } from '#shared/perps/pnl.ts';
import { acceptPrice } from '#shared/perps/oracle.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import type { ChainMarket, ChainPosition } from '../chain/accounts.ts';
import type { Chain } from '../chain/chain.ts';
import type { OraclePoster } from '../chain/oracle.ts';
import type { RiskMessage } from './message.ts';

/** A position at risk, with what says so. */
export interface FoundCandidate {
  readonly kind: 'liquidatable' | 'capped' | 'warning';
  readonly symbol: MarketSymbol;
  readonly position: ChainPosition;
  readonly price: OraclePrice;
  readonly market: ChainMarket;
}

/** What the chain and an acceptable price say about a candidate now. */
export type RiskCheck =
  | FoundCandidate
  /** Nothing to do: the position is flat or healthy, is not the one to warn of, or no price may decide about it now. */
  | {
      readonly kind: 'over';
      readonly why: string;
      /** The price at which it is healthy; null where something else ends the check. */
      readonly price: OraclePrice | null;
      /** The position is not what the candidate says: flat, or of another command. */
      readonly isUnknown: boolean;
    };

const priceWaitMs = 3_000;

/** The price that made the candidate is not on chain yet. */
export class PriceMissing extends Error {
  override readonly name = 'PriceMissing';
}

/**
 * Checks a candidate against the chain account and the price account, by the program's exact inequality: memory proposes, this decides
 * what is sent, and the program decides in the end. A stream shows several prices in one second of which the chain keeps one: a candidate
 * of another one is checked at the next second too. @throws ChainUnavailable, PriceMissing
 */
export async function checkCandidate(
  chain: Chain,
  oracle: OraclePoster,
  message: RiskMessage,
  nowMs: () => number,
): Promise<RiskCheck> {
  const first = await checkAt(chain, oracle, message, message.publishTime, nowMs);
  if (first.kind !== 'over' || first.price === null || first.price.price === BigInt(message.price)) return first;
  return checkAt(chain, oracle, message, Number(first.price.publishTime) + 1, nowMs);
}

async function checkAt(
  chain: Chain,
  oracle: OraclePoster,
  message: RiskMessage,
  minPublishTime: number,
  nowMs: () => number,
): Promise<RiskCheck> {
  const { owner, symbol } = message;
  if (!isMarketSymbol(symbol)) return over(`unknown market ${symbol}`);
  const posted = await oracle.ensure(symbol, minPublishTime, priceWaitMs);
  if (posted === null) throw new PriceMissing(`no price of ${symbol} at ${minPublishTime} on chain yet`);
  const [trader, market] = await Promise.all([chain.readTrader(owner), chain.readMarket(symbol)]);
  const position = trader.positions.get(symbol) ?? null;
  if (market === null || position === null || position.size === 0n) return gone('position is flat');
  const isAnother = position.seq !== BigInt(message.commandSeq);
  // A warning is about the state it was found in. What is to be liquidated or closed is so whatever command came since: an owner who adds a
  // little margin at every slot must not escape by it.
  if (isAnother && message.kind === 'warning') return gone('position changed meanwhile');
  const nowSeconds = BigInt(Math.floor(nowMs() / 1000));
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
  if (isCapped(position, price.price)) return { kind: 'capped', ...found };
  if (isLiquidatable(position, indexes, price.price, warningMarginBps(maintenance)))
    return { kind: 'warning', ...found };
  return over('position is healthy', price, isAnother);
}

const over = (why: string, price: OraclePrice | null = null, isUnknown = false): RiskCheck => ({
  kind: 'over',
  why,
  price,
  isUnknown,
});

const gone = (why: string): RiskCheck => ({ kind: 'over', why, price: null, isUnknown: true });
