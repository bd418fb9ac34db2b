import { divRound } from '#shared/money/divide.ts';
import type { OrderAttempt, OrderIntent, OrderRecord, OrderStage, OrderStatus } from './contract.ts';

/** An order as its object stores it: the public record and what only the machine needs. */
export interface StoredOrder extends OrderRecord {
  /** Worst price of the execution, 1e-8 USD: the limit, or the reference price at acceptance and the slippage; null for margin changes. */
  readonly worstPrice: bigint | null;
  /** Whether a stop's price was reached: from then on a stop-limit is a limit. */
  readonly stopFired: boolean;
  /** A market order that could not be submitted until then is rejected, milliseconds; null for orders that may rest. */
  readonly submitByMs: number | null;
  /** The request that placed it, for the logs. */
  readonly requestId: string;
  /** Events of the execution applied so far, by their place. */
  readonly fillParts: readonly FillPart[];
  /** Of an exit: the command number that opened the position it closes. */
  readonly positionSeq: bigint | null;
  /** Why it ends instead of resting or being sent again: it was withdrawn while it was under way. */
  readonly withdrawn: OrderFailure | null;
  /** How often in a row it went back to the book because it could not be executed. */
  readonly timesHeldBack: number;
  /** Its newest attempt when it was triggered last: what failed until then tells nothing of this time. Null: it had none. */
  readonly triggeredAfter: string | null;
}

export interface OrderFailure {
  readonly code: string;
  readonly message: string;
}

/** What one event of an execution says. A trade that closes a position and opens the other side has two, in one transaction. */
export interface FillPart {
  /** Place among the events of its transaction. */
  readonly place: number;
  readonly quantity: bigint;
  /** Null for a change of margin. */
  readonly price: bigint | null;
  readonly fee: bigint;
  readonly positionId: string;
  /** Command number that opened the position it opened or increased; null where it reduced one. */
  readonly opens: bigint | null;
}

/** What an amendment may change, and where the order goes on from. */
export type OrderAmendment = Pick<
  StoredOrder,
  | 'quantity'
  | 'price'
  | 'stopPrice'
  | 'expiresAtMs'
  | 'takeProfit'
  | 'stopLoss'
  | 'maxSlippageBps'
  | 'worstPrice'
  | 'eligibleFrom'
  | 'submitByMs'
  | 'stopFired'
> & { readonly stage: 'accepted' | 'resting' | 'triggered' };

/** The execution of an order, as far as its events have come. */
export interface OrderFill {
  /** What was executed, and where. */
  readonly intent: OrderIntent;
  readonly symbol: string;
  readonly parts: readonly FillPart[];
  readonly signature: string;
  readonly executedAtMs: number;
}

export type OrderTransition =
  /** `heldBackAtMs`: it could not be executed, so that it leaves a pause which grows before its price counts again. */
  | { readonly kind: 'rest'; readonly heldBackAtMs?: number }
  | {
      readonly kind: 'trigger';
      readonly eligibleFrom: number;
      readonly worstPrice: bigint | null;
      readonly submitByMs: number | null;
    }
  | { readonly kind: 'submit'; readonly attempt: OrderAttempt }
  | {
      readonly kind: 'settle_attempt';
      readonly signature: string;
      readonly outcome: SettledOutcome;
      readonly reason: string | null;
      readonly atMs: number;
    }
  | { readonly kind: 'fill'; readonly fill: OrderFill }
  | { readonly kind: 'reject'; readonly error: OrderFailure }
  | { readonly kind: 'cancel'; readonly error: OrderFailure | null }
  /** As `cancel`; one that was submitted ends so unless it is executed. */
  | { readonly kind: 'withdraw'; readonly error: OrderFailure }
  /** Its sibling closed so much of what both were to close. */
  | { readonly kind: 'reduce'; readonly by: bigint }
  /** It waits for nothing of its own: the time to submit it begins anew. */
  | { readonly kind: 'postpone'; readonly submitByMs: number }
  /** Its turn came late: what everyone knew long before is no price for it. */
  | { readonly kind: 'renew'; readonly eligibleFrom: number }
  | { readonly kind: 'amend'; readonly amendment: OrderAmendment }
  | { readonly kind: 'expire'; readonly error: OrderFailure | null };

type StageTransition = Exclude<
  OrderTransition,
  { kind: 'settle_attempt' | 'withdraw' | 'reduce' | 'postpone' | 'renew' | 'amend' }
