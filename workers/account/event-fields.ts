import * as z from 'zod';
import { entryValue, fineValue, quote, size } from '#shared/money/units.ts';
import type { EventName, IndexedEvent } from '#shared/events.ts';

/** The fields of the program's events that an account's object reads. Names as in docs/program.md, camelCased. */

const integer = z.union([z.bigint(), z.int().transform(BigInt)]);
const sideSchema = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['long', 'short']));

const positionStateSchema = z
  .object({
    side: sideSchema,
    size: integer,
    entryValue: integer,
    margin: integer,
    reserve: integer,
    fundingSum: integer,
    borrowSum: integer,
  })
  .transform((state) => ({
    side: state.side,
    size: size(state.size),
    entryValue: entryValue(state.entryValue),
    margin: quote(state.margin),
    reserve: quote(state.reserve),
    fundingSum: fineValue(state.fundingSum),
    borrowSum: fineValue(state.borrowSum),
  }));

const delegateSchema = z.object({
  enabled: z.boolean(),
  expiresAt: integer,
  turnoverCap: integer,
  maxSlippageBps: z.coerce.number().int(),
});

const collateral = { collateral: integer };
const positionChange = {
  ...collateral,
  after: positionStateSchema,
  openedSeq: integer,
};
/** Which order it was for, and whether the keeper alone signed: whoever signs himself may name any order. */
const order = { orderId: z.string().nullable(), delegated: z.boolean() };
/** Orders' executions carry their price; a trade that was recorded without one is read all the same. */
const priced = { oracle: z.object({ publishTime: integer }).nullish() };
const oracle = { oracle: z.object({ price: integer, publishTime: integer }) };

const schemas = {
  UserAccountOpened: z.object({ owner: z.string() }),
  DelegateChanged: z.object({ delegate: delegateSchema }),
  CollateralDeposited: z.object(collateral),
  CollateralWithdrawn: z.object(collateral),
  LiquidationRewarded: z.object(collateral),
  WithdrawalQueued: z.object(collateral),
  WithdrawalReturned: z.object(collateral),
  WithdrawalCancelled: z.object(collateral),
  PayoutMade: z.object({ ...collateral, payoutOwed: integer }),
  PositionIncreased: z.object({
    ...positionChange,
    ...order,
    ...priced,
    fillPrice: integer,
    size: integer,
    fee: integer,
  }),
  PositionReduced: z.object({
    ...positionChange,
    ...order,
    ...priced,
    fillPrice: integer,
    size: integer,
    fee: integer,
    realizedPnl: integer,
    reason: z.enum(['order', 'close_request', 'capped']),
  }),
  MarginChanged: z.object({ ...positionChange, ...order, amount: integer, added: z.boolean() }),
  PositionLiquidated: z.object({
    ...positionChange,
    ...oracle,
    size: integer,
    realizedPnl: integer,
    funding: integer,
    borrow: integer,
    liquidationFee: integer,
    badDebt: integer,
    payoutOwed: integer,
  }),
} as const satisfies Record<AccountEventName, z.ZodType>;

/** They move an account's stream and change nothing that is kept of it, or are in no account's stream. */
type IgnoredEvent = Extract<
  EventName,
  | 'PositionCreated'
  | 'WithdrawalPaid'
  | 'ExchangeInitialized'
  | 'MarketCreated'
  | 'CloseRequested'
  | 'PositionSettled'
  | 'MarketRefreshed'
  | 'MarketSettled'
  | 'Donated'
  | 'PoolRequested'
  | 'PoolRequestExecuted'
  | 'PoolRequestLapsed'
  | 'AdminProposed'
  | 'AdminAccepted'
  | 'OperationsPaused'
  | 'OperationsResumed'
  | 'MarketStatusChanged'
  | 'KeeperAdded'
  | 'KeeperRemoved'
  | 'ChangeProposed'
  | 'ChangeCancelled'
  | 'ChangeExecuted'
  | 'MarketTightened'
  | 'TreasuryWithdrawn'
  | 'InsuranceFunded'
  | 'AccountMigrated'
>;

type AccountEventName = Exclude<EventName, IgnoredEvent>;
export type AccountEvent = {
  [Name in AccountEventName]: { readonly name: Name; readonly data: z.output<(typeof schemas)[Name]> };
}[AccountEventName];

/** An event as this account reads it; null for one that changes nothing here. @throws ZodError when it is not what the program emits. */
export function readAccountEvent(event: Pick<IndexedEvent, 'name' | 'data'>): AccountEvent | null {
  const { name } = event;
  if (!isAccountEvent(name)) return null;
  return { name, data: schemas[name].parse(event.data) } as AccountEvent;
}

const isAccountEvent = (name: EventName): name is AccountEventName => Object.hasOwn(schemas, name);

/**
 * The order an event executed; null where it had none (16 zero bytes) or cannot have one. Orders are executed by the keeper alone: what the
 * trader signed too names an order of his choice and executes none.
 */
export function orderIdOf(event: AccountEvent): string | null {
  if (!('orderId' in event.data) || !event.data.delegated) return null;
  const { orderId } = event.data;
  return orderId === null || /^[0-]*$/.test(orderId) ? null : orderId;
}
