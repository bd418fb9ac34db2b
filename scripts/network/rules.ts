import { brokenConfigRules } from '#shared/perps/config.ts';
import type { MarketConfig, OracleConfig } from '#shared/perps/types.ts';
import type { GovernedChange } from '../../workers/chain/governed-change.ts';
import { camelCase } from '../../workers/chain/plain-value.ts';
import { borrowRateMinMainnet, poolDelaySecondsMin, timeLockSecondsMinMainnet } from './bounds.ts';
import type { WantedMarket, WantedNetwork } from './network-file.ts';
import { quantityText, rateUnit, usdcUnit } from './quantities.ts';

/** USDC of Circle on mainnet. */
const mainnetUsdc = 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v';

type Rule = readonly [broken: boolean, message: string];

const numberAt = ({ values }: GovernedChange, name: string): bigint => BigInt(values[name] ?? 0);

/** Values in the form of the mathematics: bigint, camelCase. */
const mathForm = <Form>({ values }: GovernedChange): Form =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [camelCase(name), typeof value === 'number' ? BigInt(value) : value]),
  ) as Form;

/** Borrow rate of a fully used market, 1e-9 per hour. */
export const fullBorrowRate = ({ config }: WantedMarket): bigint =>
  numberAt(config, 'borrow_base') +
  (numberAt(config, 'borrow_slope') * numberAt(config, 'max_utilisation_bps')) / 10_000n;

/** What several settings break together, a line each with path, value and what is allowed; empty where all is well. */
export function brokenRules(wanted: WantedNetwork): string[] {
  const rules = [...exchangeRules(wanted), ...(wanted.cluster === 'mainnet' ? mainnetRules(wanted) : [])];
  return [
    ...rules.filter(([broken]) => broken).map(([, message]) => message),
    ...wanted.markets.flatMap((market) => brokenMarketRules(market)),
  ];
}

function exchangeRules({ cluster, governed, markets, usdc, pool, insurance }: WantedNetwork): Rule[] {
  const { exchange_limits: limits, outflow_limits: outflow } = governed;
  const [cap, floor] = [numberAt(outflow, 'cap'), numberAt(outflow, 'floor')];
  const delay = numberAt(limits, 'pool_delay_seconds');
  const weights = markets.reduce((sum, { config }) => sum + numberAt(config, 'weight_bps'), 0n);
  const usdcText = (value: bigint) => JSON.stringify(quantityText(value, usdcUnit));
  return [
    [
      delay < BigInt(poolDelaySecondsMin) && !(delay === 0n && cluster === 'localnet'),
      `exchange.pool_delay_seconds = ${delay}: must be from ${poolDelaySecondsMin} to 86_400${cluster === 'localnet' ? ', or 0' : ''}`,
    ],
    [
      cap !== 0n && cap < floor,
      `outflow.cap = ${usdcText(cap)}: must be at least outflow.floor (${usdcText(floor)}), or "0 USDC" for no limit`,
    ],
    [weights > 10_000n, `markets: the weight_bps add up to ${weights}; they must be at most 10_000 together`],
    [
      usdc.mint_authority !== undefined && cluster === 'mainnet',
      `usdc.mint_authority = "${usdc.mint_authority}": must not be given on mainnet`,
    ],
    [
      pool !== undefined && pool.seed > 0n && markets.every(({ config }) => numberAt(config, 'weight_bps') === 0n),
      'pool.seed: needs a market with a weight_bps above 0',
    ],
    [insurance !== null && insurance.balanceMin === 0n, 'insurance.balance_min = "0 USDC": must be above 0, or absent'],
  ];
}

/** What the program built for mainnet refuses, and what nobody wants where money is real. */
function mainnetRules({ governed, commitment, usdc, airdrop, markets }: WantedNetwork): Rule[] {
  const lock = numberAt(governed.exchange_limits, 'time_lock_seconds');
  return [
    [
      lock < BigInt(timeLockSecondsMinMainnet),
      `exchange.time_lock_seconds = ${lock}: must be from 86_400 to 2_592_000 on mainnet`,
    ],
    [numberAt(governed.outflow_limits, 'cap') === 0n, 'outflow.cap = "0 USDC": must be above 0 on mainnet'],
    [commitment !== 'finalized', `commitment = "${commitment}": must be finalized on mainnet`],
    [usdc.mint !== mainnetUsdc, `usdc.mint = "${usdc.mint}": must be ${mainnetUsdc} on mainnet`],
    [airdrop !== undefined, 'airdrop: must not be given on mainnet'],
    ...markets.map((market): Rule => {
      const full = fullBorrowRate(market);
      const least = quantityText(borrowRateMinMainnet, rateUnit);
      return [
        full < borrowRateMinMainnet,
        `markets.${market.definition.symbol}.config: borrow_base and borrow_slope give ${quantityText(full, rateUnit)} at max_utilisation_bps; must be at least ${least} on mainnet`,
      ];
    }),
  ];
}

function brokenMarketRules({ definition, config, oracle }: WantedMarket): string[] {
  const broken = brokenConfigRules(mathForm<MarketConfig>(config), mathForm<OracleConfig>(oracle));
  const all = { ...config.values, ...oracle.values };
  const named = (message: string) =>
    [...new Set(message.match(/[a-z]+(?:_[a-z]+)+/g) ?? [])]
      .filter((name) => name in all)
      .map((name) => `${name} = ${String(all[name])}`);
  const lines = broken.map((message) => {
    const values = named(message);
    return `markets.${definition.symbol}.config: ${message}${values.length === 0 ? '' : ` (${values.join(', ')})`}`;
  });
  for (const [name, known] of [
    ['feed_id', definition.feedId],
    ['price_account', definition.priceAccount],
  ] as const) {
    const value = oracle.values[name];
    if (value !== known)
      lines.push(
        `markets.${definition.symbol}.oracle.${name} = "${String(value)}": must be ${known}, which the worker follows (workers/shared/markets.ts)`,
      );
  }
  return lines;
}
