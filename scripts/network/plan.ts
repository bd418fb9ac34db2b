import { planAdmin, planExchange, planKeeperAccounts, planKeepers } from './plan-exchange.ts';
import { refused, type PlanContext, type PlanItem } from './plan-item.ts';
import { planBacking, planExchangeParameters, planInsurance, planMarkets, planPool } from './plan-markets.ts';
import { planAirdrop, planLayout, planMint, planProgram } from './plan-program.ts';
import { quantityText, rateUnit } from './quantities.ts';
import { fullBorrowRate } from './rules.ts';
import { borrowRateMinMainnet } from './bounds.ts';

/**
 * What separates the chain from the file, in the order in which it is done. Reads nothing and changes nothing: the same state gives the same
 * plan, so a run that died is continued by planning again.
 */
export function planNetwork(context: PlanContext): PlanItem[] {
  const { state } = context;
  const program = planProgram(context);
  const mint = planMint(context);
  const first = [program, ...planAirdrop(context), mint];
  const isOurProgram = program.outcome !== 'refused' || state.program?.sha256 === context.artifact?.sha256;
  const rest = planAccounts(context);
  if (!isOurProgram || state.program === null)
    return [...first, ...(program.outcome === 'refused' ? blocked(rest, 'the program') : rest)];
  if (mint.outcome === 'refused') return [...first, ...blocked(rest, 'the USDC mint')];
  const layout = planLayout(context);
  return layout.length > 0 ? [...first, ...layout] : [...first, ...rest];
}

function planAccounts(context: PlanContext): PlanItem[] {
  const exchange = planExchange(context);
  const standing = context.state.exchange;
  const parts = [
    ...(standing === null ? [] : [planAdmin(context, standing), ...planKeepers(context, standing)]),
    ...planMarkets(context),
    ...planKeeperAccounts(context),
    ...planInsurance(context),
    ...planPool(context),
    ...planBacking(context),
    ...(standing === null ? [] : planExchangeParameters(context, standing)),
  ];
  return [exchange, ...(exchange.outcome === 'refused' ? blocked(parts, 'the exchange') : parts)];
}

/** What needs something that cannot be had. */
const blocked = (items: readonly PlanItem[], by: string): PlanItem[] =>
  items.map((item) =>
    item.steps.length === 0 ? item : refused(item.subject, ...item.details, `needs ${by} as the file wants it`),
  );

/** What a reader of the plan has to know about this cluster, and what fails closed there. */
export function planNotes({ wanted, artifact }: PlanContext): string[] {
  if (wanted.cluster !== 'mainnet') return [];
  const least = quantityText(borrowRateMinMainnet, rateUnit);
  return [
    'Real funds. The program built for mainnet (feature `mainnet`) fails closed:',
    `no market without a borrow rate of at least ${least} at full utilisation: ${wanted.markets
      .map((market) => `${market.definition.symbol} has ${quantityText(fullBorrowRate(market), rateUnit)}`)
      .join(', ')};`,
    'no time lock below a day, no pool delay below a minute, no exchange without an outflow limit;',
    'once the pool has shares, a new market gets no weight before its time lock has passed.',
    artifact?.isCommitted === true
      ? 'The artifact named here is the one for local networks: it is never installed on mainnet.'
      : 'That the artifact was built with that feature, by the official tools, and audited, is for you to know.',
  ];
}
