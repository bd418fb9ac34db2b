import * as z from 'zod';
import type { IndexedEvent } from '#shared/events.ts';
import { max } from '#shared/money/divide.ts';
import { indexValue, price, quote, size } from '#shared/money/units.ts';
import type { MarketState, OraclePrice, PositionState, SideTotals } from '#shared/perps/types.ts';

// Fields of the program's events that a market acts on; others are ignored.
const ORACLE = z.object({ price: z.bigint(), conf: z.bigint(), ema: z.bigint(), publishTime: z.bigint() });
const POSITION = z.object({
  side: z.enum(['long', 'short']),
  size: z.bigint(),
  entryValue: z.bigint(),
  margin: z.bigint(),
  reserve: z.bigint(),
  fundingSum: z.bigint(),
  borrowSum: z.bigint(),
});
const MARKET_AFTER = z.object({
  longOi: z.bigint(),
  shortOi: z.bigint(),
  backing: z.bigint(),
  insuranceAccrued: z.bigint(),
  treasuryAccrued: z.bigint(),
  insuranceDebt: z.bigint(),
  payoutsOwed: z.bigint(),
  fundingIndex: z.bigint(),
  borrowIndex: z.bigint(),
});
const CHANGE = { owner: z.string(), commandSeq: z.bigint(), before: POSITION, after: POSITION };

const tradeSchema = z.object({
  ...CHANGE,
  oracle: ORACLE,
  fillPrice: z.bigint(),
  size: z.bigint(),
  marketAfter: MARKET_AFTER,
});
const liquidationSchema = z.object({
  ...CHANGE,
  oracle: ORACLE,
  size: z.bigint(),
  payoutOwed: z.bigint(),
  marketAfter: MARKET_AFTER,
});
const marginSchema = z.object({ ...CHANGE, oracle: ORACLE.nullable(), marketAfter: MARKET_AFTER });
const settlementSchema = z.object({
  owner: z.string(),
  oracle: ORACLE,
  before: POSITION,
  after: POSITION,
  marketAfter: MARKET_AFTER,
});
const payoutSchema = z.object({ owner: z.string(), payoutOwed: z.bigint(), marketAfter: MARKET_AFTER });
const statusSchema = z.object({ after: z.enum(['active', 'reduce_only', 'halted']) });
const refreshedSchema = z.object({ oracle: ORACLE, fundingIndex: z.bigint(), borrowIndex: z.bigint() });
const settledSchema = z.object({ backing: z.bigint() });

/** What a settlement leaves of a position; the command number and an owed payout stay. */
type SettledState = Omit<PositionState, 'seq' | 'payoutOwed'>;

/** What an event does to a market, in its own terms. */
export interface MarketEffect {
  /** A position as the event left it. */
  readonly position?: { readonly owner: string; readonly state: PositionState };
  /** What the sums of the sides lose and gain. */
  readonly change?: { readonly before: SettledState; readonly after: SettledState };
  /** A position as its settlement left it: still the same command. */
  readonly settled?: { readonly owner: string; readonly state: SettledState };
  /** What is owed to a trader since a liquidation, or still after a payout. */
  readonly payout?: { readonly owner: string; readonly owed: bigint };
  readonly status?: MarketState['status'];
  /** A trade for the tape and the volumes. */
  readonly trade?: {
    readonly side: 'buy' | 'sell';
    readonly size: bigint;
    readonly price: bigint;
    readonly liquidation: boolean;
    readonly publishTime: bigint;
  };
  /** The last price the program accepted. */
  readonly price?: OraclePrice;
  readonly openInterest?: { readonly long: bigint; readonly short: bigint };
  /** The market's money. */
  readonly money?: Pick<
    MarketState,
    'backing' | 'insuranceAccrued' | 'treasuryAccrued' | 'insuranceDebt' | 'payoutsOwed'
  >;
  readonly backing?: bigint;
  readonly indexes?: { readonly fundingIndex: bigint; readonly borrowIndex: bigint };
}

