/** Instructions of a sequence that make and govern the exchange. */
import { PublicKey } from '@solana/web3.js';
import { addresses } from '#support/program/addresses.ts';
import type { Call, Instruction, SignerRole } from './action.ts';
import type { Key, Value } from './codec.ts';
import { type World, roles, singleton } from './world.ts';

type Build = (world: World, action: Instruction) => Call;
type Members = { readonly [name: string]: Value };

/** Arguments `initialize_exchange` is called with. */
export const exchangeArgs: Members = {
  admin: roles.admin,
  riskManager: roles.riskManager,
  treasuryAuthority: roles.treasuryAuthority,
  keepers: roles.keepers.slice(0, 2),
  timeLockSeconds: 3_600,
  poolDelaySeconds: 60,
  lpFeeBps: 10,
  topupCapPerHour: 50_000_000n,
  outflowCap: 1_000_000_000_000n,
  outflowWindowSeconds: 3_600,
  outflowFloor: 100_000_000n,
};

const exchangeOf = (world: World) => world.accounts.find('exchange', singleton('exchange'));

/** The key that signs for the exchange: who holds the role now, unless the action names another. */
function signerKey(world: World, action: Instruction, role: 'admin' | 'riskManager' | 'treasuryAuthority'): Key {
  if (action.signer !== undefined) return roles[action.signer];
  return exchangeOf(world)?.[role] ?? roles[role];
}

const proposals = new Map<bigint, Key>();

/** Address of a proposal. */
export function proposalKey(id: bigint): Key {
  const key = proposals.get(id) ?? addresses.proposal(id).toBase58();
  proposals.set(id, key);
  return key;
}

/** A keeper's key as an argument. */
const keeperNamed = (action: Instruction): Key => roles.keepers[action.keeper ?? 0] ?? roles.stranger;

/** A change as the program takes it: what an action leaves out of a market's parameters stays as it is. */
function wholeChange(world: World, change: Value | undefined): { kind: string; value: Members; market: Key | null } {
  const [kind, content] = Object.entries(change as { readonly [kind: string]: Members })[0] ?? [];
  if (kind === undefined || content === undefined) throw new Error('a proposal without a change');
  if (kind !== 'marketConfig' && kind !== 'marketOracle') return { kind, value: content, market: null };
  const { key } = world.market(Number(content['marketIndex']));
  const present = world.accounts.find('market', key);
  const member = kind === 'marketConfig' ? 'config' : 'oracle';
  const whole = { ...(present?.[member] as unknown as Members), ...(content[member] as Members) };
  return { kind, value: { ...content, [member]: whole }, market: key };
}

/** Accounts that a change of this kind needs. */
function holdersOf(kind: string, market: Key | null, without: boolean | undefined) {
  const given = (needed: boolean, key: Key | null): Key | null => (needed && without !== true ? key : null);
  return {
    market: given(kind.startsWith('market'), market),
    pool: given(kind === 'marketConfig', singleton('pool')),
    outflow: given(kind === 'outflowLimits', singleton('outflow')),
    insurance: given(kind === 'insuranceTopup', singleton('insurance')),
  };
}

/** The kind of a proposal that waits, and the market it concerns. */
function waiting(world: World, id: bigint): { kind: string; market: Key | null } {
  const change = world.accounts.find('proposal', proposalKey(id))?.change as Value | undefined;
  if (change === undefined) return { kind: '', market: null };
  const { kind, market } = wholeChange(world, change);
  return { kind, market };
}

const symbolOf = (index: number): number[] => Array.from(Buffer.from(`FUZZ${index}-PERP`.padEnd(16, '\0')));

/** Instructions signed by a role with arguments of their own. */
const managed =
  (role: SignerRole & ('admin' | 'riskManager'), args: (action: Instruction) => readonly Value[]): Build =>
  (world, action) => ({
    accounts: {
      authority: signerKey(world, action, role),
      ...(action.market === undefined ? {} : { market: world.market(action.market).key }),
    },
    args: args(action),
    agreed: [],
  });

