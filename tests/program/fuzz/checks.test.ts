/** Each check notices what it is there for: the world is altered behind the program's back, once per invariant. */
import { expect, it } from 'vitest';
import type { AccountName, AccountOf } from '#support/program/client.ts';
import type { Action, Instruction } from './action.ts';
import { Commands } from './checks/commands.ts';
import { LiquidationEvents } from './checks/liquidation-event.ts';
import { Ownership } from './checks/ownership.ts';
import { PoolShares } from './checks/pool-shares.ts';
import { type Key, type Value, writeAccount } from './codec.ts';
import { Session } from './session.ts';
import { setupActions } from './setup.ts';
import { failureIn, kindOf, merged, shrink } from './shrink.ts';
import { Broken, Step } from './step.ts';
import { singleton } from './world.ts';

const seed = 3;
const who = 0;
const market = 0;
const open: Instruction = { do: 'openPosition', who, market, side: 'long', size: 10n ** 9n, leverage: 200, self: true };
const deposit: Instruction = { do: 'depositCollateral', who, amount: 1_000n };

function prepared(...more: Action[]): Session {
  const session = new Session(seed);
  for (const action of [
    ...setupActions(seed),
    { do: 'depositCollateral', who, amount: 10n ** 10n } as const,
    ...more,
  ]) {
    session.run(action);
  }
  return session;
}

/** Rewrites an account as no instruction would, unseen by the checks. */
function tamper<Name extends AccountName>(
  { world }: Session,
  name: Name,
  key: Key,
  change: (content: AccountOf<Name>) => Partial<AccountOf<Name>>,
): void {
  const content = world.accounts.get(name, key);
  const bytes = writeAccount(name, { ...content, ...change(content) } as unknown as Value);
  world.vm.setAccount(key, singleton('program'), bytes);
}

const brokenBy = (act: () => void): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof Broken) return error.invariant;
    throw error;
  }
  return 'nothing';
};

it('nothing is broken where nothing was altered', () => {
  const session = prepared(open, { do: 'closePosition', who, market, self: true });
  expect(brokenBy(() => session.recount())).toBe('nothing');
});

it('one unit that nobody paid in breaks conservation', () => {
  const session = prepared();
  tamper(session, 'userAccount', session.world.person(who).userAccount, ({ collateral }) => ({
    collateral: collateral + 1n,
  }));
  expect(brokenBy(() => session.run(deposit))).toBe('1 conservation');
});

it('tokens that leave the vault unrecorded break conservation', () => {
  const session = prepared();
  const { world } = session;
  world.gift(-1n);
  world.gifts += 1n;
  expect(brokenBy(() => session.run(deposit))).toBe('1 conservation');
});

it('a position that its market does not count breaks the sums', () => {
  const session = prepared(open);
  const { world } = session;
  tamper(session, 'position', world.position(who, market), (position) => ({
    state: { ...position.state, margin: position.state.margin - 5n },
  }));
  tamper(session, 'userAccount', world.person(who).userAccount, ({ collateral }) => ({ collateral: collateral + 5n }));
  expect(brokenBy(() => session.run({ ...open, size: 10n ** 8n }))).toBe('2 sums');
});

it('reserves beyond the backing that no funding explains break the sums', () => {
  const session = prepared(open);
  const { world } = session;
  const { backing, long } = world.accounts.get('market', world.market(market).key);
  const taken = backing - long.reserve / 4n;
  tamper(session, 'market', world.market(market).key, () => ({ backing: backing - taken }));
  tamper(session, 'insurance', singleton('insurance'), ({ balance }) => ({ balance: balance + taken }));
  const half: Instruction = { do: 'closePosition', who, market, size: 5n * 10n ** 8n, self: true, insured: true };
  expect(brokenBy(() => session.run(half))).toBe('2 sums');
});

it("somebody else's account that changes is noticed", () => {
  const session = prepared();
  const { world } = session;
  tamper(session, 'userAccount', world.person(1).userAccount, ({ collateral }) => ({ collateral: collateral - 1n }));
  expect(brokenBy(() => session.recount())).toBe('3 ownership');
});

it('an instruction that changes the account of somebody who did not agree is noticed', () => {
  const session = prepared();
  const step = session.run(deposit) as Step;
  const built = { ...step.built, call: { ...step.built.call, agreed: [] } };
  const altered = new Step(step.world, step.action, built, step.outcome, step.changes);
  expect(brokenBy(() => new Ownership().check(altered))).toBe('3 ownership');
});

it('a trade that makes its trader richer is noticed', () => {
  const session = prepared();
  const step = session.run(open) as Step;
  const program = step.changes.program.map((change) =>
    change.name === 'userAccount' && change.before !== undefined
      ? { ...change, before: { ...change.before, collateral: change.before.collateral - 10n ** 9n } }
      : change,
  );
  const altered = new Step(step.world, step.action, step.built, step.outcome, { ...step.changes, program });
  expect(brokenBy(() => new Ownership().check(altered))).toBe('4 wealth');
});

