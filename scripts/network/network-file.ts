import { existsSync, readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import * as z from 'zod';
import { MARKETS, type MarketDefinition } from '#shared/markets.ts';
import { QUOTE_MAX, U64_MAX } from '#shared/money/units.ts';
import type { GovernedChange } from '../../workers/chain/governed-change.ts';
import {
  exchangeLimitsFields,
  insuranceTopupFields,
  keepersMax,
  marketConfigFields,
  marketOracleFields,
  outflowLimitsFields,
  rolesFields,
} from './bounds.ts';
import {
  address,
  addresses,
  httpUrl,
  oneOf,
  quantity,
  solUnit,
  text,
  usdcUnit,
  wholeNumber,
  yesOrNo,
} from './quantities.ts';
import { brokenRules } from './rules.ts';

const pricePerUnitMax = 10_000_000;
const airdropAccountsMax = 32;

/** A market as it is to be. */
export interface WantedMarket {
  readonly definition: MarketDefinition;
  readonly config: GovernedChange;
  readonly oracle: GovernedChange;
}

type Settings = z.output<typeof settingsSchema>;

/** A network as its file wants it; amounts in the program's integers. */
export interface WantedNetwork extends Pick<
  Settings,
  'cluster' | 'rpc_url' | 'commitment' | 'micro_lamports_per_unit' | 'program' | 'usdc' | 'pool' | 'airdrop'
> {
  readonly admin: string;
  readonly keepers: readonly string[];
  /** Whether keepers get trading accounts of their own, which rewards of liquidations go to. */
  readonly keeperAccounts: boolean;
  readonly insurance: { readonly balanceMin: bigint; readonly fundedBy: string } | null;
  /** What a proposal changes, beside the markets' parameters. */
  readonly governed: Readonly<
    Record<'exchange_limits' | 'outflow_limits' | 'insurance_topup' | 'roles', GovernedChange>
  >;
  readonly markets: readonly WantedMarket[];
}

/** The file says something that cannot be: one line for each, with path, value and what is allowed. */
export class NetworkFileInvalid extends Error {
  override readonly name = 'NetworkFileInvalid';
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[]) {
    super(problems.map((problem) => `${file}: ${problem}`).join('\n'));
    this.problems = problems;
  }
}

const settingsSchema = z.strictObject({
  cluster: oneOf('localnet', 'devnet', 'mainnet'),
  rpc_url: httpUrl,
  commitment: oneOf('confirmed', 'finalized'),
  micro_lamports_per_unit: wholeNumber(0, pricePerUnitMax),
  program: z.strictObject({ id: address, artifact: text, upgrade_authority: address }),
  usdc: z.strictObject({ mint: address, mint_authority: address.optional() }),
  exchange: z.strictObject({
    admin: address,
    ...rolesFields,
    keepers: addresses(1, keepersMax),
    keeper_accounts: yesOrNo,
    ...exchangeLimitsFields,
  }),
  outflow: z.strictObject(outflowLimitsFields),
  insurance: z.strictObject({
    ...insuranceTopupFields,
    balance_min: quantity(usdcUnit, 0n, QUOTE_MAX).optional(),
    funded_by: address.optional(),
  }),
  pool: z.strictObject({ seed: quantity(usdcUnit, 2_000_000n, QUOTE_MAX), seeded_by: address }).optional(),
  airdrop: z
    .strictObject({
      amount: quantity(solUnit, 1n, U64_MAX),
      below: quantity(solUnit, 1n, U64_MAX),
      accounts: addresses(1, airdropAccountsMax),
    })
    .optional(),
});

type Tree = { readonly [name: string]: unknown };
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

/**
 * Reads a network's file. A text `"$NAME"` stands for the variable NAME, in a list for all that NAME names, separated by commas; a market
 * takes from `defaults` what it does not say itself.
 *
 * @throws NetworkFileInvalid
 */
export function readNetworkFile(path: string, variables: Readonly<Record<string, string | undefined>>): WantedNetwork {
  if (!existsSync(path)) throw new NetworkFileInvalid(path, ['there is no such network']);
  return parseNetwork(path, readFileSync(path, 'utf8'), variables);
}

/** The markets of a file alone, which name no variables. @throws NetworkFileInvalid */
export function readMarkets(path: string): WantedMarket[] {
  const { markets: listed, defaults } = treeOf(path, readFileSync(path, 'utf8'));
  const problems: string[] = [];
  const markets = marketsOf(listed, isTree(defaults) ? defaults : {}, problems);
  if (problems.length > 0) throw new NetworkFileInvalid(path, problems);
  return markets;
}

/** @throws NetworkFileInvalid */
export function parseNetwork(
  file: string,
  source: string,
  variables: Readonly<Record<string, string | undefined>>,
): WantedNetwork {
  const problems: string[] = [];
  const tree = expand(treeOf(file, source), [], variables, problems) as Tree;
  if (problems.length > 0) throw new NetworkFileInvalid(file, problems);
  const { markets: listed, defaults, ...rest } = tree;
  const settings = settingsSchema.safeParse(rest);
  if (!settings.success) problems.push(...settings.error.issues.flatMap((issue) => issueLines(issue, rest, [])));
  const markets = marketsOf(listed, isTree(defaults) ? defaults : {}, problems);
  if (!settings.success || problems.length > 0) throw new NetworkFileInvalid(file, problems);
  const wanted = wantedOf(settings.data, markets);
  const broken = brokenRules(wanted);
  if (broken.length > 0) throw new NetworkFileInvalid(file, broken);
  return wanted;
}

