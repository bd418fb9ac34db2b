/** Instructions of a sequence that move USDC in and out, and those of pool shares and delegations. */
import { keeperKey } from './build-trading.ts';
import type { Call, Instruction } from './action.ts';
import { type World, roles } from './world.ts';

type Build = (world: World, action: Instruction) => Call;

/** Accounts of what is a person's own; `other` signs in his place where somebody tries that. */
function ownAccounts(world: World, { who = 0, other }: Instruction) {
  const person = world.person(who);
  const signer = other === undefined ? person : world.person(other);
  return {
    owner: signer.owner,
    donor: signer.owner,
    payer: roles.payer,
    userAccount: person.userAccount,
    lpAccount: person.lpAccount,
    withdrawal: person.withdrawal,
    source: signer.tokens,
    destination: signer.tokens,
  };
}

const own = (world: World, { who = 0, other }: Instruction) => [world.person(other ?? who).owner];
const simple: Build = (world, action) => ({
  accounts: ownAccounts(world, action),
  args: [],
  agreed: own(world, action),
});
const withAmount: Build = (world, action) => ({
  ...simple(world, action),
  args: [{ amount: action.amount ?? 0n }],
});

export const fundsBuilders = {
  openUserAccount: simple,
  revokeDelegate: simple,
  depositCollateral: withAmount,
  withdrawCollateral: withAmount,
  donate: withAmount,
  requestMint: withAmount,
  requestRedeem: (world, action) => ({ ...simple(world, action), args: [{ shares: action.amount ?? 0n }] }),
  setDelegate: (world, action) => ({
    ...simple(world, action),
    args: [
      {
        expiresAt: world.vm.now + (action.seconds ?? 86_400n),
        turnoverCap: action.amount ?? 10n ** 15n,
        maxSlippageBps: action.bps ?? 1_000,
      },
    ],
  }),
  fundInsurance: withAmount,
  queueWithdrawal: withAmount,
  cancelWithdrawal: simple,
  executeWithdrawal: (world, action) => ({
    accounts: {
      ...ownAccounts(world, action),
      destination: world.person(action.who ?? 0).tokens,
      rentPayer: roles.payer,
    },
    args: [],
    // Who queued it agreed when he did.
    agreed: [world.person(action.who ?? 0).owner],
  }),
  executePoolRequest: (world, action) => ({
    accounts: {
      ...ownAccounts(world, { ...action, do: action.do }),
      keeper: keeperKey(action),
      destination: action.without === true ? null : world.person(action.other ?? action.who ?? 0).tokens,
    },
    args: [],
    // Who asked agreed when he asked.
    agreed: [world.person(action.who ?? 0).owner],
    remaining: world.openMarkets.map(({ key }) => key),
  }),
} satisfies Record<string, Build>;
