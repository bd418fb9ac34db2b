import type { z } from 'zod';
import { QUOTE_MAX, U64_MAX } from '#shared/money/units.ts';
import { rateMax } from '#shared/perps/config.ts';
import type { governedFields } from '#shared/protocol/governance.ts';
import { address, baseUnit, feedId, quantity, rateUnit, usdcUnit, wholeNumber } from './quantities.ts';

const u16Max = 2 ** 16 - 1;
const u32Max = 2 ** 32 - 1;

/** Longest time lock, and the shortest where real funds are held, in seconds. */
export const timeLockSecondsMax = 2_592_000;
export const timeLockSecondsMinMainnet = 86_400;
/** Shortest pool delay other than none, in seconds. */
export const poolDelaySecondsMin = 60;
/** Lowest borrow rate at full utilisation where real funds are held, 1e-9 per hour. */
export const borrowRateMinMainnet = 10_000n;
/** Keepers and markets one exchange can hold. */
export const keepersMax = 8;
/** Least that each account may always withdraw in one window, 1e-6 USDC. */
const outflowFloorMin = 100_000_000n;

const usdc = (min = 0n) => quantity(usdcUnit, min, QUOTE_MAX);
const rate = () => quantity(rateUnit, 0n, rateMax);

type Fields<Kind extends keyof typeof governedFields> = Record<keyof (typeof governedFields)[Kind], z.ZodType>;

/** Parameters of a market with the bounds of the program (`config_bounds.rs`); what binds several of them is in `rules.ts`. */
export const marketConfigFields = (base: string): Fields<'market_config'> => ({
  max_leverage: wholeNumber(1, 100),
  maintenance_margin_bps: wholeNumber(1, 9_999),
  liquidation_fee_bps: wholeNumber(0, 9_998),
  keeper_share_bps: wholeNumber(0, 10_000),
  liquidation_target_bps: wholeNumber(10_001, u32Max),
  min_liquidation_bps: wholeNumber(1, 10_000),
  keeper_reward_min: usdc(),
  fee_bps: wholeNumber(0, 100),
  pool_fee_share_bps: wholeNumber(0, 10_000),
  insurance_fee_share_bps: wholeNumber(0, 10_000),
  k_bps: wholeNumber(0, u32Max),
  payoff_cap_bps: wholeNumber(1, 10_000),
  weight_bps: wholeNumber(0, 10_000),
  max_utilisation_bps: wholeNumber(100, 8_000),
  max_long_oi: quantity(baseUnit(base), 1n, U64_MAX),
  max_short_oi: quantity(baseUnit(base), 1n, U64_MAX),
  min_position_notional: usdc(1n),
  skew_scale: quantity(baseUnit(base), 0n, U64_MAX),
  max_skew_bps: wholeNumber(0, u16Max),
  funding_skew_scale: quantity(baseUnit(base), 0n, U64_MAX),
  max_funding_rate: rate(),
  borrow_base: rate(),
  borrow_slope: rate(),
  max_accrual_seconds: wholeNumber(0, 86_400),
  min_settle_quote: usdc(),
});

/** Where a market's price comes from, with the bounds of the program. */
export const marketOracleFields: Fields<'market_oracle'> = {
  receiver_program: address,
  price_account: address,
  feed_id: feedId,
  min_signatures: wholeNumber(1, 255),
  max_staleness_seconds: wholeNumber(5, 60),
  max_confidence_bps: wholeNumber(10, u16Max),
  max_ema_divergence_bps: wholeNumber(1, 10_000),
};

export const exchangeLimitsFields: Fields<'exchange_limits'> = {
  time_lock_seconds: wholeNumber(0, timeLockSecondsMax),
  pool_delay_seconds: wholeNumber(0, 86_400),
  lp_fee_bps: wholeNumber(0, 1_000),
};

export const outflowLimitsFields: Fields<'outflow_limits'> = {
  cap: usdc(),
  window_seconds: wholeNumber(3_600, 604_800),
  floor: usdc(outflowFloorMin),
};

export const insuranceTopupFields: Fields<'insurance_topup'> = { cap_per_hour: usdc() };

export const rolesFields: Fields<'roles'> = { risk_manager: address, treasury_authority: address };