function treeOf(file: string, source: string): Tree {
  try {
    return parse(source);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The message goes on with an excerpt of the file, which the line stands for.
    const [problem = ''] = error.message.split('\n');
    throw new NetworkFileInvalid(file, [`line ${error.line}: ${problem}`]);
  }
}

/** Puts variables in their places; a missing one is a problem. */
function expand(
  value: unknown,
  path: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
  problems: string[],
): unknown {
  const variable = (name: string): string | undefined => {
    const found = variables[name];
    if (found === undefined || found === '') {
      problems.push(`${path.join('.')} = "$${name}": the environment has no ${name}`);
      return undefined;
    }
    return found;
  };
  const named = typeof value === 'string' ? /^\$([A-Z][A-Z0-9_]*)$/.exec(value)?.[1] : undefined;
  if (named !== undefined) return variable(named);
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, i): unknown[] => {
      const list = typeof item === 'string' ? /^\$([A-Z][A-Z0-9_]*)$/.exec(item)?.[1] : undefined;
      if (list === undefined) return [expand(item, [...path, String(i)], variables, problems)];
      return (variable(list) ?? '').split(',').filter((part) => part !== '');
    });
  }
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, expand(item, [...path, name], variables, problems)]),
  );
}

/** What an issue is about: where, what stands there, what may. */
function issueLines(issue: z.core.$ZodIssue, tree: unknown, prefix: readonly string[]): string[] {
  const path = [...prefix, ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${[...path, key].join('.')}: is no setting; see docs/networks.md`);
  const value = issue.path.reduce<unknown>((at, name) => (isTree(at) ? at[String(name)] : undefined), tree);
  if (value === undefined) {
    const expected = issue.code === 'custom' ? issue.message : 'is a table of settings';
    return [`${path.join('.')}: is missing; ${expected}`];
  }
  const expected = issue.code === 'custom' ? issue.message : 'must be a table of settings';
  return [`${path.join('.')} = ${JSON.stringify(value)}: ${expected}`];
}

function marketsOf(listed: unknown, defaults: Tree, problems: string[]): WantedMarket[] {
  for (const name of Object.keys(defaults).filter((name) => name !== 'config' && name !== 'oracle'))
    problems.push(`defaults.${name}: is no setting; see docs/networks.md`);
  if (!Array.isArray(listed) || listed.length === 0) {
    problems.push('markets: is missing; must be a list of one to sixteen [[markets]]');
    return [];
  }
  return (listed as unknown[]).flatMap((market, i) => marketOf(isTree(market) ? market : {}, i, defaults, problems));
}

function marketOf(market: Tree, i: number, defaults: Tree, problems: string[]): WantedMarket[] {
  const expected = MARKETS[i];
  if (expected === undefined || market.symbol !== expected.symbol) {
    const allowed =
      expected === undefined
        ? `the exchange knows ${MARKETS.length} markets (workers/shared/markets.ts)`
        : `must be "${expected.symbol}": markets are created in the order of their index`;
    problems.push(`markets.${i}.symbol = ${JSON.stringify(market.symbol)}: ${allowed}`);
    return [];
  }
  const { symbol, base } = expected;
  for (const name of Object.keys(market).filter((name) => !['symbol', 'config', 'oracle'].includes(name)))
    problems.push(`markets.${symbol}.${name}: is no setting; see docs/networks.md`);
  const part = (name: 'config' | 'oracle', fields: z.core.$ZodShape): GovernedChange['values'] | null => {
    const [own, shared] = [isTree(market[name]) ? market[name] : {}, isTree(defaults[name]) ? defaults[name] : {}];
    const values = { ...shared, ...own };
    const parsed = z.strictObject(fields).safeParse(values);
    if (parsed.success) return parsed.data as GovernedChange['values'];
    for (const issue of parsed.error.issues) {
      const [field = ''] = issue.code === 'unrecognized_keys' ? issue.keys : issue.path.map(String);
      const isShared = !(field in own) && field in shared;
      const lines = issueLines(issue, values, isShared ? ['defaults', name] : ['markets', symbol, name]);
      problems.push(...lines.filter((line) => !problems.includes(line)));
    }
    return null;
  };
  const config = part('config', marketConfigFields(base));
  const oracle = part('oracle', marketOracleFields);
  if (config === null || oracle === null) return [];
  return [
    {
      definition: expected,
      config: { kind: 'market_config', symbol, values: config },
      oracle: { kind: 'market_oracle', symbol, values: oracle },
    },
  ];
}

function wantedOf(settings: Settings, markets: readonly WantedMarket[]): WantedNetwork {
  const { exchange, outflow, insurance, ...rest } = settings;
  const { admin, keepers, keeper_accounts: keeperAccounts, risk_manager, treasury_authority, ...limits } = exchange;
  const { cap_per_hour, balance_min: balanceMin, funded_by: fundedBy } = insurance;
  const change = <Kind extends GovernedChange['kind']>(kind: Kind, values: object): GovernedChange => ({
    ...{ kind, symbol: null },
    values: values as GovernedChange['values'],
  });
  return {
    ...rest,
    admin,
    keepers,
    keeperAccounts,
    markets,
    insurance: balanceMin === undefined || fundedBy === undefined ? null : { balanceMin, fundedBy },
    governed: {
      exchange_limits: change('exchange_limits', limits),
      outflow_limits: change('outflow_limits', outflow),
      insurance_topup: change('insurance_topup', { cap_per_hour }),
      roles: change('roles', { risk_manager, treasury_authority }),
    },
  };
}
