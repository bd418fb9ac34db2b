/** Deposits, withdrawals, delegations and pool shares of a sequence. */
import type { Action, AgedAccount, Instruction } from './action.ts';
import type { Choice, Scene } from './generator.ts';
import { collateralOf } from './survey.ts';
import { singleton } from './world.ts';

const usdc = 1_000_000n;

const anybody = ({ world, random }: Scene): number => random.int(0, world.people.length - 1);
/** Somebody else signs, seldom. */
const signer = (scene: Scene): Pick<Instruction, 'other'> => (scene.random.chance(2) ? { other: anybody(scene) } : {});

function deposit(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const who = anybody(scene);
  const known = world.accounts.find('userAccount', world.person(who).userAccount) !== undefined;
  const open: Instruction[] = known ? [] : [{ do: 'openUserAccount', who }];
  const amount = random.chance(2) ? random.big(0n, 2n ** 60n) : random.magnitude(1n, 100_000n * usdc);
  return [...open, { do: 'depositCollateral', who, amount, ...signer(scene) }];
}

function withdraw(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const who = anybody(scene);
  const amount = random.magnitude(0n, collateralOf(world, who) + 1n);
  return [{ do: 'withdrawCollateral', who, amount, ...signer(scene) }];
}

function delegate(scene: Scene): readonly Instruction[] {
  const { random } = scene;
  const who = anybody(scene);
  if (random.chance(20)) return [{ do: 'revokeDelegate', who, ...signer(scene) }];
  const tight = random.chance(25);
  const amount = tight ? random.magnitude(1n, 100_000n * usdc) : 10n ** 15n;
  const seconds = tight ? random.big(-10n, 5_000n) : 10_000_000n;
  return [{ do: 'setDelegate', who, amount, seconds, bps: tight ? random.int(0, 100) : 5_000, ...signer(scene) }];
}

function requestShares(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const holders = [...world.people.keys()].filter(
    (person) => (world.accounts.find('lpAccount', world.person(person).lpAccount)?.shares ?? 0n) > 0n,
  );
  const who = holders.length > 0 && random.chance(50) ? random.pick(holders) : anybody(scene);
  const shares = world.accounts.find('lpAccount', world.person(who).lpAccount)?.shares ?? 0n;
  if (shares > 0n && random.chance(60)) {
    const amount = random.chance(30) ? shares : random.magnitude(0n, shares + 1n);
    return [{ do: 'requestRedeem', who, amount, ...signer(scene) }];
  }
  return [{ do: 'requestMint', who, amount: random.magnitude(0n, 1_000_000n * usdc), ...signer(scene) }];
}

/** Waits in the queue; often the first of it is served afterwards. */
function queueWithdrawal(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const who = anybody(scene);
  return [
    { do: 'queueWithdrawal', who, amount: random.magnitude(0n, collateralOf(world, who) + 1n), ...signer(scene) },
  ];
}

/** Serves the queue: its first, seldom another; some of them cannot take what they are paid. */
function executeWithdrawal(scene: Scene): readonly Action[] {
  const { world, random } = scene;
  const head = world.accounts.find('outflow', singleton('outflow'))?.headTicket;
  const first = world.people.findIndex(
    ({ withdrawal }) => world.accounts.find('withdrawal', withdrawal)?.ticket === head,
  );
  if (first < 0 && random.chance(90)) return [];
  const who = first < 0 || random.chance(5) ? anybody(scene) : first;
  const execute: Instruction = { do: 'executeWithdrawal', who };
  if (random.chance(90)) return [execute];
  return [{ do: 'freeze', who, frozen: true }, execute, { do: 'freeze', who, frozen: false }];
}

function cancelWithdrawal(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const queued = [...world.people.keys()].filter(
    (who) => world.accounts.find('withdrawal', world.person(who).withdrawal) !== undefined,
  );
  const who = queued.length === 0 || random.chance(5) ? anybody(scene) : random.pick(queued);
  return [{ do: 'cancelWithdrawal', who, ...signer(scene) }];
}

const agedAccounts: readonly AgedAccount[] = [
  ...(['userAccount', 'position', 'lpAccount', 'market', 'pool', 'insurance', 'treasury'] as const),
];

/** An account is of the old layout, somebody meets it that way, somebody brings it to the new one. */
function migrate(scene: Scene): readonly Action[] {
  const { random } = scene;
  const [account, who, market] = [random.pick(agedAccounts), anybody(scene), scene.market()];
  const migrated: Instruction = { do: 'migrateAccount', account, who, market };
  if (random.chance(20)) return [migrated];
  const met: readonly Instruction[] = [
    { do: 'settlePosition', who, market },
    { do: 'depositCollateral', who, amount: 1n },
    { do: 'settleMarket', market },
    { do: 'requestMint', who, amount: 1_000_000n },
  ];
  return [{ do: 'age', account, who, market }, ...(random.chance(50) ? [random.pick(met)] : []), migrated];
}

export const fundsMenu: readonly Choice[] = [
  { weight: 6, make: deposit },
  { weight: 5, make: withdraw },
  { weight: 2, make: queueWithdrawal },
  { weight: 3, make: executeWithdrawal },
  { weight: 0.4, make: cancelWithdrawal },
  { weight: 0.7, make: migrate },
  {
    weight: 0.3,
    make: (scene) => [{ do: 'fundInsurance', who: anybody(scene), amount: scene.random.magnitude(0n, 1_000n * usdc) }],
  },
  { weight: 2, make: delegate },
  { weight: 3, make: requestShares },
  { weight: 1, make: (scene) => [{ do: 'executePoolRequest', who: anybody(scene) }] },
  { weight: 0.3, make: (scene) => [{ do: 'openUserAccount', who: anybody(scene) }] },
  {
    weight: 0.5,
    make: (scene) => [{ do: 'donate', who: anybody(scene), amount: scene.random.magnitude(0n, 10_000n * usdc) }],
  },
];
