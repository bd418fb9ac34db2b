import type { PoolDto, PoolHolderDto } from '#shared/protocol/portfolio.ts';

export type PendingRequest = NonNullable<PoolHolderDto['pending']>;

export type PendingPhase =
  /** Its first price is still to come. */
  | { readonly kind: 'waiting'; readonly secondsLeft: number }
  /** Any price now executes it. */
  | { readonly kind: 'executing'; readonly secondsLeft: number }
  /** Its window is over; what it locked comes back by itself. */
  | { readonly kind: 'lapsed' };

/** A price of the window is still accepted this long after it. */
const latePriceSeconds = 5;

/** Where a request is on its way. */
export function pendingPhase(
  request: PendingRequest,
  { request_window_seconds: window }: Pick<PoolDto, 'request_window_seconds'>,
  nowMs: number,
): PendingPhase {
  const now = nowMs / 1_000;
  const opens = request.executable_from;
  if (now < opens) return { kind: 'waiting', secondsLeft: Math.ceil(opens - now) };
  const closes = opens + window + latePriceSeconds;
  return now <= closes ? { kind: 'executing', secondsLeft: Math.ceil(closes - now) } : { kind: 'lapsed' };
}

export type RequestOutcome =
  /** Shares came, or went for USDC. */
  | { readonly kind: 'executed'; readonly request: PendingRequest; readonly shares: bigint }
  /** A redemption of which a part was paid; the other shares are back. */
  | { readonly kind: 'part'; readonly request: PendingRequest; readonly shares: bigint; readonly returned: bigint }
  | { readonly kind: 'lapsed'; readonly request: PendingRequest };

/**
 * What became of a request that was there and is not any more, told by the shares before and after: those of a waiting redemption still
 * count as the holder's. Undefined while nothing ended.
 */
export function outcomeOf(
  before: PoolHolderDto | undefined,
  after: PoolHolderDto,
  nowMs: number,
): RequestOutcome | undefined {
  const request = before?.pending;
  if (before === undefined || request === undefined || request === null || after.pending !== null) return undefined;
  const change = after.shares - before.shares;
  // Before its window nothing lapses: the answer is older than the request.
  if (change === 0n) return nowMs < request.executable_from * 1_000 ? undefined : { kind: 'lapsed', request };
  if (request.kind === 'mint') return { kind: 'executed', request, shares: change };
  const burned = -change;
  if (burned >= request.amount) return { kind: 'executed', request, shares: burned };
  return { kind: 'part', request, shares: burned, returned: request.amount - burned };
}

/** A holder whose request was confirmed a moment ago, before the exchange tells it: at most a second off. */
export const withRequest = (
  holder: PoolHolderDto,
  { kind, amount }: Pick<PendingRequest, 'kind' | 'amount'>,
  { request_delay_seconds: delay }: Pick<PoolDto, 'request_delay_seconds'>,
  nowMs: number,
): PoolHolderDto => ({
  ...holder,
  pending: {
    kind,
    amount,
    requested_at: new Date(nowMs).toISOString(),
    executable_from: Math.ceil(nowMs / 1_000) + delay,
  },
});
