import { expect, test } from 'vitest';
import { bps, quote, rate, size } from '../money/units.ts';
import { brokenConfigRules } from './config.ts';
import type { MarketConfig, OracleConfig } from './types.ts';

const config: MarketConfig = {
  maxLeverage: 20n,
  maintenanceMarginBps: bps(200n),
  liquidationFeeBps: bps(100n),
  keeperShareBps: bps(5_000n),
  liquidationTargetBps: bps(12_500n),
  minLiquidationBps: bps(10_000n),
  keeperRewardMin: quote(10_000n),
  feeBps: bps(10n),
  poolFeeShareBps: bps(5_000n),
  insuranceFeeShareBps: bps(2_000n),
  kBps: bps(10_000n),
  payoffCapBps: bps(10_000n),
  weightBps: bps(3_000n),
  maxUtilisationBps: bps(8_000n),
  maxLongOi: size(1_000n),
  maxShortOi: size(1_000n),
  minPositionNotional: quote(10_000_000n),
  skewScale: size(1_000n),
  maxSkewBps: bps(10_000n),
  fundingSkewScale: size(1_000n),
  maxFundingRate: rate(10n),
  borrowBase: rate(10n),
  borrowSlope: rate(10n),
  maxAccrualSeconds: 86_400n,
  minSettleQuote: quote(1n),
};
const oracle: OracleConfig = {
  receiverProgram: '',
  priceAccount: '',
  feedId: '',
  minSignatures: 5,
  maxStalenessSeconds: 60n,
  maxConfidenceBps: bps(100n),
  maxEmaDivergenceBps: bps(200n),
};

test('values at their bounds are allowed', () => {
  expect(brokenConfigRules(config, oracle)).toEqual([]);
});

test.each([
  ['max_leverage', { maxLeverage: 101n }],
  ['max_leverage', { maxLeverage: 0n }],
  ['liquidation_fee_bps', { liquidationFeeBps: bps(200n) }],
  ['initial margin', { maintenanceMarginBps: bps(500n) }],
  ['liquidation_target_bps', { liquidationTargetBps: bps(10_000n) }],
  ['liquidation target', { liquidationTargetBps: bps(500_001n) }],
  ['min_liquidation_bps', { minLiquidationBps: bps(0n) }],
  ["insurance's part", { keeperShareBps: bps(9_001n) }],
  ['keeper_reward_min', { keeperRewardMin: quote(10_001n) }],
  ['shares of the fee', { insuranceFeeShareBps: bps(5_001n) }],
  ['payoff_cap_bps', { payoffCapBps: bps(10_001n) }],
  ['max_utilisation_bps', { maxUtilisationBps: bps(8_001n) }],
  ['funding_skew_scale', { fundingSkewScale: size(0n) }],
  ['max_accrual_seconds', { maxAccrualSeconds: 86_401n }],
  ['skew_scale', { maxLongOi: size(1_001n) }],
  ['spread', { kBps: bps(1_000_000n) }],
] as const)('%s outside its bounds is named', (words, change) => {
  const broken = brokenConfigRules({ ...config, ...change }, oracle);
  expect(broken.join('; ')).toContain(words);
});

test.each([
  ['max_staleness_seconds', { maxStalenessSeconds: 4n }],
  ['max_staleness_seconds', { maxStalenessSeconds: 61n }],
  ['max_confidence_bps', { maxConfidenceBps: bps(9n) }],
] as const)('of an oracle, %s outside its bounds is named', (words, change) => {
  expect(brokenConfigRules(config, { ...oracle, ...change }).join('; ')).toContain(words);
});
