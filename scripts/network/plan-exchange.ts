import { BN } from '@coral-xyz/anchor';
import { PublicKey } from '@solana/web3.js';
import { differences, encodeChange, type GovernedChange, valueLines } from '../../workers/chain/governed-change.ts';
import { executeChange, proposeChange } from '../../workers/chain/change-instructions.ts';
import type { ExchangeState } from './network-state.ts';
import {
  momentText,
  type PlanContext,
  type PlanItem,
  refused,
  type Step,
  transactionStep,
  unchanged,
  waitSecondsMax,
} from './plan-item.ts';

/** The exchange itself: made, or what it was made with compared. */
export function planExchange(context: PlanContext): PlanItem {
  const { wanted, state, chain } = context;
  const subject = `exchange ${chain.addresses.exchange.toBase58()}`;
  if (state.exchange !== null) {
    const { usdcMint } = state.exchange;
    if (usdcMint === wanted.usdc.mint) return unchanged(subject);
    return refused(subject, `USDC ${usdcMint} → ${wanted.usdc.mint}: frozen since the exchange was made`);
  }
  if (state.program !== null && state.program.upgradeAuthority === null)
    return refused(subject, 'only the upgrade authority may make the exchange, and the program has none');
  const authority = wanted.program.upgrade_authority;
  const { governed } = wanted;
  const values = [governed.exchange_limits, governed.outflow_limits, governed.insurance_topup, governed.roles];
  return {
    subject,
    outcome: 'create',
    details: [
      `admin ${wanted.admin}`,
      ...wanted.keepers.map((keeper) => `keeper ${keeper}`),
      ...values.flatMap(valueLines),
    ],
    steps: [transactionStep('exchange: initialize', [authority], () => [initializeExchange(context)])],
  };
}

function initializeExchange({ wanted, chain }: PlanContext) {
  const { outflow_limits, ...rest } = wanted.governed;
  const fieldsOf = (change: GovernedChange) =>
    Object.values(encodeChange(change) as Record<string, object>)[0] as Record<string, unknown>;
  const { cap, window_seconds, floor } = fieldsOf(outflow_limits);
  const { cap_per_hour } = fieldsOf(rest.insurance_topup);
  const accounts = {
    upgrade_authority: new PublicKey(wanted.program.upgrade_authority),
    program_data: chain.addresses.programData,
    usdc_mint: chain.addresses.usdcMint,
  };
  return chain.instructions.role('initialize_exchange', accounts, {
    admin: new PublicKey(wanted.admin),
    ...fieldsOf(rest.roles),
    keepers: wanted.keepers.map((key) => new PublicKey(key)),
    ...fieldsOf(rest.exchange_limits),
    topup_cap_per_hour: cap_per_hour,
    outflow_cap: cap,
    outflow_window_seconds: window_seconds,
    outflow_floor: floor,
  });
}

/** The admin: handed over in two steps, with the time lock between them. */
export function planAdmin(context: PlanContext, exchange: ExchangeState): PlanItem {
  const { wanted, state, chain } = context;
  const subject = 'admin';
  if (exchange.admin === wanted.admin) return unchanged(subject, wanted.admin);
  const change = `${exchange.admin} → ${wanted.admin}`;
  const isNamed = exchange.pendingAdmin === wanted.admin;
  const from = isNamed ? exchange.pendingAdminFrom : state.now + exchange.timeLockSeconds;
  const propose = transactionStep('admin: propose', [exchange.admin], () => [
    chain.instructions.role(
      'propose_admin',
      { authority: new PublicKey(exchange.admin) },
      { new_admin: new PublicKey(wanted.admin) },
    ),
  ]);
  const accept = transactionStep(
    'admin: accept',
    [wanted.admin],
    () => [chain.instructions.role('accept_admin', { authority: new PublicKey(wanted.admin) }, null)],
    { notBefore: from },
  );
  return delayed(subject, [change], isNamed ? [] : [propose], accept, from - state.now);
}

/** Keepers of the file that the exchange does not have yet; who is not in the file is left alone. */
export function planKeepers({ wanted, chain }: PlanContext, exchange: ExchangeState): PlanItem[] {
  const known = new Map(exchange.keepers.map(({ key, activeFrom }) => [key, activeFrom]));
  const missing = wanted.keepers.filter((key) => !known.has(key));
  const others = exchange.keepers.filter(({ key }) => !wanted.keepers.includes(key));
  const authority = new PublicKey(exchange.admin);
  const items: PlanItem[] = others.map(({ key }) => ({
    ...{ subject: `keeper ${key}`, outcome: 'kept', steps: [] },
    details: ['not in the file: removing a keeper is at once, adding one waits the time lock'],
  }));
  if (missing.length === 0)
    return [unchanged('keepers', ...wanted.keepers.map((key) => keeperText(key, known.get(key)))), ...items];
  const add: PlanItem = {
    subject: 'keepers',
    outcome: 'change',
    details: missing.map((key) => `${key}: added; counts ${exchange.timeLockSeconds} s later`),
    steps: missing.map((key) =>
      transactionStep(`keepers: add ${key}`, [exchange.admin], () => [
        chain.instructions.role('add_keeper', { authority }, { keeper: new PublicKey(key) }),
      ]),
    ),
  };
  return [add, ...items];
}