/**
 * Reads what an event of a market's stream changes. Events that change nothing a market keeps give an empty effect.
 *
 * @throws ZodError for an event whose fields are not the program's.
 */
export function marketEffect(event: IndexedEvent): MarketEffect {
  switch (event.name) {
    case 'PositionIncreased':
      return tradeEffect(event, 'after');
    case 'PositionReduced':
      return tradeEffect(event, 'before');
    case 'PositionLiquidated':
      return liquidationEffect(event);
    case 'MarginChanged': {
      const { owner, before, after, commandSeq, oracle, marketAfter } = marginSchema.parse(event.data);
      return {
        position: { owner, state: stateOf(after, commandSeq, 0n) },
        change: changeOf(before, after),
        // Without a price nothing accrued.
        ...(oracle === null ? {} : { price: oraclePriceOf(oracle) }),
        ...afterFields(marketAfter),
      };
    }
    case 'MarketRefreshed': {
      const { oracle, fundingIndex, borrowIndex } = refreshedSchema.parse(event.data);
      return { price: oraclePriceOf(oracle), indexes: { fundingIndex, borrowIndex } };
    }
    case 'MarketSettled':
      return { backing: settledSchema.parse(event.data).backing };
    case 'PositionSettled': {
      const { owner, oracle, before, after, marketAfter } = settlementSchema.parse(event.data);
      const change = changeOf(before, after);
      return { settled: { owner, state: change.after }, change, ...marketFields(oracle, marketAfter) };
    }
    case 'PayoutMade': {
      const { owner, payoutOwed, marketAfter } = payoutSchema.parse(event.data);
      return { payout: { owner, owed: payoutOwed }, ...afterFields(marketAfter) };
    }
    case 'MarketStatusChanged':
      return { status: statusSchema.parse(event.data).after };
    // New parameters are read from the account, as after every event.
    case 'MarketCreated':
    case 'MarketTightened':
    case 'ChangeExecuted':
      return {};
    // No part of a market.
    case 'ExchangeInitialized':
    case 'UserAccountOpened':
    case 'PositionCreated':
    case 'DelegateChanged':
    case 'CollateralDeposited':
    case 'CollateralWithdrawn':
    case 'LiquidationRewarded':
    case 'CloseRequested':
    case 'Donated':
    case 'PoolRequested':
    case 'PoolRequestExecuted':
    case 'PoolRequestLapsed':
    case 'AdminProposed':
    case 'AdminAccepted':
    case 'OperationsPaused':
    case 'OperationsResumed':
    case 'KeeperAdded':
    case 'KeeperRemoved':
    case 'ChangeProposed':
    case 'ChangeCancelled':
    case 'WithdrawalQueued':
    case 'WithdrawalPaid':
    case 'WithdrawalReturned':
    case 'WithdrawalCancelled':
    case 'TreasuryWithdrawn':
    case 'InsuranceFunded':
    case 'AccountMigrated':
      return {};
  }
}

/** A buy makes a long or unmakes a short: the side of the position that grew, or the other one of the position that shrank. */
function tradeEffect(event: IndexedEvent, grew: 'before' | 'after'): MarketEffect {
  const {
    owner,
    oracle,
    fillPrice,
    size: traded,
    after,
    before,
    commandSeq,
    marketAfter,
  } = tradeSchema.parse(event.data);
  const isBuy = grew === 'after' ? after.side === 'long' : before.side === 'short';
  return {
    position: { owner, state: stateOf(after, commandSeq, 0n) },
    change: changeOf(before, after),
    trade: {
      side: isBuy ? 'buy' : 'sell',
      size: traded,
      price: fillPrice,
      liquidation: false,
      publishTime: oracle.publishTime,
    },
    ...marketFields(oracle, marketAfter),
  };
}

