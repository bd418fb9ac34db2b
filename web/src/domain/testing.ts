import { price, quote, rate, size } from '#shared/money/units.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

/** Figures shared by the tests of the calculators: a market as the exchange answers it, a position, an order. */

const address = '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE';
const id = '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01';

export const usd = (text: string) => price(units(text, 8));
export const base = (text: string) => size(units(text, 8));
export const usdc = (text: string) => quote(units(text, 6));

/** Decimal text as an integer of so many decimals. */
function units(text: string, decimals: number): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(decimals, '0'));
  return text.startsWith('-') ? -value : value;
}

const parameters: NonNullable<MarketDto['parameters']> = {
  status: 'active',
  max_leverage: 50,
  maintenance_margin_bps: 100,
  fee_bps: 6,
  liquidation_fee_bps: 50,
  payoff_cap_bps: 10_000,
  max_utilisation_bps: 8_000,
  min_position_notional: usdc('10'),
  max_long_open_interest: base('1000000'),
  max_short_open_interest: base('1000000'),
  k_bps: 5_000,
  skew_scale: base('0'),
  max_skew_bps: 10_000,
  funding_skew_scale: base('0'),
  max_funding_rate: rate(0n),
  borrow_base: rate(0n),
  borrow_slope: rate(0n),
  liquidation_target_bps: 12_500,
  min_liquidation_bps: 10_000,
  max_staleness_seconds: 20,
  max_confidence_bps: 100,
  max_ema_divergence_bps: 1_000,
};

export const marketWith = (changed: Partial<NonNullable<MarketDto['parameters']>> = {}): MarketDto => ({
  symbol: 'SOL-PERP',
  index: 0,
  base: 'SOL',
  quote: 'USDC',
  address,
  feed_id: 'ef',
  price_account: address,
  price_decimals: 3,
  size_decimals: 2,
  parameters: { ...parameters, ...changed },
  long_open_interest: base('0'),
  short_open_interest: base('0'),
  skew: base('0'),
  backing: usdc('1000000'),
  reserved: usdc('0'),
  utilisation_bps: 0,
  funding_rate: null,
  borrow_rate: null,
  restrictions: [],
});

/** 100 SOL long from 150 USD with 750 USDC of margin. */
export const positionWith = (changed: Partial<PositionDto> = {}): PositionDto => ({
  id,
  symbol: 'SOL-PERP',
  side: 'long',
  size: base('100'),
  entry_price: usd('150'),
  current_price: usd('150'),
  unrealized_pnl: usdc('0'),
  margin_used: usdc('750'),
  leverage: 2_000,
  notional: usdc('15000'),
  equity: usdc('750'),
  maintenance_margin: usdc('150'),
  liquidation_price: usd('143.94'),
  funding_owed: usdc('0'),
  borrow_owed: usdc('0'),
  command_seq: 1,
  created_at: '2026-01-01T00:00:00.000Z',
  ...changed,
});

export const orderWith = (changed: Partial<OrderDto> = {}): OrderDto => ({
  order_id: id,
  client_order_id: null,
  intent: 'trade',
  symbol: 'SOL-PERP',
  side: 'buy',
  order_type: 'market',
  quantity: base('2.5'),
  amount: null,
  price: null,
  stop_price: null,
  reduce_only: false,
  leverage: 2_000,
  max_slippage_bps: 50,
  time_in_force: 'gtc',
  expires_at: null,
  take_profit: null,
  stop_loss: null,
  group_id: null,
  parent_order_id: null,
  exit_kind: null,
  analysis_id: null,
  status: 'pending',
  stage: 'accepted',
  version: 1,
  eligible_from: 1_760_000_000,
  filled_quantity: base('0'),
  average_fill_price: null,
  fee: usdc('0'),
  position_id: null,
  transaction_hash: null,
  error: null,
  created_at: '2026-01-01T00:00:00.000Z',
  executed_at: null,
  ...changed,
});
