/** What markets and amounts tests use unless they say otherwise. */
import type anchor from '@coral-xyz/anchor';
import type { PublicKey } from '@solana/web3.js';
import type { QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';
import type { MarketConfig as SharedConfig } from '#shared/perps/types.ts';
import { bn } from './plain.ts';
import { RECEIVER } from './prices.ts';

type Types = anchor.IdlTypes<QuantdeskPerpDex>;
export type MarketConfig = Types['marketConfig'];
export type OracleConfig = Types['oracleConfig'];
export type InitializeArgs = Types['initializeExchangeArgs'];

/** One base unit and one USDC in the program's integers. */
export const BASE = 100_000_000n;
export const USDC = 1_000_000n;
export const USD_PRICE = 100_000_000n;

/** Clock at the start of every test, unix seconds. */
export const START = 1_750_000_000n;
/** Balance each trader's and provider's token account starts with. */
export const WALLET_USDC = 10_000_000n * USDC;

/** Parameters of a market that lets tests trade: 20× leverage, 2.5 % maintenance, spread of the confidence, 0.05 % fee. */
export const defaultConfig = (): MarketConfig => ({
  maxLeverage: 20,
  maintenanceMarginBps: 250,
  liquidationFeeBps: 100,
  keeperShareBps: 2_000,
  liquidationTargetBps: 12_500,
  minLiquidationBps: 10_000,
  keeperRewardMin: bn(5_000n),
  feeBps: 5,
  poolFeeShareBps: 6_000,
  insuranceFeeShareBps: 2_000,
  kBps: 10_000,
  payoffCapBps: 10_000,
  weightBps: 3_000,
  maxUtilisationBps: 8_000,
  maxLongOi: bn(1_000_000n * BASE),
  maxShortOi: bn(1_000_000n * BASE),
  minPositionNotional: bn(10n * USDC),
  skewScale: bn(0n),
  maxSkewBps: 10_000,
  fundingSkewScale: bn(0n),
  maxFundingRate: bn(0n),
  borrowBase: bn(0n),
  borrowSlope: bn(0n),
  maxAccrualSeconds: 3_600,
  minSettleQuote: bn(1n),
});

/** Acceptance that a test's price meets: 60 seconds, 5 % confidence, 10 % from its average. */
export const defaultOracle = (priceAccount: PublicKey, feedId: Uint8Array): OracleConfig => ({
  receiverProgram: RECEIVER,
  priceAccount,
  feedId: Array.from(feedId),
  minSignatures: 5,
  maxStalenessSeconds: 60,
  maxConfidenceBps: 500,
  maxEmaDivergenceBps: 1_000,
});

/** Parameters that the client takes as numbers. */
const numberFields = new Set<keyof SharedConfig>([
  'maxLeverage',
  'maintenanceMarginBps',
  'liquidationFeeBps',
  'keeperShareBps',
  'liquidationTargetBps',
  'minLiquidationBps',
  'feeBps',
  'poolFeeShareBps',
  'insuranceFeeShareBps',
  'kBps',
  'payoffCapBps',
  'weightBps',
  'maxUtilisationBps',
  'maxSkewBps',
  'maxAccrualSeconds',
]);

/** A configuration of `#shared/perps` as the client takes it. */
export function chainConfig(config: SharedConfig): MarketConfig {
  const entries = Object.entries(config) as [keyof SharedConfig, bigint][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, numberFields.has(name) ? Number(value) : bn(value)]),
  ) as unknown as MarketConfig;
}
