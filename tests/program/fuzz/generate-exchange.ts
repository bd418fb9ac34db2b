/** What the roles of the exchange do in a sequence, and what others try in their place. */
import type { Instruction, SignerRole } from './action.ts';
import { proposalKey } from './build-exchange.ts';
import type { Value } from './codec.ts';
import type { Choice, Planned, Scene } from './generator.ts';
import { roles, singleton } from './world.ts';

/** Every bit of an operation that can be paused. */
const pauseBits = 31n;
const statuses: readonly Value[] = [{ active: {} }, { reduceOnly: {} }, { halted: {} }];

/** Somebody without the role signs, seldom. */
function signer({ random }: Scene): Pick<Instruction, 'signer'> {
  const others: readonly SignerRole[] = ['admin', 'otherAdmin', 'riskManager', 'treasuryAuthority', 'stranger'];
  return random.chance(10) ? { signer: random.pick(others) } : {};
}

const paused = (scene: Scene): bigint =>
  BigInt(scene.world.accounts.find('exchange', singleton('exchange'))?.pausedOperations ?? 0);

/** Members of a market's parameters that change, one at a time. */
const configChanges: readonly ((scene: Scene) => Value)[] = [
  ({ random }) => ({ payoffCapBps: random.pick([100, 300, 1_000, 3_000, 10_000]) }),
  ({ random }) => ({ minLiquidationBps: random.pick([1, 500, 5_000, 10_000]) }),
  ({ random }) => ({ liquidationTargetBps: random.pick([10_001, 12_000, 20_000]) }),
  ({ random }) => ({ feeBps: random.pick([1, 2, 5, 10]) }),
  ({ random }) => ({ kBps: random.pick([0, 5_000, 20_000]) }),
  ({ random }) => ({ weightBps: random.pick([0, 50, 1_000, 3_000, 5_000]) }),
  ({ random }) => ({ maxUtilisationBps: random.pick([1_000, 5_000, 8_000]) }),
  ({ random }) => ({ maintenanceMarginBps: random.pick([120, 240, 450]), liquidationFeeBps: random.pick([40, 100]) }),
  ({ random }) => ({ maxLeverage: random.pick([2, 10, 20, 50]) }),
  ({ random }) => ({ maxFundingRate: random.pick([0n, 1_000_000n, 1_000_000_000n]) }),
  ({ random }) => ({
    borrowBase: random.pick([0n, 10_000n, 10_000_000n]),
    borrowSlope: random.pick([0n, 100_000_000n]),
  }),
  ({ random }) => ({ skewScale: random.pick([0n, 10n ** 13n, 10n ** 14n, 10n ** 15n]) }),
  ({ random }) => ({ keeperShareBps: random.pick([0, 5_000, 10_000]), keeperRewardMin: random.pick([0n, 5_000n]) }),
  ({ random }) => ({
    minSettleQuote: random.pick([0n, 1n, 100_000n]),
    maxAccrualSeconds: random.pick([0, 60, 86_400]),
  }),
  ({ random }) => ({ minPositionNotional: random.pick([10_000_000n, 100_000_000n, 1_000_000_000n]) }),
];

const oracleChanges: readonly ((scene: Scene) => Value)[] = [
  ({ random }) => ({ maxStalenessSeconds: random.pick([4, 5, 30, 60]) }),
  ({ random }) => ({ maxConfidenceBps: random.pick([10, 100, 500]) }),
  ({ random }) => ({ maxEmaDivergenceBps: random.pick([500, 3_000, 10_000]), minSignatures: random.pick([1, 5, 13]) }),
];

function changeOf(scene: Scene): Value {
  const { random } = scene;
  switch (random.int(0, 9)) {
    case 0:
      return {
        exchangeLimits: {
          timeLockSeconds: random.pick([600, 3_600, 7_200]),
          poolDelaySeconds: random.pick([60, 90]),
          lpFeeBps: random.int(0, 100),
        },
      };
    case 1: {
      const cap = random.pick([0n, 10n ** 9n, 10n ** 11n, 10n ** 12n]);
      return { outflowLimits: { cap, windowSeconds: random.pick([3_600, 86_400]), floor: 100_000_000n } };
    }
    case 2:
      return { insuranceTopup: { capPerHour: random.pick([0n, 1_000_000n, 10n ** 9n]) } };
    case 3:
      return { roles: { riskManager: roles.riskManager, treasuryAuthority: roles.treasuryAuthority } };
    case 4:
      return { marketOracle: { marketIndex: scene.market(), oracle: random.pick(oracleChanges)(scene) } };
    default:
      return { marketConfig: { marketIndex: scene.market(), config: random.pick(configChanges)(scene) } };
  }
}

