import {
  ENTRY_VALUE_PER_QUOTE,
  PRICE_DECIMALS,
  QUOTE_MAX,
  price as toPrice,
  quote,
  size,
  entryValue,
  fineValue,
} from '#shared/money/units.ts';
import { displayDecimal } from '#shared/money/format.ts';
import { accrue } from '#shared/perps/accrual.ts';
import { PerpError, requireThat } from '#shared/perps/errors.ts';
import { checkMayOpen, isNearEma } from '#shared/perps/oracle.ts';
import { flip } from '#shared/perps/position.ts';
import { open, openCosts, type OpenRequest, type TradeState } from '#shared/perps/position-open.ts';
import type { MarketState, OraclePrice, PositionState } from '#shared/perps/types.ts';
import { ok, type Refusal, type Result } from '#shared/protocol/error-codes.ts';
import type { ChainAccount, ChainPosition } from '../chain/accounts.ts';
import { closingRefusal, openingRefusal } from '#shared/protocol/restrictions.ts';
import type { MarketControls, MarketSnapshot } from '../market/contract.ts';
import type { PlaceOrderCommand } from './contract.ts';
import { explainRefusal, type RefusedTrade } from './refusal-words.ts';
import { awaitedPrice, wouldRest } from './resting.ts';
import { planTrade, type TradePlan } from './trade-plan.ts';

/** What an order is checked against, all of it as known now. */
export interface OrderSituation {
  readonly account: ChainAccount | null;
  readonly position: ChainPosition | null;
  readonly snapshot: MarketSnapshot;
  /** Why this trader may not open or increase; null when he may. */
  readonly standing: Refusal | null;
  readonly nowMs: number;
}

type CheckedCommand = Pick<
  PlaceOrderCommand,
  'side' | 'orderType' | 'quantity' | 'price' | 'stopPrice' | 'reduceOnly' | 'timeInForce' | 'expiresAtMs'
> & { readonly leverageE2: number; readonly worstPrice: bigint };

/** Highest price the program takes: no bound for an order whose price is not known yet. */
const noWorstPrice = { buy: 2n ** 63n - 1n, sell: 1n } as const;

/**
 * Refuses at once what the program would refuse now, by the same mathematics, so that the trader hears it before his order is accepted.
 * The program decides again at execution.
 */
export function checkOrder(command: CheckedCommand, situation: OrderSituation): Result<null> {
  const refusal =
    checkAccount(situation) ?? checkExpiry(command, situation.nowMs) ?? checkPrice(command, situation.snapshot);
  if (refusal !== null) return { ok: false, error: refusal };
  const status = situation.snapshot.market?.status ?? 'active';
  const plan = planTrade(command, situation.position, status);
  if (!plan.ok) return plan;
  const restricted = refusalOfPlan(plan.value, situation.snapshot.controls, situation.standing);
  if (restricted !== null) return { ok: false, error: restricted };
  // What only reduces may be tried in any state of the account and the market.
  if (plan.value.kind === 'close' || plan.value.opens === 0n) return ok(null);
  return checkOpening(command, situation, plan.value);
}

/** Why a plan may not be executed now for what operators, brakes or the trader's standing hold back; null when it may. */
export function refusalOfPlan(plan: TradePlan, controls: MarketControls, standing: Refusal | null): Refusal | null {
  const opens = plan.kind === 'trade' && plan.opens > 0n;
  const reduces = plan.kind === 'close' || plan.closes > 0n;
  return (opens ? (openingRefusal(controls) ?? standing) : null) ?? (reduces ? closingRefusal(controls) : null);
}

type OrderWithExits = Pick<PlaceOrderCommand, 'side' | 'price' | 'stopPrice' | 'takeProfit' | 'stopLoss'>;

/** An exit on the wrong side of the price its entry is awaited at would execute at once. Refusals: TRADING_025. */
export function checkExits(order: OrderWithExits, { price }: Pick<MarketSnapshot, 'price'>): Refusal | null {
  if (price === null) return null;
  const entryPrice = awaitedPrice(order, price).price;
  const isLong = order.side === 'buy';
  const { takeProfit, stopLoss } = order;
  const above = isLong ? takeProfit : stopLoss;
  const below = isLong ? stopLoss : takeProfit;
  if (above !== null && above <= entryPrice)
    return wrongSide(isLong ? 'take_profit' : 'stop_loss', 'above', entryPrice);
  if (below !== null && below >= entryPrice)
    return wrongSide(isLong ? 'stop_loss' : 'take_profit', 'below', entryPrice);
  return null;
}

const wrongSide = (exit: 'take_profit' | 'stop_loss', side: 'above' | 'below', entryPrice: bigint): Refusal => ({
  code: 'TRADING_025',
  message: `${exit} must lie ${side} ${displayDecimal(entryPrice, PRICE_DECIMALS, { places: 2 })} USD, the price it is measured from.`,
});

/** Whether a keeper may act for this account at all. */
export function checkAccount({ account, nowMs }: Pick<OrderSituation, 'account' | 'nowMs'>): Refusal | null {
  if (account === null) {
    return {
      code: 'TRADING_014',
      message: 'This wallet has no trading account yet. Build and sign the action open_account.',
    };
  }
  if (!account.delegate.enabled || account.delegate.expiresAt * 1000n <= BigInt(nowMs)) {
    return {
      code: 'TRADING_015',
      message: 'Orders need your delegation to the exchange. Build and sign the action set_delegate.',
    };
  }
  return null;
}