const keeperText = (key: string, activeFrom = 0): string => `${key}, counts since ${momentText(activeFrom)}`;

/** Trading accounts of the keepers: rewards of liquidations go there. */
export function planKeeperAccounts({ wanted, state, chain }: PlanContext): PlanItem[] {
  if (!wanted.keeperAccounts) return [];
  const missing = wanted.keepers.filter((key) => !state.traders.has(key));
  const subject = "keepers' trading accounts";
  if (missing.length === 0) return [unchanged(subject)];
  return [
    {
      ...{ subject, outcome: 'create', details: missing },
      steps: missing.map((key) =>
        transactionStep(`keepers: open account of ${key}`, [key], (payer) => [
          chain.instructions.openUserAccount(new PublicKey(key), payer),
        ]),
      ),
    },
  ];
}

/** Values that change by proposal: announced by the admin, put in force by anyone once the time lock has passed. */
export function planGoverned(
  context: PlanContext,
  exchange: ExchangeState,
  subject: string,
  before: GovernedChange,
  after: GovernedChange,
): PlanItem {
  const { state, chain } = context;
  const changes = differences(before, after);
  if (changes.length === 0) return unchanged(subject);
  const details = changes.map(({ field, unit, before: was, after: is }) => `${field} (${unit}): ${was} → ${is}`);
  const id = subject;
  const pending = state.proposals.find(
    (proposal) =>
      proposal.executableTo >= state.now && isSame(proposal.change, after) && isSame(proposal.before, before),
  );
  const tighter = pending === undefined ? tightenStep(context, exchange, id, before, after) : null;
  if (tighter !== null)
    return { subject, outcome: 'change', details: [...details, 'at once: only tighter'], steps: [tighter] };
  const from = pending?.executableFrom ?? state.now + exchange.timeLockSeconds;
  const propose = transactionStep(`${id}: propose`, [exchange.admin], () => [
    proposeChange(chain, new PublicKey(exchange.admin), exchange.proposalCount, after),
  ]);
  const execute = transactionStep(
    `${id}: execute`,
    [],
    () => {
      if (pending === undefined) throw new Error(`${id} is not proposed`);
      return executeChange(chain, pending);
    },
    { notBefore: from, needsPrice: after.kind === 'market_config' },
  );
  const announced = pending === undefined ? [] : [`announced as proposal ${pending.id}`];
  return delayed(
    subject,
    [...details, ...announced],
    pending === undefined ? [propose] : [],
    execute,
    from - state.now,
  );
}

const isSame = (one: GovernedChange, other: GovernedChange): boolean =>
  one.kind === other.kind && one.symbol === other.symbol && differences(one, other).length === 0;

/** What is announced first, and done when its delay is over: in this run, or in a later one where that takes longer than a run waits. */
function delayed(
  subject: string,
  details: readonly string[],
  announce: readonly Step[],
  then: Step,
  delaySeconds: number,
): PlanItem {
  if (delaySeconds <= waitSecondsMax) return { subject, outcome: 'change', details, steps: [...announce, then] };
  const wait = `can be done from ${momentText(then.notBefore)} on: run this again then`;
  const outcome = announce.length === 0 ? 'waiting' : 'change';
  return { subject, outcome, details: [...details, wait], steps: announce };
}

/** Limits on new risk that may be lowered without the time lock. */
const tightened = ['max_leverage', 'max_long_oi', 'max_short_oi', 'max_skew_bps', 'max_utilisation_bps'];

/** One step at once where a market's parameters only get tighter; null where they do not. */
function tightenStep(
  { state, chain }: PlanContext,
  exchange: ExchangeState,
  id: string,
  before: GovernedChange,
  after: GovernedChange,
): Step | null {
  const { symbol } = after;
  const market = state.markets.find(({ config }) => config === before);
  if (symbol === null || market === undefined) return null;
  const isTighter = Object.entries(after.values).every(([name, value]) => {
    const was = before.values[name];
    return value === was || (tightened.includes(name) && was !== undefined && value < was);
  });
  if (!isTighter) return null;
  const limits = Object.fromEntries(
    tightened.map((name) => {
      const value = after.values[name];
      return [name, typeof value === 'bigint' ? new BN(value.toString()) : value];
    }),
  );
  const accounts = { authority: new PublicKey(exchange.admin), market: chain.addresses.market(symbol) };
  const args = { ...limits, max_ema_divergence_bps: market.oracle.values.max_ema_divergence_bps };
  return transactionStep(`${id}: tighten`, [exchange.admin], () => [
    chain.instructions.role('tighten_market', accounts, args),
  ]);
}
