import { BN } from '@coral-xyz/anchor';
import { PublicKey } from '@solana/web3.js';
import { MARKETS, marketOf, type MarketSymbol } from '#shared/markets.ts';
import { formatDecimal } from '#shared/money/decimal.ts';
import { QUOTE_DECIMALS, RATE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import {
  governedFields,
  type GovernedKind,
  governedKinds,
  type GovernedUnit,
  type GovernedValue,
} from '#shared/protocol/governance.ts';
import { AccountMalformed } from './accounts.ts';
import { camelCase } from './plain-value.ts';

/** All values of one kind, as they stand or as they are proposed; names are the program's. */
export interface GovernedChange {
  readonly kind: GovernedKind;
  /** The market of a market's parameters; null for the exchange's. */
  readonly symbol: MarketSymbol | null;
  readonly values: Readonly<Record<string, GovernedValue>>;
}

/** One value that a change replaces, as people read it. */
export interface GovernedDifference {
  readonly field: string;
  readonly unit: GovernedUnit;
  readonly before: string;
  readonly after: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** The program's names of the kinds. */
const variantOf: Readonly<Record<GovernedKind, string>> = {
  market_config: 'MarketConfig',
  market_oracle: 'MarketOracle',
  exchange_limits: 'ExchangeLimits',
  outflow_limits: 'OutflowLimits',
  insurance_topup: 'InsuranceTopup',
  roles: 'Roles',
};

/** Where a market's values are nested in the program's form. */
const nestOf: Partial<Record<GovernedKind, 'config' | 'oracle'>> = { market_config: 'config', market_oracle: 'oracle' };

const unitsOf = (kind: GovernedKind): readonly (readonly [string, GovernedUnit])[] =>
  Object.entries(governedFields[kind]);

/** The values of a kind out of decoded fields (camelCase). */
export function valuesOf(kind: GovernedKind, fields: Fields): GovernedChange['values'] {
  return Object.fromEntries(unitsOf(kind).map(([name, unit]) => [name, valueOf(unit, name, fields[camelCase(name)])]));
}

function valueOf(unit: GovernedUnit, name: string, value: unknown): GovernedValue {
  if (unit === 'feed' && Array.isArray(value))
    return value.map((byte) => Number(byte).toString(16).padStart(2, '0')).join('');
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'string') return value;
  throw new AccountMalformed(`${name} is not what its unit says`);
}

/** A change as a Proposal account holds it. @throws AccountMalformed */
export function readChange(decoded: unknown): GovernedChange {
  const [[variant, fields] = []] = Object.entries(decoded as Fields);
  const kind = governedKinds.find((known) => variantOf[known] === variant);
  if (kind === undefined) throw new AccountMalformed(`no change of parameters is called ${String(variant)}`);
  const nest = nestOf[kind];
  const holder = fields as Fields;
  const values = valuesOf(kind, nest === undefined ? holder : (holder[nest] as Fields));
  const market = MARKETS.find(({ index }) => index === holder.marketIndex);
  return { kind, symbol: market?.symbol ?? null, values };
}

/** A change as the program's interface takes it. */
export function encodeChange({ kind, symbol, values }: GovernedChange): object {
  const fields = Object.fromEntries(unitsOf(kind).map(([name, unit]) => [name, encodeValue(unit, name, values[name])]));
  const nest = nestOf[kind];
  if (nest === undefined || symbol === null) return { [variantOf[kind]]: fields };
  return { [variantOf[kind]]: { market_index: marketOf(symbol).index, [nest]: fields } };
}

function encodeValue(unit: GovernedUnit, name: string, value: GovernedValue | undefined): unknown {
  if (value === undefined) throw new Error(`a change needs ${name}`);
  if (typeof value === 'bigint') return new BN(value.toString());
  if (unit === 'address') return new PublicKey(value);
  if (unit === 'feed') return Array.from(String(value).matchAll(/../g), ([byte]) => Number.parseInt(byte, 16));
  return value;
}

/** What a change replaces; empty where it changes nothing. */
export function differences(before: GovernedChange, after: GovernedChange): GovernedDifference[] {
  return unitsOf(after.kind).flatMap(([field, unit]) => {
    const [was, becomes] = [before.values[field], after.values[field]];
    if (was === undefined || becomes === undefined || was === becomes) return [];
    return [{ field, unit, before: textOf(unit, was), after: textOf(unit, becomes) }];
  });
}

/** Every value of a change as people read it. */
export const valueLines = (change: GovernedChange): string[] =>
  unitsOf(change.kind).flatMap(([field, unit]) => {
    const value = change.values[field];
    return value === undefined ? [] : [`${field} (${unit}): ${textOf(unit, value)}`];
  });

/** A value in the unit people count it in, every digit of it. */
function textOf(unit: GovernedUnit, value: GovernedValue): string {
  if (typeof value !== 'bigint') return String(value);
  switch (unit) {
    case 'usdc':
      return formatDecimal(value, QUOTE_DECIMALS);
    case 'base':
      return formatDecimal(value, SIZE_DECIMALS);
    case 'rate_per_hour':
      return formatDecimal(value, RATE_DECIMALS);
    default:
      return value.toString();
  }
}