function checkExpiry({ timeInForce, expiresAtMs }: CheckedCommand, nowMs: number): Refusal | null {
  if (timeInForce !== 'gtt' || expiresAtMs === null || expiresAtMs > nowMs) return null;
  return { code: 'VALIDATION_001', message: 'expires_at lies in the past.' };
}

/** Only an order that executes at once needs a price that may be traded on now. */
function checkPrice(command: CheckedCommand, snapshot: MarketSnapshot): Refusal | null {
  if (snapshot.market === null || snapshot.price === null) {
    return { code: 'ORACLE_003', message: `There is no price of ${snapshot.symbol} yet. Try again in a few seconds.` };
  }
  if (isResting(command)) return null;
  switch (snapshot.priceState) {
    case 'ok':
      return null;
    case 'stale':
      return {
        code: 'ORACLE_001',
        message: `The price of ${snapshot.symbol} is too old to trade on. Try again in a few seconds.`,
      };
    case 'uncertain':
      // Far from its average, a price still takes off what is open.
      if (command.reduceOnly && !isNearEma(snapshot.price, snapshot.market.oracle)) return null;
      return { code: 'ORACLE_002', message: `The price of ${snapshot.symbol} is too uncertain to trade on right now.` };
    case 'halted':
      return command.reduceOnly
        ? null
        : { code: 'MARKET_003', message: `${snapshot.symbol} is halted: positions can only be closed.` };
  }
}

function checkOpening(
  command: CheckedCommand,
  { account, position, snapshot, nowMs }: OrderSituation,
  { side, opens, closes }: Extract<TradePlan, { kind: 'trade' }>,
): Result<null> {
  const { market, price } = snapshot;
  if (account === null || market === null || price === null) return ok(null);
  try {
    const oracle = awaitedPrice(command, price);
    const accrued = accrueTo(market, price, nowMs);
    if (!isResting(command)) checkMayOpen(market, price);
    const request = {
      side,
      size: size(opens),
      leverageE2: BigInt(command.leverageE2),
      worstPrice: toPrice(isResting(command) ? noWorstPrice[command.side] : command.worstPrice),
    };
    const state = { market: accrued, position: position ?? flatPosition, account };
    if (wouldRest(command, price)) checkRestingOpening(state, oracle, request, closes > 0n);
    else if (closes > 0n) flip(state, oracle, request, ampleInsurance);
    else open(state, oracle, request);
    return ok(null);
  } catch (error) {
    if (!(error instanceof PerpError)) throw error;
    const { minPositionNotional } = market.config;
    return { ok: false, error: explain(error, account, { size: opens, price: price.price, minPositionNotional }) };
  }
}

/**
 * What an opening that will wait for its price must meet already. What the position and the market are worth until then is unknown: the
 * position's margin, skew, open interest and utilisation are left to the execution.
 * An order that turns the position pays with what its close will release, which is as unknown.
 * Errors: LeverageOutOfBounds, InvalidFillPrice, BelowMinNotional, InsufficientCollateral.
 */
function checkRestingOpening(
  { market, position, account }: TradeState,
  awaited: OraclePrice,
  request: OpenRequest,
  turns: boolean,
): void {
  const costs = openCosts(market, awaited, request);
  const notional = (turns ? request.size : position.size + request.size) * awaited.price;
  requireThat(notional >= market.config.minPositionNotional * ENTRY_VALUE_PER_QUOTE, 'BelowMinNotional');
  requireThat(turns || account.collateral >= costs.marginAdded + costs.fee, 'InsufficientCollateral');
}

const accrueTo = (market: MarketState, price: OraclePrice, nowMs: number): MarketState =>
  accrue(market, price.price, BigInt(Math.floor(nowMs / 1000)));

function explain(error: PerpError, account: ChainAccount, trade: RefusedTrade): Refusal {
  const refusal = explainRefusal(error.code, trade);
  if (error.code !== 'InsufficientCollateral') return refusal;
  const free = `${account.collateral / 1_000_000n}.${(account.collateral % 1_000_000n).toString().padStart(6, '0')}`;
  return {
    ...refusal,
    message: `Free collateral is ${free} USDC, less than this order's margin and fee. Deposit, or order less.`,
  };
}

const isResting = (command: Pick<CheckedCommand, 'orderType'>): boolean => command.orderType !== 'market';

/** The close of a trade is not what is checked here: whatever it needs of insurance is there. */
const ampleInsurance = { balance: quote(QUOTE_MAX), topupLeft: quote(0n) };

const flatPosition: PositionState = {
  side: 'long',
  size: size(0n),
  entryValue: entryValue(0n),
  margin: quote(0n),
  reserve: quote(0n),
  fundingSum: fineValue(0n),
  borrowSum: fineValue(0n),
  seq: 0n,
  payoutOwed: quote(0n),
};

/** Whether an amount of margin can exist at all. */
export const isQuoteAmount = (amount: bigint): boolean => amount > 0n && amount <= QUOTE_MAX;
