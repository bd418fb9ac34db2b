import { price as toPrice, quote, type Price } from '#shared/money/units.ts';
import { PerpError, type PerpErrorName } from '#shared/perps/errors.ts';
import { unrealizedPnl } from '#shared/perps/pnl.ts';
import { type Preview, previewOrder } from '#shared/perps/preview.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import type { PlaceOrderRequest, PreviewDto } from '#shared/protocol/orders.ts';
import { presentPreview } from '#shared/protocol/present/preview.ts';
import { slippageBpsDefault } from '../account/order-desk.ts';
import { worstPriceOf } from '../account/trade-plan.ts';
import { type ProgramErrorName, refusalOfProgramError } from '../chain/program-errors.ts';
import type { AccountView } from '../account/contract.ts';
import { awaitedPrice, wouldRest } from '../account/resting.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import { withTimeout } from '../platform/retry.ts';
import { viewAccount, type PricedAccount } from './account-view.ts';
import type { Services } from './context.ts';
import { refused, RefusedError } from './errors.ts';

/** Leverage of a trader who names none, hundredths; within what the market allows. */
const leverageE2Default = 500n;

/** A preview does not wait longer than this for what hardly ever matters. */
const exchangeStateMsMax = 500;

/**
 * What an order would do now: the transitions of the program over the account and the market as last seen. An order that would rest is
 * shown at the price it waits for.
 *
 * @throws RefusedError where there is nothing to show: no price, no market on chain, impossible leverage, nothing to reduce.
 */
export async function previewFor(services: Services, wallet: string, order: PlaceOrderRequest): Promise<PreviewDto> {
  const [snapshot, account, exchange] = await Promise.all([
    services.markets.snapshot(order.symbol),
    viewAccount(services, wallet),
    exchangeState(services),
  ]);
  if (snapshot.price === null) throw refused('ORACLE_003', `${order.symbol} has no price yet. Try again in a moment.`);
  if (snapshot.market === null) throw refused('MARKET_003', `${order.symbol} is not open on this network yet.`);
  const { price: current, market } = snapshot;
  const now = BigInt(Math.floor(services.clock.nowMs() / 1_000));
  const rests = restsAt(order, current);
  const leverageE2 = order.leverage === undefined ? defaultLeverage(market.config.maxLeverage) : BigInt(order.leverage);
  try {
    const preview = previewOrder({
      market,
      oracle: rests === null ? current : { ...rests, ema: rests.price, publishTime: now },
      now,
      position: positionIn(account.view, order.symbol),
      account: account.view.account,
      others: othersOf(account, order.symbol),
      insurance: exchange === null ? null : { balance: exchange.insurance, topupLeft: quote(0n) },
      order: {
        side: order.side,
        size: order.quantity,
        leverageE2,
        worstPrice: rests === null ? worstPrice(order, current) : null,
        reduceOnly: order.reduce_only,
      },
    });
    if (rests === null) {
      // The program asks this before it looks at market and price.
      const paused = preview.opens > 0n && exchange?.openingsPaused === true;
      const refusal = paused ? 'Paused' : preview.refusal;
      return { ...presentPreview(preview), warnings: warningsOf(refusal, account.view, snapshot) };
    }
    const shown = presentPreview({ ...preview, oraclePrice: current.price });
    return {
      ...shown,
      warnings: warningsOf(refusalOfResting(preview), account.view, { ...snapshot, priceState: 'ok' }),
    };
  } catch (error) {
    if (error instanceof PerpError) throw new RefusedError(refusalOfProgramError(error.code));
    throw error;
  }
}

/** What concerns every market: without it (the chain is out of reach) the preview counts on no insurance and knows of no pause. */
const exchangeState = (services: Services) =>
  withTimeout(() => services.pool.read(), exchangeStateMsMax).catch(() => null);

/** The worst price an order that executes now accepts: its limit, or its slippage from the price of now. */
function worstPrice(order: PlaceOrderRequest, { price }: OraclePrice): Price {
  if (order.price !== undefined) return order.price;
  return toPrice(worstPriceOf(order.side, price, order.max_slippage_bps ?? slippageBpsDefault));
}

/** The price an order would wait for in the book; null for one that executes at once. */
function restsAt(order: PlaceOrderRequest, current: OraclePrice): OraclePrice | null {
  const prices = { price: order.price ?? null, stopPrice: order.stop_price ?? null };
  const { side, order_type: orderType, time_in_force: timeInForce } = order;
  return wouldRest({ side, orderType, timeInForce, ...prices }, current) ? awaitedPrice(prices, current) : null;
}

/** What refuses an order when it is placed to rest; the rest of the program's tests belong to the moment of its execution. */
function refusalOfResting({ refusal, opens, accountAfter, impact }: Preview): PerpErrorName | null {
  if (opens > 0n && accountAfter.availableBalance + impact < 0n) return 'InsufficientCollateral';
  return refusal === 'BelowMinNotional' ? refusal : null;
}

const defaultLeverage = (maxLeverage: bigint): bigint =>
  maxLeverage * 100n < leverageE2Default ? maxLeverage * 100n : leverageE2Default;

const positionIn = (view: AccountView, symbol: string) =>
  view.positions.find((candidate) => candidate.symbol === symbol)?.position ?? null;

/** Margin and profit of the trader's positions in other markets; one without a price counts with its margin. */
function othersOf({ view, snapshotOf }: PricedAccount, symbol: string) {
  let margin = 0n;
  let unrealized = 0n;
  for (const other of view.positions.filter((candidate) => candidate.symbol !== symbol)) {
    margin += other.position.margin;
    const price = snapshotOf(other.symbol)?.price?.price;
    if (price !== undefined) unrealized += unrealizedPnl(other.position, price);
  }
  return { margin: quote(margin), unrealizedPnl: quote(unrealized) };
}

/** Why the order would be refused now, most serious first. */
function warningsOf(
  refusal: ProgramErrorName | null,
  view: AccountView,
  snapshot: MarketSnapshot,
): PreviewDto['warnings'] {
  const warnings: PreviewDto['warnings'] = [];
  if (view.account === null) {
    warnings.push({ code: 'TRADING_014', message: 'Open a trading account first: action open_account.' });
  }
  if (refusal !== null) {
    const { code, message } = refusalOfProgramError(refusal);
    warnings.push({ code, message });
  } else if (snapshot.priceState === 'stale') {
    warnings.push({ code: 'ORACLE_001', message: 'The price is stale: the order waits for the next acceptable one.' });
  }
  return warnings;
}
