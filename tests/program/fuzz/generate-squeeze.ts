/**
 * The rarest state there is, prepared step by step: funding that its receiver took out of the backing before its payers paid it, then
 * a liquidation whose owner is due more than the pool has. Chance alone would not get there in a million instructions.
 */
import type { Action, Instruction } from './action.ts';
import type { Choice, Planned, Scene } from './generator.ts';
import { initialMarkets } from './setup.ts';
import { activeKeeper } from './survey.ts';

/** The market with little backing and the highest rates. */
const market = initialMarkets - 1;
const hour = 3_600n;
const usd = 1_000_000n;
const valuePerQuote = 10n ** 10n;

function squeeze(scene: Scene): readonly Planned[] {
  const { world, random } = scene;
  const first = random.int(0, world.people.length - 1);
  const [payer, receiver, victim] = [0, 1, 2].map((i) => (first + i) % world.people.length) as [number, number, number];
  const account = () => world.accounts.get('market', world.market(market).key);
  const backing = (): bigint => (account().backing > 0n ? account().backing : usd);
  const signed = (action: Instruction): Instruction => ({ ...action, self: true, keeper: activeKeeper(world) });
  /** A trade of so many thousandths of the backing. */
  const opened = (who: number, side: 'long' | 'short', share: bigint, leverage: () => number): Planned => {
    return () => {
      const { price } = account().price;
      const extra = side === 'long' ? 5_000n * usd : 0n;
      const notional = (backing() * share) / 1_000n + extra;
      const size = (notional * valuePerQuote) / (price > 0n ? price : 1n);
      return signed({ do: 'openPosition', who, market, side, size, leverage: leverage() });
    };
  };
  const leverageMax = (): number => account().config.maxLeverage * 100;
  const ready = [payer, receiver, victim].flatMap((who): Planned[] => [
    { do: 'openUserAccount', who },
    { do: 'createPosition', who, market },
    signed({ do: 'closePosition', who, market, insured: true }),
    () => ({ do: 'depositCollateral', who, amount: backing() + 20_000n * usd }),
  ]);
  const drained = [2n, 2n, 4n, 8n, 16n, 32n, 64n, 128n].map((part): Planned => {
    return (): Action => {
      const held = world.accounts.find('position', world.position(receiver, market))?.state.size ?? 0n;
      const insured = random.chance(30);
      return signed({ do: 'closePosition', who: receiver, market, size: held / part + 1n, insured });
    };
  });
  return [
    ...ready,
    ...[scene.pass(1n), scene.priced(market), { do: 'settleMarket', market } satisfies Instruction],
    opened(payer, 'long', 300n, leverageMax),
    opened(receiver, 'short', 300n, () => 200),
    ...[scene.pass(random.big(3n * hour, 5n * hour)), scene.priced(market)],
    opened(victim, 'long', random.big(100n, 500n), leverageMax),
    () => ({ do: 'clock', seconds: (hour * random.big(105n, 125n)) / BigInt(leverageMax()) + 1n }),
    ...[scene.priced(market), { do: 'settlePosition', who: victim, market } satisfies Instruction],
    ...[scene.pass(1n), scene.moved(market, random.big(200n, 700n))],
    ...drained,
    () => ({ do: 'liquidatePosition', who: victim, market, insured: true, keeper: activeKeeper(world) }),
    ...(random.chance(60) ? [{ do: 'settleMarket', market } satisfies Instruction] : []),
    { do: 'payOwed', who: victim, market },
    { do: 'payOwed', who: victim, market, insured: true },
  ];
}

export const squeezeMenu: readonly Choice[] = [{ weight: 0.25, make: squeeze }];
