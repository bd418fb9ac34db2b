import type { FillDto, FundingPaymentDto, LiquidationDto } from '#shared/protocol/fills.ts';
import type { PortfolioPointDto } from '#shared/protocol/portfolio.ts';

import { base, usd, usdc } from '../testing.ts';

/** Rows of a trader's record, for the tests of the calculators. */

const id = '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01';
const address = '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE';
const same = { id, position_id: id, symbol: 'SOL-PERP', publish_time: 1, transaction_hash: 'x' } as const;

export const fillWith = (changed: Partial<FillDto> = {}): FillDto => ({
  ...same,
  ...{ order_id: id, side: 'buy', reason: 'order', quantity: base('2'), price: usd('150') },
  ...{ fee: usdc('0.18'), impact: usdc('0.02'), realized_pnl: usdc('0'), funding: usdc('0'), borrow: usdc('0') },
  created_at: '2026-01-02T00:00:00.000Z',
  ...changed,
});

export const liquidationWith = (changed: Partial<LiquidationDto> = {}): LiquidationDto => ({
  ...same,
  ...{ side: 'long', quantity: base('1'), price: usd('140'), full: true, realized_pnl: usdc('-10') },
  ...{ funding: usdc('0'), borrow: usdc('0'), liquidation_fee: usdc('0.7'), keeper_reward: usdc('0.3') },
  ...{ margin_released: usdc('1'), bad_debt: usdc('0'), liquidator: address },
  created_at: '2026-01-03T00:00:00.000Z',
  ...changed,
});

export const fundingWith = (changed: Partial<FundingPaymentDto> = {}): FundingPaymentDto => ({
  ...{ id, position_id: id, symbol: 'SOL-PERP', transaction_hash: 'x' },
  ...{ funding: usdc('0.3'), borrow: usdc('0.1'), created_at: '2026-01-02T12:00:00.000Z' },
  ...changed,
});

export const pointAt = (time: string, changed: Partial<PortfolioPointDto> = {}): PortfolioPointDto => ({
  time,
  ...{ total_balance: usdc('1000'), available_balance: usdc('900'), margin_used: usdc('100') },
  ...{ unrealized_pnl: usdc('0'), net_realized_pnl: usdc('20'), trading_fees_paid: usdc('3') },
  ...{ drawdown: usdc('5'), drawdown_bps: 50 },
  ...changed,
});
