import * as z from 'zod';
import type { IndexedEvent } from '#shared/events.ts';
import { indexValue, price, quote, size } from '#shared/money/units.ts';
import type { MarketState, OraclePrice, PositionState } from '#shared/perps/types.ts';

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
const settlementSchema = z.object({ owner: z.string(), oracle: ORACLE, after: POSITION, marketAfter: MARKET_AFTER });
const payoutSchema = z.object({ owner: z.string(), payoutOwed: z.bigint(), marketAfter: MARKET_AFTER });
const statusSchema = z.object({ status: z.enum(['active', 'reduce_only', 'halted']) });
const refreshedSchema = z.object({ oracle: ORACLE, fundingIndex: z.bigint(), borrowIndex: z.bigint() });
const settledSchema = z.object({ backing: z.bigint() });

/** What a settlement leaves of a position; the command number and an owed payout stay. */
type SettledState = Omit<PositionState, 'seq' | 'payoutOwed'>;

/** What an event does to a market, in its own terms. */
export interface MarketEffect {
  /** A position as the event left it. */
  readonly position?: { readonly owner: string; readonly state: PositionState };
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
      const { owner, after, commandSeq, oracle, marketAfter } = marginSchema.parse(event.data);
      return {
        position: { owner, state: stateOf(after, commandSeq, 0n) },
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
      const { owner, oracle, after, marketAfter } = settlementSchema.parse(event.data);
      return { settled: { owner, state: after as SettledState }, ...marketFields(oracle, marketAfter) };
    }
    case 'PayoutMade': {
      const { owner, payoutOwed, marketAfter } = payoutSchema.parse(event.data);
      return { payout: { owner, owed: payoutOwed }, ...afterFields(marketAfter) };
    }
    case 'MarketStatusChanged':
      return { status: statusSchema.parse(event.data).status };
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
  backing: after.backing,
  indexes: { fundingIndex: after.fundingIndex, borrowIndex: after.borrowIndex },
});

const oraclePriceOf = (oracle: z.infer<typeof ORACLE>): OraclePrice => ({
  price: price(oracle.price),
  conf: price(oracle.conf),
  ema: price(oracle.ema),
  publishTime: oracle.publishTime,
});

const stateOf = (state: z.infer<typeof POSITION>, commandSeq: bigint, payoutOwed: bigint): PositionState =>
  ({ ...state, seq: commandSeq, payoutOwed }) as PositionState;

/** The fields of the Market account that an effect carries forward; its other sums follow with the next read of the chain. */
export function carriedForward(effect: MarketEffect, market: MarketState): Partial<MarketState> {
  const { price: accepted, openInterest, backing, indexes, status } = effect;
  return {
    ...(status === undefined ? {} : { status }),
    ...(accepted === undefined ? {} : { price: accepted }),
    ...(backing === undefined ? {} : { backing: quote(backing) }),
    ...(indexes === undefined
      ? {}
      : { fundingIndex: indexValue(indexes.fundingIndex), borrowIndex: indexValue(indexes.borrowIndex) }),
    ...(openInterest === undefined
      ? {}
      : {
          long: { ...market.long, size: size(openInterest.long) },
          short: { ...market.short, size: size(openInterest.short) },
        }),
  };
}
