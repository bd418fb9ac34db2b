import type { PoolDto, PoolHolderDto } from '#shared/protocol/portfolio.ts';

import { base, usd, usdc } from '../testing.ts';

/** The pool as the exchange answers it, for the tests of the calculators. */

export const poolWith = (changed: Partial<PoolDto> = {}): PoolDto => ({
  ...{ share_price: usd('1.02'), total_shares: usdc('1000000'), equity: usdc('1020000'), mint_equity: usdc('1021000') },
  ...{ assets: usdc('1020500'), free: usdc('20000'), insurance: usdc('500'), utilisation_bps: 120 },
  ...{ redemption_fee_bps: 10, request_delay_seconds: 60, request_window_seconds: 10 },
  markets: [exposureWith()],
  ...changed,
});

export const exposureWith = (changed: Partial<PoolDto['markets'][number]> = {}): PoolDto['markets'][number] => ({
  ...{ symbol: 'SOL-PERP', backing: usdc('600000'), reserved: usdc('9000'), utilisation_bps: 150 },
  ...{ long_open_interest: base('80'), short_open_interest: base('20'), skew: base('60') },
  ...{ traders_pnl: usdc('250'), price: usd('150'), fees_collected: usdc('100.000001'), pool_fee_share_bps: 7_000 },
  ...changed,
});

export const holderWith = (changed: Partial<PoolHolderDto> = {}): PoolHolderDto => ({
  ...{ shares: usdc('500'), value: usdc('510'), pending: null },
  ...changed,
});

export const pendingWith = (changed: Partial<NonNullable<PoolHolderDto['pending']>> = {}) => ({
  ...({ kind: 'mint', amount: usdc('250') } as const),
  ...{ requested_at: '2026-01-01T00:00:00.000Z', executable_from: 1_767_225_660 },
  ...changed,
});
