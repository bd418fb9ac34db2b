/** Records of the vector format (README.md): which members states have, and their text form. */
import { price, quote } from '#shared/money/units.ts';
import type { InsuranceState } from '#shared/perps/ledger.ts';
import type {
  MarketConfig,
  MarketState,
  OracleConfig,
  OraclePrice,
  PositionState,
  SideTotals,
} from '#shared/perps/types.ts';

export type Json = string | boolean | { readonly [member: string]: Json };
export type JsonRecord = Readonly<Record<string, Json>>;

const snakeNames = new Map<string, string>();

/** Remembered: a few names are written a hundred thousand times. */
function toSnake(name: string): string {
  const known = snakeNames.get(name);
  if (known !== undefined) return known;
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  snakeNames.set(name, snake);
  return snake;
}

export const ORACLE_FIELDS = ['price', 'conf', 'ema', 'publishTime'] as const satisfies readonly (keyof OraclePrice)[];

export const CONFIG_FIELDS = [
  'maxLeverage',
  'maintenanceMarginBps',
  'liquidationFeeBps',
  'keeperShareBps',
  'liquidationTargetBps',
  'minLiquidationBps',
  'keeperRewardMin',
  'feeBps',
  'poolFeeShareBps',
  'insuranceFeeShareBps',
  'kBps',
  'payoffCapBps',
  'weightBps',
  'maxUtilisationBps',
  'maxLongOi',
  'maxShortOi',
  'minPositionNotional',
  'skewScale',
  'maxSkewBps',
  'fundingSkewScale',
  'maxFundingRate',
  'borrowBase',
  'borrowSlope',
  'maxAccrualSeconds',
  'minSettleQuote',
] as const satisfies readonly (keyof MarketConfig)[];

export const TOTALS_FIELDS = [
  'size',
  'entryValue',
  'margin',
  'reserve',
  'fundingSum',
  'borrowSum',
] as const satisfies readonly (keyof SideTotals)[];

export const MARKET_FIELDS = [
  'fundingIndex',
  'borrowIndex',
  'accruedAt',
  'backing',
  'insuranceAccrued',
  'treasuryAccrued',
  'insuranceDebt',
  'payoutsOwed',
  'badDebt',
  'badDebtUncovered',
  'feesCollected',
] as const satisfies readonly (keyof MarketState)[];

/** An integer member; a missing one is an error of the vector. */
export function big(record: JsonRecord, name: string): bigint {
  const value = record[name];
  if (typeof value !== 'string') throw new TypeError(`member ${name} is missing or no text`);
  return BigInt(value);
}

export function text<T extends string>(record: JsonRecord, name: string): T {
  const value = record[name];
  if (typeof value !== 'string') throw new TypeError(`member ${name} is missing or no text`);
  return value as T;
}

export function flag(record: JsonRecord, name: string): boolean {
  const value = record[name];
  if (typeof value !== 'boolean') throw new TypeError(`member ${name} is missing or no flag`);
  return value;
}

export function child(record: JsonRecord, name: string): JsonRecord {
  const value = record[name];
  if (typeof value !== 'object') throw new TypeError(`member ${name} is missing or no record`);
  return value;
}

/** The listed members as bigint; the caller names the branded type they make up. */
function readFields<T>(record: JsonRecord, fields: readonly string[]): T {
  return Object.fromEntries(fields.map((field) => [field, big(record, toSnake(field))])) as T;
}

function writeFields(state: object, fields: readonly string[]): JsonRecord {
  const values = state as Record<string, unknown>;
  return Object.fromEntries(fields.map((field) => [toSnake(field), String(values[field])]));
}

/** Where a price comes from has no part in the mathematics. */
export const NO_ORACLE: OracleConfig = {
  receiverProgram: '',
  priceAccount: '',
  feedId: '',
  minSignatures: 0,
  maxStalenessSeconds: 60n,
  maxConfidenceBps: 10_000n as OracleConfig['maxConfidenceBps'],
  maxEmaDivergenceBps: 10_000n as OracleConfig['maxEmaDivergenceBps'],
};

export const readOracle = (record: JsonRecord): OraclePrice => readFields<OraclePrice>(record, ORACLE_FIELDS);
export const writeOracle = (oracle: OraclePrice): JsonRecord => writeFields(oracle, ORACLE_FIELDS);

export const readConfig = (record: JsonRecord): MarketConfig => readFields<MarketConfig>(record, CONFIG_FIELDS);
export const writeConfig = (config: MarketConfig): JsonRecord => writeFields(config, CONFIG_FIELDS);

export const readMarket = (record: JsonRecord): MarketState => ({
  ...readFields<MarketState>(record, MARKET_FIELDS),
  status: 'active',
  oracle: NO_ORACLE,
  price: null,
  config: readConfig(child(record, 'config')),
  long: readFields<SideTotals>(child(record, 'long'), TOTALS_FIELDS),
  short: readFields<SideTotals>(child(record, 'short'), TOTALS_FIELDS),
});

export const writeMarket = (market: MarketState): JsonRecord => ({
  config: writeConfig(market.config),
  long: writeFields(market.long, TOTALS_FIELDS),
  short: writeFields(market.short, TOTALS_FIELDS),
  ...writeFields(market, MARKET_FIELDS),
});

export const readPosition = (record: JsonRecord): PositionState => ({
  ...readFields<PositionState>(record, TOTALS_FIELDS),
  side: text(record, 'side'),
  seq: 0n,
  payoutOwed: quote(0n),
});

export const writePosition = (position: PositionState): JsonRecord => ({
  side: position.side,
  ...writeFields(position, TOTALS_FIELDS),
});

export const readInsurance = (record: JsonRecord): InsuranceState | null => {
  if (record['insurance'] === undefined) return null;
  return readFields<InsuranceState>(child(record, 'insurance'), ['balance', 'topupLeft']);
};

export const writeInsurance = (insurance: InsuranceState): JsonRecord =>
  writeFields(insurance, ['balance', 'topupLeft']);

/** A flat result (numbers, flags) in the vector's text form. */
export function writeResult(result: Readonly<Record<string, bigint | boolean>>): JsonRecord {
  const entries = Object.entries(result).map(([name, value]) => [
    toSnake(name),
    typeof value === 'boolean' ? value : String(value),
  ]);
  return Object.fromEntries(entries) as JsonRecord;
}

export const oracleAt = (at: bigint, conf = 0n, publishTime = 0n): OraclePrice => ({
  price: price(at),
  conf: price(conf),
  ema: price(at),
  publishTime,
});
