/** Invariant 2: a market's sums are the sums of its positions, shares add up to the supply, and winners are backed. */
import type { AccountOf } from '#support/program/client.ts';
import type { Key } from '../codec.ts';
import { type Step, holds } from '../step.ts';
import { is } from '../views.ts';
import { type World, singleton } from '../world.ts';

const name = '2 sums';
const fields = ['size', 'entryValue', 'margin', 'reserve', 'fundingSum', 'borrowSum'] as const;
type Totals = Record<(typeof fields)[number], bigint>;
type Position = AccountOf<'position'>;

const none = (): Totals => ({ size: 0n, entryValue: 0n, margin: 0n, reserve: 0n, fundingSum: 0n, borrowSum: 0n });
const reserved = ({ long, short }: AccountOf<'market'>): bigint => long.reserve + short.reserve;

function add(totals: Totals, { state }: Position, sign: bigint): void {
  for (const field of fields) totals[field] += sign * state[field];
}

/** Shares of a holder, requested ones included. */
const sharesOf = (lp: AccountOf<'lpAccount'> | undefined): bigint =>
  lp === undefined ? 0n : lp.shares + (is(lp.requestKind, 'redeem') ? lp.requestAmount : 0n);

export class Sums {
  readonly #sides = new Map<string, Totals>();
  readonly #payoutsOwed = new Map<Key, bigint>();
  #shares = 0n;
  #deposits = 0n;
  #queued = 0n;

  check(step: Step): void {
    const markets = new Set<Key>();
    for (const change of step.changes.program) {
      if (change.name === 'market') markets.add(change.key);
      if (change.name === 'lpAccount') this.#countShares(change.before, change.after);
      if (change.name === 'withdrawal') this.#queued += (change.after?.amount ?? 0n) - (change.before?.amount ?? 0n);
      if (change.name !== 'position') continue;
      for (const [position, sign] of [
        [change.before, -1n],
        [change.after, 1n],
      ] as const) {
        if (position === undefined) continue;
        markets.add(position.market);
        this.#count(position, sign);
        flatIsEmpty(position);
      }
    }
    for (const key of markets) this.#checkMarket(step.world, key);
    this.#checkPool(step.world);
    for (const key of markets) checkBacked(step, key);
  }

  #count(position: Position, sign: bigint): void {
    const { market, state, payoutOwed } = position;
    const side = market + (is(state.side, 'long') ? 'long' : 'short');
    const totals = this.#sides.get(side) ?? none();
    if (state.size > 0n) add(totals, position, sign);
    this.#sides.set(side, totals);
    this.#payoutsOwed.set(market, (this.#payoutsOwed.get(market) ?? 0n) + sign * payoutOwed);
  }

  #countShares(before: AccountOf<'lpAccount'> | undefined, after: AccountOf<'lpAccount'> | undefined): void {
    const deposit = (lp: AccountOf<'lpAccount'> | undefined): bigint =>
      lp !== undefined && is(lp.requestKind, 'mint') ? lp.requestAmount : 0n;
    this.#shares += sharesOf(after) - sharesOf(before);
    this.#deposits += deposit(after) - deposit(before);
  }

  #checkMarket(world: World, key: Key): void {
    const market = world.accounts.get('market', key);
    for (const side of ['long', 'short'] as const) {
      const totals = this.#sides.get(key + side) ?? none();
      for (const field of fields) {
        const [stored, summed] = [market[side][field], totals[field]];
        holds(
          stored === summed,
          name,
          () => `${side}.${field} of market ${market.index}: ${stored}, positions ${summed}`,
        );
      }
    }
    const owed = this.#payoutsOwed.get(key) ?? 0n;
    holds(
      market.payoutsOwed === owed,
      name,
      () => `payouts owed of market ${market.index}: ${market.payoutsOwed}, ${owed}`,
    );
  }

  #checkPool(world: World): void {
    const pool = world.accounts.find('pool', singleton('pool'));
    if (pool === undefined) return;
    const held = this.#shares + pool.lockedShares;
    holds(held === pool.supply, name, () => `shares ${held}, supply ${pool.supply}`);
    const queued = world.accounts.find('outflow', singleton('outflow'))?.queued ?? 0n;
    holds(queued === this.#queued, name, () => `queued ${queued}, of owners ${this.#queued}`);
    const { requestedDeposits } = pool;
    holds(
      requestedDeposits === this.#deposits,
      name,
      () => `requested ${requestedDeposits}, of holders ${this.#deposits}`,
    );
  }

  /** Adds the positions up anew. */
  recount(world: World): void {
    const fresh = new Sums();
    for (const { content } of world.accounts.all('position')) fresh.#count(content, 1n);
    for (const { content } of world.accounts.all('lpAccount')) fresh.#countShares(undefined, content);
    for (const { content } of world.accounts.all('withdrawal')) fresh.#queued += content.amount;
    for (const { key } of world.accounts.all('market')) fresh.#checkMarket(world, key);
    fresh.#checkPool(world);
  }
}

function flatIsEmpty({ state }: Position): void {
  const left = fields.filter((field) => state.size === 0n && state[field] !== 0n);
  holds(left.length === 0, name, () => `a flat position holds ${left.join(', ')}`);
}

/**
 * What is reserved is backed, unless funding was paid to receivers before their payers paid it: only such a receipt, realised by a
 * trade or a liquidation, may take the backing below the reserves, and by no more than itself. Nothing else ever makes the buffer
 * `backing − reserved` negative or a negative one more so. Bad debt is income that does not come: it debits nothing.
 */
function checkBacked(step: Step, key: Key): void {
  const [before, after] = [step.before('market', key), step.after('market', key)];
  if (before === undefined || after === undefined) return;
  const [had, has] = [before.backing - reserved(before), after.backing - reserved(after)];
  const lowest = (had < 0n ? had : 0n) - fundingReceived(step, key);
  holds(has >= lowest, name, () => `market ${after.index}: backing − reserved went from ${had} to ${has}`);
}

/** Funding that a closing or a liquidation realised in favour of its position, 1e-6 USDC. */
function fundingReceived(step: Step, market: Key): bigint {
  return step.outcome.events.reduce((sum, event) => {
    if (event.name !== 'positionReduced' && event.name !== 'positionLiquidated') return sum;
    const { market: at, funding } = event.data;
    return at === market && funding < 0n ? sum - funding : sum;
  }, 0n);
}
