import { min } from '#shared/money/divide.ts';
import { price as toPrice, quote, type Price } from '#shared/money/units.ts';
import { PerpError, type PerpErrorName } from '#shared/perps/errors.ts';
import { unrealizedPnl } from '#shared/perps/pnl.ts';
import { type Preview, previewOrder } from '#shared/perps/preview.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import type { PlaceOrderRequest, PreviewDto } from '#shared/protocol/orders.ts';
import { presentPreview } from '#shared/protocol/present/preview.ts';
import { checkExits } from '../account/order-checks.ts';
import { refusalOfRoom } from '../account/order-room.ts';
import { nothingToReduce, worstPriceOf } from '../account/trade-plan.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { Refusal } from '#shared/protocol/error-codes.ts';
import { refusalOfProgramError } from '../chain/program-errors.ts';
import type { AccountView, OrderTerms } from '../account/contract.ts';
import { awaitedPrice, wouldRest } from '../account/resting.ts';
import { withTimeout } from '../platform/retry.ts';
import { viewAccount, type PricedAccount } from './account-view.ts';
import type { Services } from './context.ts';
import { refused, RefusedError } from './errors.ts';
import { warningsOf } from './preview-warnings.ts';

/** A preview does not wait longer than this for what hardly ever matters. */
const exchangeStateMsMax = 500;

/**
 * What an order would do now: the transitions of the program over the account and the market as last seen. An order that would rest is
 * shown at the price it waits for.
 *
 * @throws RefusedError where there is nothing to show: no price, no market on chain, impossible leverage, nothing to reduce.
 */
export async function previewFor(services: Services, wallet: string, order: PlaceOrderRequest): Promise<PreviewDto> {
  const [snapshot, account, terms, exchange] = await Promise.all([
    services.markets.snapshot(order.symbol),
    viewAccount(services, wallet),
    services.account(wallet).orderTerms(order.symbol),
    exchangeState(services),
  ]);
  if (snapshot.price === null) throw refused('ORACLE_003', `${order.symbol} has no price yet. Try again in a moment.`);
  if (snapshot.market === null) throw refused('MARKET_003', `${order.symbol} is not open on this network yet.`);
  const { price: current, market } = snapshot;
  const now = BigInt(Math.floor(services.clock.nowMs() / 1_000));
  const rests = restsAt(order, current);
  const { maxLeverage } = market.config;
  const leverageE2 = order.leverage === undefined ? defaultLeverage(maxLeverage, terms) : BigInt(order.leverage);
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
        worstPrice: rests === null ? worstPrice(order, current, terms) : null,
        reduceOnly: order.reduce_only,
      },
    });
    const { nowMs } = services.clock;
    const warned = {
      preview,
      order,
      exits: exitsRefusal(order, snapshot),
      room: refusalOfRoom(placedOrder(order), terms.usedRoom, snapshot),
      minPositionNotional: market.config.minPositionNotional,
      hasAccount: account.view.account !== null,
      terms,
      snapshot,
      nowMs: nowMs(),
    };
    if (rests === null) {
      // The program asks this before it looks at market and price.
      const paused = preview.opens > 0n && exchange?.openingsPaused === true;
      const refusal = paused ? 'Paused' : preview.refusal;
      return { ...presentPreview(preview), warnings: warningsOf({ ...warned, refusal }) };
    }
    const waiting = { controls: snapshot.controls, priceState: 'ok' } as const;
    const refusal = refusalOfResting(preview);
    return {
      ...presentPreview({ ...preview, oraclePrice: current.price }),
      warnings: warningsOf({ ...warned, refusal, snapshot: waiting }),
    };
  } catch (error) {
    if (!(error instanceof PerpError)) throw error;
    const isNothing = error.code === 'SizeExceedsPosition' && order.reduce_only;
    throw new RefusedError(isNothing ? nothingToReduce : refusalOfProgramError(error.code));
  }
}

/** What placing would say of the order's exits. */
function exitsRefusal(order: PlaceOrderRequest, snapshot: MarketSnapshot): Refusal | null {
  return checkExits(placedOrder(order), snapshot);
}

/** The fields that its exits and its place in the book depend on, as placing has them. */
function placedOrder(order: PlaceOrderRequest) {
  const { symbol, side, order_type: orderType, time_in_force: timeInForce, reduce_only: reduceOnly } = order;
  const {
    price = null,
    stop_price: stopPrice = null,
    take_profit: takeProfit = null,
    stop_loss: stopLoss = null,
  } = order;
  return {
    intent: 'trade',
    symbol,
    side,
    orderType,
    timeInForce,
    reduceOnly,
    price,
    stopPrice,
    takeProfit,
    stopLoss,
  } as const;
}

/** What concerns every market: without it (the chain is out of reach) the preview counts on no insurance and knows of no pause. */
const exchangeState = (services: Services) =>
  withTimeout(() => services.pool.read(), exchangeStateMsMax).catch(() => null);

/** The worst price an order that executes now accepts: its limit, or its slippage from the price of now. */
function worstPrice(order: PlaceOrderRequest, { price }: OraclePrice, { slippageBps }: OrderTerms): Price {
  if (order.price !== undefined) return order.price;
  return toPrice(worstPriceOf(order.side, price, order.max_slippage_bps ?? slippageBps));
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

/** Hundredths: the trader's own leverage, as far as the market allows it. */
export const defaultLeverage = (maxLeverage: bigint, { leverageE2 }: OrderTerms): bigint =>
  min(maxLeverage * 100n, BigInt(leverageE2));

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
