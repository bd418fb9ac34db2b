/** Bounds of a market's parameters (docs/mathematics.md, "Bounds of the parameters"). */
import { max } from '../money/divide.ts';
import { BPS_SCALE, QUOTE_MAX } from '../money/units.ts';
import type { MarketConfig, OracleConfig } from './types.ts';

/** Highest `maxLeverage`, whole numbers. */
export const leverageMax = 100n;
/** Highest `maxUtilisationBps`. */
export const utilisationBpsMax = 8_000n;
/** Highest `maxAccrualSeconds`. */
export const accrualSecondsMax = 86_400n;
/** Lowest and highest `maxStalenessSeconds`: below five no price would arrive in time, not even to close. */
export const stalenessSecondsMin = 5n;
export const stalenessSecondsMax = 60n;
/** Lowest `maxConfidenceBps`: below it ordinary prices would be refused, also to close. */
export const confidenceBpsMin = 10n;
/** Highest funding and borrow rate, 1e-9 per hour. */
export const rateMax = 10n ** 9n;
/** Highest `feeBps`. */
export const feeBpsMax = 100n;

type Rule = readonly [broken: boolean, message: string];

const liquidationRules = (c: MarketConfig): Rule[] => [
  [c.maxLeverage < 1n || c.maxLeverage > leverageMax, 'max_leverage must be 1 to 100'],
  [c.liquidationFeeBps >= c.maintenanceMarginBps, 'liquidation_fee_bps must be below maintenance_margin_bps'],
  [c.maintenanceMarginBps >= BPS_SCALE, 'maintenance_margin_bps must be below 10,000'],
  [
    c.maxLeverage * c.maintenanceMarginBps >= BPS_SCALE,
    'maintenance margin must be below the initial margin of max_leverage',
  ],
  [c.liquidationTargetBps <= BPS_SCALE, 'liquidation_target_bps must be above 10,000'],
  [c.maintenanceMarginBps * c.liquidationTargetBps > 10n ** 8n, 'liquidation target must be at most the notional'],
  [c.minLiquidationBps < 1n || c.minLiquidationBps > BPS_SCALE, 'min_liquidation_bps must be 1 to 10,000'],
  [c.keeperShareBps > BPS_SCALE, 'keeper_share_bps must be at most 10,000'],
  [
    c.liquidationFeeBps * (BPS_SCALE - c.keeperShareBps) < c.feeBps * BPS_SCALE,
    "insurance's part of the liquidation fee must be at least the trading fee",
  ],
  [
    c.keeperRewardMin * BPS_SCALE > c.minPositionNotional * c.feeBps,
    'keeper_reward_min must be at most the fee of the smallest position',
  ],
];

const poolRules = (c: MarketConfig): Rule[] => [
  [c.feeBps > feeBpsMax, 'fee_bps must be at most 100'],
  [c.poolFeeShareBps + c.insuranceFeeShareBps > BPS_SCALE, 'shares of the fee must be at most 10,000 together'],
  [c.payoffCapBps < 1n || c.payoffCapBps > BPS_SCALE, 'payoff_cap_bps must be 1 to 10,000'],
  [c.weightBps > BPS_SCALE, 'weight_bps must be at most 10,000'],
  [c.maxLongOi === 0n || c.maxShortOi === 0n, 'open-interest limits must be above 0'],
  [c.minPositionNotional < 1n || c.minPositionNotional > QUOTE_MAX, 'min_position_notional must be above 0'],
  [c.minSettleQuote > QUOTE_MAX, 'min_settle_quote must be at most 1e18'],
  [c.maxUtilisationBps < 1n || c.maxUtilisationBps > utilisationBpsMax, 'max_utilisation_bps must be 1 to 8,000'],
];

const rateRules = (c: MarketConfig): Rule[] => [
  [c.maxAccrualSeconds > accrualSecondsMax, 'max_accrual_seconds must be at most 86,400'],
  [c.maxFundingRate < 0n || c.maxFundingRate > rateMax, 'max_funding_rate must be 0 to 1e9'],
  [c.maxFundingRate > 0n && c.fundingSkewScale === 0n, 'funding needs a funding_skew_scale'],
  [c.borrowBase < 0n || c.borrowBase > rateMax, 'borrow_base must be 0 to 1e9'],
  [c.borrowSlope < 0n || c.borrowSlope > rateMax, 'borrow_slope must be 0 to 1e9'],
  [
    c.skewScale > 0n && (max(c.maxLongOi, c.maxShortOi) > c.skewScale || c.maxSkewBps > BPS_SCALE),
    'with impact, open-interest limits must be within skew_scale and max_skew_bps within 10,000',
  ],
];

/** The rules a configuration breaks, in words; empty where it is allowed. */
export function brokenConfigRules(config: MarketConfig, oracle: OracleConfig): string[] {
  const oracleRules: Rule[] = [
    [
      oracle.maxStalenessSeconds < stalenessSecondsMin || oracle.maxStalenessSeconds > stalenessSecondsMax,
      'max_staleness_seconds must be 5 to 60',
    ],
    [oracle.maxConfidenceBps < confidenceBpsMin, 'max_confidence_bps must be at least 10'],
    [oracle.maxConfidenceBps * config.kBps >= 10n ** 8n, 'the widest spread must be below the price'],
  ];
  const rules = [...liquidationRules(config), ...poolRules(config), ...rateRules(config), ...oracleRules];
  return rules.filter(([broken]) => broken).map(([, message]) => message);
}