/** Numbers of the proposals that wait. */
const waitingIds = ({ world }: Scene): bigint[] => world.accounts.all('proposal').map(({ content }) => content.id);

/** Executes a proposal, as its executor does: after its time lock, its market settled in the same second. */
function executeChange(scene: Scene): readonly Planned[] {
  const { random, world } = scene;
  const ids = waitingIds(scene);
  const number = ids.length === 0 || random.chance(3) ? random.big(0n, 20n) : random.pick(ids);
  const proposal = world.accounts.find('proposal', proposalKey(number));
  const execute: Instruction = { do: 'executeChange', number, ...(random.chance(3) ? { without: true } : {}) };
  if (proposal === undefined || random.chance(20)) return [execute];
  const wait = proposal.executableFrom - world.vm.now;
  const change = proposal.change as unknown as { readonly [kind: string]: { readonly marketIndex?: number } };
  const market = Object.values(change)[0]?.marketIndex;
  const settled: Planned[] =
    market === undefined ? [] : [scene.priced(market), { do: 'settleMarket', market } satisfies Instruction];
  return [scene.pass(wait > 0n ? wait : 0n), ...settled, execute];
}

function tighten(scene: Scene): readonly Instruction[] {
  const { random, world } = scene;
  const market = scene.market();
  const account = world.accounts.get('market', world.market(market).key);
  const { maxLongOi, maxShortOi, maxUtilisationBps, maxLeverage } = account.config;
  const lower = (value: bigint): bigint => (value * random.big(90n, 101n)) / 100n;
  const change = random.pick<Value>([
    { maxLongOi: lower(maxLongOi), maxShortOi: lower(maxShortOi) },
    { maxUtilisationBps: Number(lower(BigInt(maxUtilisationBps))) },
    { maxLeverage: maxLeverage - random.int(-1, 1) },
    {},
  ]);
  return [{ do: 'tightenMarket', market, change, ...signer(scene) }];
}

/** The admin role goes over and comes back, so that it stays with one of the two. */
function adminChange(scene: Scene): readonly Planned[] {
  const { random } = scene;
  const propose: Instruction = {
    do: 'proposeAdmin',
    ...(random.chance(30) ? { without: true } : {}),
    ...signer(scene),
  };
  return random.chance(50) ? [propose] : [{ do: 'acceptAdmin', ...signer(scene) }];
}

export const exchangeMenu: readonly Choice[] = [
  { weight: 0.1, make: () => [{ do: 'initializeExchange' }] },
  {
    weight: 0.2,
    make: (scene) => {
      const market = scene.random.int(0, scene.world.markets.length - 1);
      // With shares in the pool a market starts without weight; a proposal gives it one.
      const change = scene.random.chance(80) ? { change: { weightBps: 0 } } : {};
      return [{ do: 'createMarket', market, ...change, ...signer(scene) }];
    },
  },
  { weight: 0.4, make: adminChange },
  {
    weight: 0.4,
    make: (scene) => [{ do: 'pauseOperations', number: scene.random.big(0n, pauseBits + 1n), ...signer(scene) }],
  },
  {
    // Nothing stays paused for long, or a sequence would only be refused.
    weight: 2,
    make: (scene) => (paused(scene) === 0n ? [] : [{ do: 'resumeOperations', number: pauseBits, ...signer(scene) }]),
  },
  {
    weight: 0.2,
    make: (scene) => [
      { do: 'setMarketStatus', market: scene.market(), change: scene.random.pick(statuses), ...signer(scene) },
    ],
  },
  {
    weight: 1.5,
    make: (scene) => [{ do: 'setMarketStatus', market: scene.market(), change: { active: {} }, ...signer(scene) }],
  },
  { weight: 0.4, make: tighten },
  {
    weight: 0.6,
    make: (scene) => {
      const balance = scene.world.accounts.find('treasury', singleton('treasury'))?.balance ?? 0n;
      return [{ do: 'withdrawTreasury', amount: scene.random.magnitude(0n, balance + 1n), ...signer(scene) }];
    },
  },
  { weight: 0.5, make: (scene) => [{ do: 'addKeeper', keeper: scene.random.int(0, 4), ...signer(scene) }] },
  { weight: 0.15, make: (scene) => [{ do: 'removeKeeper', keeper: scene.random.int(0, 4), ...signer(scene) }] },
  {
    weight: 1,
    make: (scene) => [
      {
        do: 'proposeChange',
        change: changeOf(scene),
        ...(scene.random.chance(3) ? { without: true } : {}),
        ...signer(scene),
      },
    ],
  },
  {
    weight: 0.2,
    make: (scene) => [{ do: 'cancelChange', number: scene.random.pick([0n, ...waitingIds(scene)]), ...signer(scene) }],
  },
  { weight: 1, make: executeChange },
];
