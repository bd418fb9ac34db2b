import { divRound } from '#shared/money/divide.ts';
import type { OrderAttempt, OrderRecord, OrderStage, OrderStatus } from './contract.ts';

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
}

/** The execution of an order, as far as its events have come. */
export interface OrderFill {
  readonly parts: readonly FillPart[];
  readonly signature: string;
  readonly executedAtMs: number;
}

export type OrderTransition =
  | { readonly kind: 'rest' }
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
    }
  | { readonly kind: 'fill'; readonly fill: OrderFill }
  | { readonly kind: 'reject'; readonly error: OrderFailure }
  | { readonly kind: 'cancel'; readonly error: OrderFailure | null }
  | { readonly kind: 'expire'; readonly error: OrderFailure | null };

export type SettledOutcome = Exclude<OrderAttempt['outcome'], 'sent'>;

/** Attempts kept per order; the oldest settled ones go first. */
export const attemptsPerOrderMax = 32;
/** Attempts of one order that may be under way at once. */
export const liveAttemptsMax = 8;

/** Which stage follows which. `submitted → submitted` is another attempt; everything else that is missing cannot happen. */
export const STAGE_EDGES: Readonly<Record<OrderStage, readonly OrderStage[]>> = {
  accepted: ['resting', 'submitted', 'filled', 'rejected', 'cancelled', 'expired'],
  resting: ['triggered', 'filled', 'rejected', 'cancelled', 'expired'],
  triggered: ['resting', 'submitted', 'filled', 'rejected', 'cancelled', 'expired'],
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

/** Before submission the trader may withdraw his order; afterwards the chain decides. */
export const isCancellable = (stage: OrderStage): boolean =>
  stage === 'accepted' || stage === 'resting' || stage === 'triggered';

/**
 * Applies a transition; the version grows with every change. Null when the order's state does not allow it:
 * - a stage without that edge,
 * - a second command number while an attempt with another one may still land (both could execute), or too many attempts under way,
 * - leaving `submitted` by anything but a fill while an attempt may still land.
 * A further event of the execution that filled an order adds its part; one that was counted changes nothing.
 */
export function advance(order: StoredOrder, transition: OrderTransition): StoredOrder | null {
  if (transition.kind === 'settle_attempt') return settleAttempt(order, transition);
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

function stageAfter(transition: Exclude<OrderTransition, { kind: 'settle_attempt' }>): OrderStage {
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

function changeOf(
  order: StoredOrder,
  transition: Exclude<OrderTransition, { kind: 'settle_attempt' }>,
): Partial<StoredOrder> {
  switch (transition.kind) {
    case 'rest':
      return {};
    case 'trigger':
      return {
        eligibleFrom: transition.eligibleFrom,
        worstPrice: transition.worstPrice,
        submitByMs: transition.submitByMs,
        stopFired: order.stopFired || order.stopPrice !== null,
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

function fillChange(order: StoredOrder, fill: OrderFill): Partial<StoredOrder> {
  const attempts = order.attempts.map((attempt): OrderAttempt => {
    if (attempt.signature === fill.signature) return { ...attempt, outcome: 'landed', reason: null };
    if (attempt.outcome !== 'sent') return attempt;
    return { ...attempt, outcome: 'failed', reason: 'another attempt of this order landed' };
  });
  return {
    attempts,
    error: null,
    ...sumOf(fill.parts),
    transactionHash: fill.signature,
    executedAtMs: fill.executedAtMs,
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
  { signature, outcome, reason }: Extract<OrderTransition, { kind: 'settle_attempt' }>,
): StoredOrder | null {
  if (!liveAttempts(order).some((attempt) => attempt.signature === signature)) return null;
  const attempts = order.attempts.map((attempt) =>
    attempt.signature === signature ? { ...attempt, outcome, reason } : attempt,
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