export const exchangeBuilders = {
  initializeExchange: (_world, action) => ({
    accounts: { upgradeAuthority: action.signer === undefined ? roles.upgradeAuthority : roles[action.signer] },
    args: [exchangeArgs],
    agreed: [],
  }),
  createMarket: (world, action) => {
    const market = world.market(action.market ?? 0);
    const { config, oracle } = market.parameters;
    const args = {
      symbol: symbolOf(market.index),
      oracle: { ...oracle, priceAccount: market.priceAccount },
      config: { ...config, ...(action.change as Members | undefined) },
    };
    return { accounts: { admin: signerKey(world, action, 'admin'), market: market.key }, args: [args], agreed: [] };
  },
  proposeAdmin: managed('admin', ({ without }) => [{ newAdmin: without === true ? null : roles.otherAdmin }]),
  acceptAdmin: (world, action) => {
    const pending = exchangeOf(world)?.pendingAdmin ?? roles.otherAdmin;
    const nobody = pending === PublicKey.default.toBase58();
    const authority = action.signer === undefined && !nobody ? pending : roles[action.signer ?? 'otherAdmin'];
    return { accounts: { authority }, args: [], agreed: [] };
  },
  pauseOperations: managed('riskManager', ({ number = 1n }) => [{ operations: Number(number) }]),
  resumeOperations: managed('admin', ({ number = 1n }) => [{ operations: Number(number) }]),
  addKeeper: managed('admin', (action) => [{ keeper: keeperNamed(action) }]),
  removeKeeper: managed('riskManager', (action) => [{ keeper: keeperNamed(action) }]),
  // Only the admin may loosen.
  setMarketStatus: (world, action) => {
    const status = action.change ?? { active: {} };
    const loosens = 'active' in (status as Members);
    return managed(loosens ? 'admin' : 'riskManager', () => [{ status }])(world, action);
  },
  tightenMarket: (world, action) => {
    const account = world.accounts.find('market', world.market(action.market ?? 0).key);
    const { config, oracle } = account ?? { config: undefined, oracle: undefined };
    const limits = {
      maxLeverage: config?.maxLeverage ?? 1,
      maxLongOi: config?.maxLongOi ?? 1n,
      maxShortOi: config?.maxShortOi ?? 1n,
      maxSkewBps: config?.maxSkewBps ?? 1,
      maxUtilisationBps: config?.maxUtilisationBps ?? 1,
      maxEmaDivergenceBps: oracle?.maxEmaDivergenceBps ?? 1,
    };
    return managed('riskManager', () => [{ ...limits, ...(action.change as Members | undefined) }])(world, action);
  },
  proposeChange: (world, action) => {
    const { kind, value, market } = wholeChange(world, action.change);
    const accounts = {
      admin: signerKey(world, action, 'admin'),
      proposal: proposalKey(exchangeOf(world)?.proposalCount ?? 0n),
      ...holdersOf(kind, market, action.without),
    };
    return { accounts, args: [{ change: { [kind]: value } }], agreed: [] };
  },
  cancelChange: (world, action) => ({
    accounts: {
      authority: signerKey(world, action, 'riskManager'),
      proposal: proposalKey(action.number ?? 0n),
      rentPayer: roles.payer,
    },
    args: [],
    agreed: [],
  }),
  withdrawTreasury: (world, action) => ({
    accounts: {
      treasuryAuthority: signerKey(world, action, 'treasuryAuthority'),
      destination: world.treasuryTokens,
    },
    args: [{ amount: action.amount ?? 0n }],
    agreed: [],
  }),
  migrateAccount: (world, { account = 'userAccount', ...where }) => ({
    accounts: { account: world.agedKey({ account, ...where }) },
    args: [],
    agreed: [],
  }),
  executeChange: (world, action) => {
    const { kind, market } = waiting(world, action.number ?? 0n);
    const accounts = { proposal: proposalKey(action.number ?? 0n), rentPayer: roles.payer };
    return { accounts: { ...accounts, ...holdersOf(kind, market, action.without) }, args: [], agreed: [] };
  },
} satisfies Record<string, Build>;