>;

export type SettledOutcome = Exclude<OrderAttempt['outcome'], 'sent'>;

/** Attempts kept per order; the oldest settled ones go first. */
export const attemptsPerOrderMax = 32;
/** Attempts of one order that may be under way at once. */
export const liveAttemptsMax = 8;
/** Pause of an order that came back because it could not be executed; doubles each time, up to the second. */
export const heldBackSecondsMin = 2;
export const heldBackSecondsMax = 8;
/** Once an order has waited this long beyond its pause, its next return is a first one again. */
const heldBackForgottenSeconds = 60;

/**
 * Which stage follows which. `submitted → submitted` is another attempt, `resting → resting` a return to the book; what was not submitted
 * yet may be amended, back to any stage before it. Everything else that is missing cannot happen.
 */
export const STAGE_EDGES: Readonly<Record<OrderStage, readonly OrderStage[]>> = {
  accepted: ['resting', 'submitted', 'filled', 'rejected', 'cancelled', 'expired'],
  resting: ['resting', 'accepted', 'triggered', 'filled', 'rejected', 'cancelled', 'expired'],
  triggered: ['accepted', 'resting', 'submitted', 'filled', 'rejected', 'cancelled', 'expired'],
  submitted: ['submitted', 'resting', 'filled', 'rejected', 'cancelled', 'expired'],
  filled: [],
  // The chain is the truth about money: an execution it reports is believed whatever was answered before.
  rejected: ['filled'],
  cancelled: ['filled'],
  expired: ['filled'],
};

/** Stages in which nothing more happens by itself. */
export const isFinished = (stage: OrderStage): boolean => statusOf(stage) !== 'pending';

export function statusOf(stage: OrderStage): OrderStatus {
  switch (stage) {
    case 'accepted':
    case 'resting':
    case 'triggered':
    case 'submitted':
      return 'pending';
    case 'expired':
      return 'cancelled';
    case 'filled':
    case 'rejected':
    case 'cancelled':
      return stage;
  }
}

/** Attempts that may still land: sent, and not known to have landed, failed or expired. */
export const liveAttempts = (order: Pick<OrderRecord, 'attempts'>): readonly OrderAttempt[] =>
  order.attempts.filter((attempt) => attempt.outcome === 'sent');

/** What was tried since the order was triggered last. */
export const attemptsSinceTrigger = ({
  attempts,
  triggeredAfter,
}: Pick<StoredOrder, 'attempts' | 'triggeredAfter'>): readonly OrderAttempt[] =>
  attempts.slice(attempts.findIndex(({ signature }) => signature === triggeredAfter) + 1);

/** What can only lessen a trader's risk: it never waits behind what opens. */
export const isProtective = ({ reduceOnly, intent }: Pick<OrderRecord, 'reduceOnly' | 'intent'>): boolean =>
  reduceOnly || intent === 'add_margin';

/** Before submission the trader may withdraw his order; afterwards the chain decides. */
export const isCancellable = (stage: OrderStage): boolean =>
  stage === 'accepted' || stage === 'resting' || stage === 'triggered';

/** As `isCancellable`, and between two attempts: none of them can land any more. */
export const isStoppable = (order: Pick<StoredOrder, 'stage' | 'attempts'>): boolean =>
  isCancellable(order.stage) || (order.stage === 'submitted' && liveAttempts(order).length === 0);

/**
 * Applies a transition; the version grows with every change. Null when the order's state does not allow it:
 * - a stage without that edge,
 * - a second command number while an attempt with another one may still land (both could execute), or too many attempts under way,
 * - leaving `submitted` by anything but a fill while an attempt may still land.
 * A further event of the execution that filled an order adds its part; one that was counted changes nothing.
 */
