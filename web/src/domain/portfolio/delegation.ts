import type { DelegateDto } from '#shared/protocol/portfolio.ts';

/** Days that a delegation may be given for here. */
export const delegationDays = [1, 7, 30, 90] as const;
export type DelegationDays = (typeof delegationDays)[number];

/** A delegation that ends within this time wants renewing. */
export const renewWithinMs = 12 * 3_600_000;

const dayMs = 86_400_000;

export type DelegationState = 'active' | 'ending' | 'expired' | 'none';

/** How a delegation stands at a moment: between two answers of the exchange its time may end. */
export function delegationState(delegate: DelegateDto, nowMs: number): DelegationState {
  if (delegate.state === 'none' || delegate.expires_at === null) return 'none';
  const leftMs = Date.parse(delegate.expires_at) - nowMs;
  if (leftMs <= 0) return 'expired';
  return leftMs <= renewWithinMs ? 'ending' : 'active';
}

/** The end of a delegation given now, as the exchange takes it: whole seconds. */
export const delegationEnd = (days: DelegationDays, nowMs: number): string =>
  new Date(Math.floor((nowMs + days * dayMs) / 1_000) * 1_000).toISOString();
