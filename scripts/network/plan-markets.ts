import { PublicKey } from '@solana/web3.js';
import { createMintToInstruction } from '@solana/spl-token';
import { MARKETS } from '#shared/markets.ts';
import { encodeChange, type GovernedChange, valueLines } from '../../workers/chain/governed-change.ts';
import { createTokenAccount } from '../../workers/chain/token-account.ts';
import type { WantedMarket } from './network-file.ts';
import type { ExchangeState } from './network-state.ts';
import { planGoverned } from './plan-exchange.ts';
import { type PlanContext, type PlanItem, refused, type Step, transactionStep, unchanged } from './plan-item.ts';
import { quantityText, usdcUnit } from './quantities.ts';

/** How long the window of a pool request is, and how long after it a lapsed one still blocks the next, in seconds. */
const requestWindowSeconds = 10;
const requestCooldownSeconds = 60;
const symbolBytes = 16;

/** Every market of the file, then those that are not in it. */
export function planMarkets(context: PlanContext): PlanItem[] {
  const { wanted, state } = context;
  const others = state.markets.filter(({ index }) => index >= wanted.markets.length);
  return [
    ...byWeight(context).flatMap((market) => planMarket(context, market)),
    ...others.map(({ symbol }): PlanItem => ({
      ...{ subject: `market ${symbol}`, outcome: 'kept', steps: [] },
      details: ['not in the file'],
    })),
  ];
}

/** Who gives up weight comes first: all weights together may not pass the whole at any moment. */
function byWeight({ wanted, state }: PlanContext): WantedMarket[] {
  const weight = (change: GovernedChange | undefined) => Number(change?.values.weight_bps ?? 0);
  const growth = ({ definition, config }: WantedMarket) =>
    weight(config) - weight(state.markets.find(({ index }) => index === definition.index)?.config);
  return [...wanted.markets].sort((one, other) => Math.sign(growth(one)) - Math.sign(growth(other)));
}

function planMarket(context: PlanContext, market: WantedMarket): PlanItem[] {
  const { state } = context;
  const { symbol, index } = market.definition;
  const subject = `market ${symbol}`;
  const standing = state.markets.find((candidate) => candidate.index === index);
  if (standing === undefined) return [createMarket(context, market)];
  if (standing.symbol !== symbol)
    return [refused(subject, `index ${index} is ${standing.symbol}: frozen since that market was made`)];
  const { exchange } = state;
  if (exchange === null) return [];
  return [
    planGoverned(context, exchange, `${subject}, oracle`, standing.oracle, market.oracle),
    planGoverned(context, exchange, `${subject}, parameters`, standing.config, market.config),
  ];
}

function createMarket(context: PlanContext, market: WantedMarket): PlanItem {
  const { wanted, state, chain } = context;
  const { definition, config, oracle } = market;
  const { symbol, index } = definition;
  const lock = state.exchange?.timeLockSeconds ?? 0;
  // Where there is something to lose, a market's share of the pool waits the lock.
  const weightWaits = lock > 0 && (state.pool?.supply ?? 0n) > 0n && config.values.weight_bps !== 0;
  const created = weightWaits ? { ...config, values: { ...config.values, weight_bps: 0 } } : config;
  const admin = new PublicKey(state.exchange?.admin ?? wanted.admin);
  const part = (change: GovernedChange, name: string) =>
    (Object.values(encodeChange(change) as Record<string, Record<string, unknown>>)[0] ?? {})[name];
  const create = transactionStep(`market ${symbol}: create`, [admin.toBase58()], (payer) => [
    chain.instructions.role(
      'create_market',
      { admin, payer, market: chain.addresses.marketAt(index) },
      {
        symbol: [...Buffer.alloc(symbolBytes).fill(symbol, 0, symbol.length, 'ascii')],
        oracle: part(oracle, 'oracle'),
        config: part(created, 'config'),
      },
    ),
  ]);
  return {
    subject: `market ${symbol}`,
    outcome: 'create',
    details: [
      ...[oracle, created].flatMap(valueLines),
      ...(weightWaits ? [`weight_bps ${String(config.values.weight_bps)} waits the time lock of ${lock} s`] : []),
    ],
    steps: [create],
  };
}

/** USDC for a wallet that is short of it, where it is a test token; null where it is not and the wallet is. */
function tokensFor({ wanted, state, chain }: PlanContext, wallet: string, amount: bigint, id: string): Step[] | null {
  const held = state.tokens.get(wallet) ?? 0n;
  if (held >= amount) return [];
  const authority = wanted.usdc.mint_authority;
  if (authority === undefined) return null;
  const owner = new PublicKey(wallet);
  const tokens = chain.addresses.usdcAccount(owner);
  const { usdcMint } = chain.addresses;
  return [
    transactionStep(`${id}: mint test USDC`, [authority], (payer) => [
      createTokenAccount(payer, tokens, owner, usdcMint),
      createMintToInstruction(usdcMint, tokens, new PublicKey(authority), amount - held),
    ]),
  ];
}