export function advance(order: StoredOrder, transition: OrderTransition): StoredOrder | null {
  if (transition.kind === 'settle_attempt') return settleAttempt(order, transition);
  if (transition.kind === 'amend') return amend(order, transition.amendment);
  if (transition.kind === 'reduce') return reduceBy(order, transition.by);
  if (transition.kind === 'postpone') return postpone(order, transition.submitByMs);
  if (transition.kind === 'renew') return renew(order, transition.eligibleFrom);
  if (transition.kind === 'withdraw') return withdraw(order, transition.error);
  if (transition.kind === 'rest' && order.withdrawn !== null)
    return advance(order, { kind: 'cancel', error: order.withdrawn });
  if (transition.kind === 'fill' && !fits(order, transition.fill)) return null;
  if (transition.kind === 'fill' && order.stage === 'filled') return addParts(order, transition.fill);
  const stage = stageAfter(transition);
  if (!STAGE_EDGES[order.stage].includes(stage)) return null;
  const live = liveAttempts(order);
  if (transition.kind === 'submit') {
    if (live.length >= liveAttemptsMax) return null;
    if (live.some((attempt) => attempt.expectedSeq !== transition.attempt.expectedSeq)) return null;
  } else if (order.stage === 'submitted' && stage !== 'filled' && live.length > 0) return null;
  return { ...order, ...changeOf(order, transition), stage, status: statusOf(stage), version: order.version + 1 };
}

/** The trader's changes; from submission on the chain decides. */
const amend = (order: StoredOrder, amendment: OrderAmendment): StoredOrder | null =>
  isCancellable(order.stage) ? { ...order, ...amendment, version: order.version + 1 } : null;

/** Whether this is what the order asks for: a change of margin executes no trade, and nothing in another market does. */
const fits = ({ intent, symbol }: StoredOrder, fill: OrderFill): boolean =>
  fill.intent === intent && fill.symbol === symbol;

/** At least something stays: an order of nothing is withdrawn. */
const reduceBy = (order: StoredOrder, by: bigint): StoredOrder | null =>
  isFinished(order.stage) || by <= 0n || by >= order.quantity
    ? null
    : { ...order, quantity: order.quantity - by, version: order.version + 1 };

/** Of an order that must be submitted by some time. */
const postpone = (order: StoredOrder, submitByMs: number): StoredOrder | null =>
  isFinished(order.stage) || order.submitByMs === null
    ? null
    : { ...order, submitByMs: Math.max(order.submitByMs, submitByMs), version: order.version + 1 };

/** Not while an attempt may still land: that one has its price. */
const renew = (order: StoredOrder, from: number): StoredOrder | null =>
  isFinished(order.stage) || liveAttempts(order).length > 0 || from <= order.eligibleFrom
    ? null
    : { ...order, eligibleFrom: from, version: order.version + 1 };

function withdraw(order: StoredOrder, error: OrderFailure): StoredOrder | null {
  if (isCancellable(order.stage)) return advance(order, { kind: 'cancel', error });
  if (order.stage !== 'submitted' || order.withdrawn !== null) return null;
  return { ...order, withdrawn: error, version: order.version + 1 };
}

function stageAfter(transition: StageTransition): OrderStage {
  switch (transition.kind) {
    case 'rest':
      return 'resting';
    case 'trigger':
      return 'triggered';
    case 'submit':
      return 'submitted';
    case 'fill':
      return 'filled';
    case 'reject':
      return 'rejected';
    case 'cancel':
      return 'cancelled';
    case 'expire':
      return 'expired';
  }
}

function changeOf(order: StoredOrder, transition: StageTransition): Partial<StoredOrder> {
  switch (transition.kind) {
    case 'rest':
      // A stop that comes back waits for its price anew; a stop-limit has become a limit for good.
      return {
        ...(order.orderType === 'stop' ? { stopFired: false, submitByMs: null } : {}),
        ...(transition.heldBackAtMs === undefined ? {} : heldBack(order, transition.heldBackAtMs)),
      };
    case 'trigger':
      return {
        eligibleFrom: transition.eligibleFrom,
        timesHeldBack:
          transition.eligibleFrom - order.eligibleFrom > heldBackForgottenSeconds ? 0 : order.timesHeldBack,
        worstPrice: transition.worstPrice,
        submitByMs: transition.submitByMs,
        stopFired: order.stopFired || order.stopPrice !== null,
        triggeredAfter: order.attempts.at(-1)?.signature ?? null,
      };
    case 'submit':
      return { attempts: boundedAttempts([...order.attempts, transition.attempt]) };
    case 'fill':
      return fillChange(order, transition.fill);
    case 'reject':
    case 'cancel':
    case 'expire':
      return { error: transition.error };
  }
}

function heldBack({ timesHeldBack }: StoredOrder, nowMs: number): Partial<StoredOrder> {
  const pauseSeconds = Math.min(heldBackSecondsMin * 2 ** timesHeldBack, heldBackSecondsMax);
  return { timesHeldBack: timesHeldBack + 1, eligibleFrom: Math.floor(nowMs / 1000) + pauseSeconds };
}

