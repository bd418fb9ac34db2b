/** Trading instructions of a sequence, with their accounts and arguments. */
import type { Call, Instruction } from './action.ts';
import type { Key, Value } from './codec.ts';
import { type World, roles, singleton } from './world.ts';

const priceMax = 2n ** 63n;
/** The size that means all of a position. */
const allOfIt = 2n ** 64n - 1n;
const noOrder: readonly number[] = new Array<number>(16).fill(0);

/** The key that signs as keeper. */
export function keeperKey(action: Instruction): Key | null {
  const number = action.keeper ?? 0;
  if (number === -2) return null;
  return roles.keepers[number] ?? roles.stranger;
}

/** Accounts every trade has. */
function tradeAccounts(world: World, action: Instruction) {
  const { who = 0, market = 0, other } = action;
  const person = world.person(who);
  const signer = other === undefined ? person.owner : world.person(other).owner;
  return {
    keeper: keeperKey(action),
    ownerSigner: action.self === true ? signer : null,
    market: world.market(market).key,
    userAccount: person.userAccount,
    position: world.position(who, market),
    priceUpdate: world.market(market).priceAccount,
  };
}

/** Who agreed to a trade: its owner, by his signature or by the delegation that the program has to check. */
const traders = (world: World, action: Instruction): Key[] => [world.person(action.who ?? 0).owner];

const presentSeq = (world: World, { who = 0, market = 0, seq = 0n }: Instruction): bigint =>
  (world.accounts.find('position', world.position(who, market))?.seq ?? 0n) + seq;

const commandArgs = (world: World, action: Instruction): { [name: string]: Value } => ({
  orderId: noOrder,
  expectedSeq: BigInt.asUintN(64, presentSeq(world, action)),
  minPublishTime: action.within === undefined ? 0n : world.vm.now - action.within,
});

const sideArg = (action: Instruction): Value => (action.side === 'short' ? { short: {} } : { long: {} });
const insuranceOf = (action: Instruction): Key | null => (action.insured === true ? singleton('insurance') : null);

/** Whether an order of this action buys: what decides which worst price is none. */
function buys(world: World, action: Instruction): boolean {
  if (action.do !== 'closePosition') return action.side !== 'short';
  const position = world.accounts.find('position', world.position(action.who ?? 0, action.market ?? 0));
  return position !== undefined && 'short' in position.state.side;
}

const worstOf = (world: World, action: Instruction): bigint => action.worst ?? (buys(world, action) ? priceMax : 1n);

const byAnyone = (world: World, action: Instruction): Call => ({
  accounts: { ...tradeAccounts(world, action), insurance: insuranceOf(action) },
  args: [],
  agreed: [],
});

type Build = (world: World, action: Instruction) => Call;

export const tradingBuilders = {
  openPosition: (world, action) => ({
    accounts: tradeAccounts(world, action),
    args: [
      {
        ...commandArgs(world, action),
        side: sideArg(action),
        size: action.size ?? 0n,
        leverageE2: action.leverage ?? 500,
        worstPrice: worstOf(world, action),
      },
    ],
    agreed: traders(world, action),
  }),
  closePosition: (world, action) => ({
    accounts: { ...tradeAccounts(world, action), insurance: insuranceOf(action) },
    args: [{ ...commandArgs(world, action), size: action.size ?? allOfIt, worstPrice: worstOf(world, action) }],
    agreed: traders(world, action),
  }),
  addMargin: (world, action) => ({
    accounts: tradeAccounts(world, action),
    args: [{ ...commandArgs(world, action), amount: action.amount ?? 0n }],
    agreed: traders(world, action),
  }),
  removeMargin: (world, action) => ({
    accounts: tradeAccounts(world, action),
    args: [{ ...commandArgs(world, action), amount: action.amount ?? 0n }],
    agreed: traders(world, action),
  }),
  trade: (world, action) => ({
    accounts: { ...tradeAccounts(world, action), insurance: insuranceOf(action) },
    args: [
      {
        ...commandArgs(world, action),
        side: sideArg(action),
        size: action.size ?? 0n,
        leverageE2: action.leverage ?? 500,
        worstPrice: worstOf(world, action),
      },
    ],
    agreed: traders(world, action),
  }),
  requestClose: (world, action) => {
    const { owner } = world.person(action.other ?? action.who ?? 0);
    return { accounts: { ...tradeAccounts(world, action), owner }, args: [], agreed: [owner] };
  },
  // The trader agreed when he asked.
  executeCloseRequest: (world, action) => ({ ...byAnyone(world, action), agreed: traders(world, action) }),
  closeCapped: (world, action) => byAnyone(world, action),
  settlePosition: (world, action) => byAnyone(world, action),
  payOwed: (world, action) => byAnyone(world, action),
  liquidatePosition: (world, action) => ({
    accounts: {
      ...tradeAccounts(world, action),
      insurance: insuranceOf(action),
      liquidatorAccount: action.other === undefined ? null : world.person(action.other).userAccount,
    },
    args: [],
    agreed: [],
  }),
  createPosition: (world, action) => ({
    accounts: tradeAccounts(world, action),
    args: [],
    agreed: [],
  }),
  refreshMarket: (world, action) => ({
    accounts: tradeAccounts(world, action),
    args: [],
    agreed: [],
  }),
  settleMarket: (world, action) => ({
    accounts: tradeAccounts(world, action),
    args: [],
    agreed: [],
  }),
} satisfies Record<string, Build>;