const shortOf = (wallet: string, held: bigint, amount: bigint): string =>
  `${wallet} holds ${quantityText(held, usdcUnit)} of the ${quantityText(amount, usdcUnit)} it takes`;

/** Insurance, filled up to what the file wants at least. */
export function planInsurance(context: PlanContext): PlanItem[] {
  const { wanted, state, chain } = context;
  const { insurance } = wanted;
  if (insurance === null) return [];
  const missing = insurance.balanceMin - state.insuranceBalance;
  const subject = 'insurance';
  if (missing <= 0n) return [unchanged(subject, `${quantityText(state.insuranceBalance, usdcUnit)}`)];
  const details = [
    `balance: ${quantityText(state.insuranceBalance, usdcUnit)} → ${quantityText(insurance.balanceMin, usdcUnit)}, from ${insurance.fundedBy}`,
  ];
  const tokens = tokensFor(context, insurance.fundedBy, missing, subject);
  if (tokens === null)
    return [
      refused(subject, ...details, shortOf(insurance.fundedBy, state.tokens.get(insurance.fundedBy) ?? 0n, missing)),
    ];
  const donor = new PublicKey(insurance.fundedBy);
  const fund = transactionStep('insurance: fund', [insurance.fundedBy], () => [
    chain.instructions.fundInsurance(donor, missing),
  ]);
  return [{ subject, outcome: 'change', details, steps: [...tokens, fund] }];
}

/** The pool's first deposit: without shares nobody trades. */
export function planPool(context: PlanContext): PlanItem[] {
  const { wanted, state } = context;
  if (wanted.pool === undefined) return [];
  const { seed, seeded_by: seeder } = wanted.pool;
  const subject = 'pool';
  if (state.pool !== null && state.pool.supply > 0n) return [unchanged(subject, 'it has shares')];
  const details = [`first deposit ${quantityText(seed, usdcUnit)} by ${seeder}`];
  const steps = seedSteps(context, seeder, seed);
  if (steps === null) return [refused(subject, ...details, shortOf(seeder, state.tokens.get(seeder) ?? 0n, seed))];
  return [{ subject, outcome: 'create', details, steps }];
}

function seedSteps(context: PlanContext, seeder: string, seed: bigint): Step[] | null {
  const { wanted, state, chain } = context;
  const owner = new PublicKey(seeder);
  const request = transactionStep('pool: request deposit', [seeder], () => [
    chain.instructions.requestMint(owner, owner, seed),
  ]);
  const delay = Number(wanted.governed.exchange_limits.values.pool_delay_seconds);
  const pending = state.seedRequest;
  const from = pending?.executableFrom ?? state.now + delay;
  const hasLapsed = state.now > from + requestWindowSeconds;
  const symbols = state.markets.flatMap(({ index }) => MARKETS.filter((market) => market.index === index));
  // A lapsed request is released by the same instruction; the next plan asks again.
  const execute = transactionStep(
    'pool: execute deposit',
    [],
    () => [
      chain.instructions.executePoolRequest(
        owner,
        chain.addresses.usdcAccount(owner),
        symbols.map(({ symbol }) => symbol),
        null,
      ),
    ],
    { notBefore: hasLapsed ? from + requestWindowSeconds + requestCooldownSeconds : from, needsPrice: true },
  );
  if (pending !== null) return hasLapsed ? [execute, request] : [execute];
  const tokens = tokensFor(context, seeder, seed, 'pool');
  return tokens === null ? null : [...tokens, request, execute];
}

/** Each market's share of the pool, moved into it. */
export function planBacking({ wanted, state, chain }: PlanContext): PlanItem[] {
  const willHaveShares = wanted.pool !== undefined || (state.pool?.supply ?? 0n) > 0n;
  const isSpent = state.pool !== null && state.pool.supply > 0n && state.pool.free === 0n;
  if (!willHaveShares || isSpent) return [];
  const waiting = wanted.markets.filter(({ definition, config }) => {
    const standing = state.markets.find(({ index }) => index === definition.index);
    const weight = standing === undefined ? config.values.weight_bps : standing.config.values.weight_bps;
    return (standing?.backing ?? 0n) === 0n && Number(weight) > 0;
  });
  const subject = "markets' backing";
  if (waiting.length === 0) return [unchanged(subject)];
  return [
    {
      ...{ subject, outcome: 'change' },
      details: waiting.map(({ definition }) => `${definition.symbol} takes its share of the pool`),
      steps: waiting.map(({ definition: { symbol } }) =>
        transactionStep(`market ${symbol}: settle`, [], () => [chain.instructions.settleMarket(symbol)], {
          needsPrice: true,
        }),
      ),
    },
  ];
}

/** What a proposal changes on the whole exchange; the time lock itself last, so that the others go by the one that stands. */
export function planExchangeParameters(context: PlanContext, exchange: ExchangeState): PlanItem[] {
  const kinds = ['roles', 'outflow_limits', 'insurance_topup', 'exchange_limits'] as const;
  return kinds.map((kind) =>
    planGoverned(context, exchange, kind.replace('_', ' '), exchange.standing[kind], context.wanted.governed[kind]),
  );
}