/** Block times are whole seconds and lag: an execution is told no earlier than what is known to have come before it. */
function fillChange(order: StoredOrder, fill: OrderFill): Partial<StoredOrder> {
  const landed = order.attempts.find((attempt) => attempt.signature === fill.signature);
  const executedAtMs = Math.max(fill.executedAtMs, order.createdAtMs, landed?.signedAtMs ?? 0);
  const attempts = order.attempts.map((attempt): OrderAttempt => {
    if (attempt.signature === fill.signature)
      return { ...attempt, outcome: 'landed', reason: null, settledAtMs: executedAtMs };
    if (attempt.outcome !== 'sent') return attempt;
    const settledAtMs = Math.max(executedAtMs, attempt.signedAtMs);
    return { ...attempt, outcome: 'failed', reason: 'another attempt of this order landed', settledAtMs };
  });
  return {
    attempts,
    error: null,
    ...sumOf(fill.parts),
    transactionHash: fill.signature,
    executedAtMs,
  };
}

function addParts(order: StoredOrder, fill: OrderFill): StoredOrder | null {
  if (fill.signature !== order.transactionHash) return null;
  const known = new Set(order.fillParts.map(({ place }) => place));
  const added = fill.parts.filter(({ place }) => !known.has(place));
  if (added.length === 0) return null;
  return { ...order, ...sumOf([...order.fillParts, ...added]), version: order.version + 1 };
}

/** What the parts come to; the position is the one the last of them left. */
function sumOf(unordered: readonly FillPart[]): Partial<StoredOrder> {
  const parts = unordered.toSorted((one, other) => one.place - other.place);
  const quantity = parts.reduce((sum, part) => sum + part.quantity, 0n);
  const priced = parts.every((part) => part.price !== null) && quantity > 0n;
  const value = parts.reduce((sum, part) => sum + part.quantity * (part.price ?? 0n), 0n);
  return {
    fillParts: parts,
    filledQuantity: quantity,
    averageFillPrice: priced ? divRound(value, quantity) : null,
    fee: parts.reduce((sum, part) => sum + part.fee, 0n),
    positionId: parts.at(-1)?.positionId ?? null,
  };
}

function settleAttempt(
  order: StoredOrder,
  { signature, outcome, reason, atMs }: Extract<OrderTransition, { kind: 'settle_attempt' }>,
): StoredOrder | null {
  if (!liveAttempts(order).some((attempt) => attempt.signature === signature)) return null;
  const attempts = order.attempts.map((attempt) =>
    attempt.signature === signature ? { ...attempt, outcome, reason, settledAtMs: atMs } : attempt,
  );
  return { ...order, attempts, version: order.version + 1 };
}

/** Drops the oldest settled attempts beyond the bound; one that may still land is never forgotten. */
function boundedAttempts(attempts: readonly OrderAttempt[]): readonly OrderAttempt[] {
  let surplus = attempts.length - attemptsPerOrderMax;
  return attempts.filter((attempt) => {
    if (surplus <= 0 || attempt.outcome === 'sent') return true;
    surplus -= 1;
    return false;
  });
}

/**
 * First publish time (seconds) at which an order may execute: strictly a later second than anything anyone could have seen when it was
 * accepted or triggered (Pyth times are whole seconds).
 */
export const eligibleFrom = (nowMs: number, newestPublishTime: number): number =>
  Math.max(Math.floor(nowMs / 1000), newestPublishTime) + 1;

/** Whether a limit order may execute at a fill price, 1e-8 USD. */
export const limitReached = (side: OrderRecord['side'], limit: bigint, fillPrice: bigint): boolean =>
  side === 'buy' ? fillPrice <= limit : fillPrice >= limit;

/** The trigger book's entry of an order that rests: what price, from which side. Null for orders that never rest. */
export function restingTrigger(order: StoredOrder): { direction: 'below' | 'above'; triggerPrice: bigint } | null {
  if (order.stopPrice !== null && !order.stopFired) {
    return { direction: order.side === 'buy' ? 'above' : 'below', triggerPrice: order.stopPrice };
  }
  if (order.price !== null) return { direction: order.side === 'buy' ? 'below' : 'above', triggerPrice: order.price };
  return null;
}