function liquidationEffect(event: IndexedEvent): MarketEffect {
  const data = liquidationSchema.parse(event.data);
  return {
    position: { owner: data.owner, state: stateOf(data.after, data.commandSeq, data.payoutOwed) },
    change: changeOf(data.before, data.after),
    ...(data.payoutOwed > 0n ? { payout: { owner: data.owner, owed: data.payoutOwed } } : {}),
    trade: {
      side: data.before.side === 'long' ? 'sell' : 'buy',
      size: data.size,
      price: data.oracle.price,
      liquidation: true,
      publishTime: data.oracle.publishTime,
    },
    ...marketFields(data.oracle, data.marketAfter),
  };
}

const marketFields = (oracle: z.infer<typeof ORACLE>, after: z.infer<typeof MARKET_AFTER>) => ({
  price: oraclePriceOf(oracle),
  ...afterFields(after),
});

const afterFields = (after: z.infer<typeof MARKET_AFTER>) => ({
  openInterest: { long: after.longOi, short: after.shortOi },
  money: {
    backing: quote(after.backing),
    insuranceAccrued: quote(after.insuranceAccrued),
    treasuryAccrued: quote(after.treasuryAccrued),
    insuranceDebt: quote(after.insuranceDebt),
    payoutsOwed: quote(after.payoutsOwed),
  },
  indexes: { fundingIndex: after.fundingIndex, borrowIndex: after.borrowIndex },
});

const oraclePriceOf = (oracle: z.infer<typeof ORACLE>): OraclePrice => ({
  price: price(oracle.price),
  conf: price(oracle.conf),
  ema: price(oracle.ema),
  publishTime: oracle.publishTime,
});

const changeOf = (before: z.infer<typeof POSITION>, after: z.infer<typeof POSITION>) =>
  ({ before, after }) as { before: SettledState; after: SettledState };

const stateOf = (state: z.infer<typeof POSITION>, commandSeq: bigint, payoutOwed: bigint): PositionState =>
  ({ ...state, seq: commandSeq, payoutOwed }) as PositionState;

/**
 * The Market account as an effect leaves it, but for what only the chain knows; verified with the next read. `atSeconds` is the time of the
 * effect's block: an accrual moves the market's clock there.
 */
export function carriedForward(effect: MarketEffect, market: MarketState, atSeconds: bigint): Partial<MarketState> {
  const { price: accepted, openInterest, backing, indexes, status, money, change } = effect;
  const sides = change === undefined ? market : sidesAfter(market, change);
  return {
    ...(status === undefined ? {} : { status }),
    ...(accepted === undefined ? {} : { price: accepted, accruedAt: max(market.accruedAt, atSeconds) }),
    ...(backing === undefined ? {} : { backing: quote(backing) }),
    ...money,
    ...(indexes === undefined
      ? {}
      : { fundingIndex: indexValue(indexes.fundingIndex), borrowIndex: indexValue(indexes.borrowIndex) }),
    ...(openInterest === undefined
      ? {}
      : {
          long: { ...sides.long, size: size(openInterest.long) },
          short: { ...sides.short, size: size(openInterest.short) },
        }),
  };
}

/** The sums of both sides with a position changed; a flat one is in neither. */
function sidesAfter(
  market: MarketState,
  { before, after }: NonNullable<MarketEffect['change']>,
): Pick<MarketState, 'long' | 'short'> {
  const without = { long: market.long, short: market.short, [before.side]: plus(market[before.side], before, -1n) };
  return { ...without, [after.side]: plus(without[after.side], after, 1n) };
}

const TOTALS = ['entryValue', 'margin', 'reserve', 'fundingSum', 'borrowSum'] as const;

const plus = (totals: SideTotals, part: SettledState, sign: 1n | -1n): SideTotals => ({
  ...totals,
  ...Object.fromEntries(TOTALS.map((name) => [name, totals[name] + sign * part[name]])),
});