it('a share that is worth less after somebody else redeemed is noticed', () => {
  const session = prepared();
  const redeem: Action[] = [
    { do: 'requestRedeem', who: 22, amount: 10n ** 9n },
    { do: 'clock', seconds: 60n },
  ];
  for (const action of redeem) session.run(action);
  const step = session.run({ do: 'executePoolRequest', who: 22 }) as Step;
  const program = step.changes.program.map((change) =>
    change.name === 'pool' && change.before !== undefined
      ? { ...change, before: { ...change.before, free: change.before.free + 10n ** 8n } }
      : change,
  );
  const altered = new Step(step.world, step.action, step.built, step.outcome, { ...step.changes, program });
  expect(step.accepted).toBe(true);
  expect(brokenBy(() => new PoolShares().check(altered))).toBe('3 pool shares');
});

it('a price that the program takes and the mathematics refuses is noticed', () => {
  const session = prepared();
  const { world } = session;
  const [published] = world.published;
  if (published === undefined) throw new Error('no price');
  world.published[market] = { ...published, publishTime: published.publishTime - 100n };
  expect(brokenBy(() => session.run(open))).toBe('5 health');
});

it('a refusal that changes something, or for an undocumented reason, is noticed', () => {
  const session = prepared();
  tamper(session, 'userAccount', session.world.person(who).userAccount, () => ({ collateral: 2n ** 64n - 1n }));
  expect(brokenBy(() => session.run(deposit))).toBe('6 refusals');
  const again = prepared();
  const { world } = again;
  tamper(again, 'userAccount', world.person(who).userAccount, () => ({ collateral: 2n ** 64n - 1n }));
  world.accounts.refresh([world.person(who).userAccount]);
  expect(brokenBy(() => again.run(deposit))).toBe('6 refusals');
});

it('a number left out of a stream is noticed', () => {
  const session = prepared();
  tamper(session, 'userAccount', session.world.person(who).userAccount, ({ seq }) => ({ seq: seq + 1n }));
  expect(brokenBy(() => session.run(deposit))).toBe('7 events');
});

it('a liquidation event that does not tell its decision is noticed', () => {
  const fall = { price: 8_000_000_000n, conf: 0n, ema: 8_000_000_000n };
  const session = prepared(
    { ...open, leverage: 2_000 },
    { do: 'clock', seconds: 1n },
    { do: 'price', market, ...fall },
  );
  const step = session.run({ do: 'liquidatePosition', who, market, insured: true }) as Step;
  const events = step.outcome.events.map((event) =>
    event.name === 'positionLiquidated' ? { ...event, data: { ...event.data, size: event.data.size - 1n } } : event,
  );
  const altered = new Step(step.world, step.action, step.built, { ...step.outcome, events }, step.changes);
  expect(step.accepted).toBe(true);
  expect(brokenBy(() => new LiquidationEvents().check(altered))).toBe('7 liquidation event');
});

it('a change that no event tells is noticed', () => {
  const session = prepared(open);
  const { world } = session;
  tamper(session, 'position', world.position(who, market), ({ feesPaid }) => ({ feesPaid: feesPaid + 1n }));
  expect(brokenBy(() => session.run({ ...open, size: 10n ** 8n }))).toBe('7 projection');
});

it('a command that counts twice, and one that computes too much, are noticed', () => {
  const session = prepared();
  const step = session.run(open) as Step;
  const program = step.changes.program.map((change) =>
    change.name === 'position' && change.before !== undefined
      ? { ...change, before: { ...change.before, seq: change.before.seq - 1n } }
      : change,
  );
  const twice = new Step(step.world, step.action, step.built, step.outcome, { ...step.changes, program });
  expect(brokenBy(() => new Commands().check(twice))).toBe('8 seq');
  const long = new Step(step.world, step.action, step.built, { ...step.outcome, computeUnits: 120_000 }, step.changes);
  expect(brokenBy(() => new Commands().check(long))).toBe('9 compute');
});

it('more than the limit that leaves in one window is noticed', () => {
  const deposit: Action = { do: 'depositCollateral', who, amount: 2n * 10n ** 12n };
  // What came in buckets ago is no room any more.
  const session = prepared(deposit, { do: 'clock', seconds: 3_600n });
  session.run({ do: 'withdrawCollateral', who, amount: 600_000n * 10n ** 6n });
  tamper(session, 'outflow', singleton('outflow'), () => ({ used: 0n }));
  session.world.accounts.refresh([singleton('outflow')]);
  expect(brokenBy(() => session.run({ do: 'withdrawCollateral', who, amount: 600_000n * 10n ** 6n }))).toBe(
    '10 outflow',
  );
});

it('a failing sequence gets as short as it can be', () => {
  const needed: Action[] = [
    { do: 'initializeExchange' },
    { do: 'openUserAccount', who },
    { do: 'openUserAccount', who },
  ];
  const noise = setupActions(seed).filter((action) => action.do === 'clock' || action.do === 'gift');
  const failing = [...noise, ...needed, ...noise];
  const twice = (actions: readonly Action[]): boolean =>
    failureIn(seed, actions) === undefined && actions.filter((action) => action.do === 'openUserAccount').length === 2;
  const short = shrink(failing, (tried) => twice(tried), 60_000);
  expect(merged(short)).toEqual([
    { do: 'openUserAccount', who },
    { do: 'openUserAccount', who },
  ]);
  expect(kindOf({ invariant: '', message: 'took 120 of 7' })).toBe(kindOf({ invariant: '', message: 'took 99 of 12' }));
});
