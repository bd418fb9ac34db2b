/** Trades, margin, liquidations and settlements of a sequence. */
import type { Instruction } from './action.ts';
import type { Choice, Planned, Scene } from './generator.ts';
import { initialMarkets } from './setup.ts';
import {
  type Place,
  collateralOf,
  activeKeeper,
  isCapped,
  isDelegated,
  isUnhealthy,
  openPlace,
  priceNow,
} from './survey.ts';

const valuePerQuote = 10n ** 10n;

type Signing = Pick<Instruction, 'self' | 'keeper' | 'seq' | 'within' | 'other'>;

/** A keeper that may act; keeper 0 needs no mention. */
function keeperNow(world: Scene['world']): Pick<Instruction, 'keeper'> {
  const keeper = activeKeeper(world);
  return keeper === 0 ? {} : { keeper };
}

/** Who signs and for which moment: right nearly always. */
export function signing({ world, random }: Scene, who: number): Signing {
  const self = !isDelegated(world, who) || random.chance(25);
  const honest: Signing = { ...keeperNow(world), ...(self ? { self } : {}) };
  switch (random.int(0, 99)) {
    case 0:
      return { ...honest, keeper: random.pick([-1, -2, 2, 3]) };
    case 1:
      return { ...honest, seq: random.pick([-1n, 1n, 5n]) };
    case 2:
      return { self: true, other: random.int(0, world.people.length - 1) };
    case 3:
      return { ...honest, within: random.big(-2n, 5n) };
    case 4:
      return {};
    default:
      return honest;
  }
}

/** A worst price that binds where it is set, near the present one. */
export function worstOf({ world, random }: Scene, market: number): Pick<Instruction, 'worst'> {
  if (random.chance(80)) return {};
  const price = priceNow(world, market);
  return { worst: price + (price * random.big(-30n, 30n)) / 10_000n };
}

/** A size that this person's collateral carries at this leverage, nearly always. */
export function affordableSize(scene: Scene, who: number, market: number, leverage: number): bigint {
  const { world, random } = scene;
  if (random.chance(3)) return random.magnitude(1n, 2n ** 64n - 1n);
  const price = priceNow(world, market);
  const spent = random.magnitude(1_000_000n, collateralOf(world, who) + 2_000_000n);
  return (((spent * BigInt(leverage)) / 100n) * valuePerQuote) / (price > 0n ? price : 1n) + 1n;
}

export function leverageOf({ world, random }: Scene, market: number): number {
  const max = world.accounts.get('market', world.market(market).key).config.maxLeverage * 100;
  if (random.chance(2)) return random.pick([0, 99, max + 1]);
  return random.chance(30) ? max : random.int(100, max);
}

function open(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const who = random.int(0, world.people.length - 1);
  const market = scene.market();
  const held = world.accounts.find('position', world.position(who, market));
  const along = held !== undefined && held.state.size > 0n && random.chance(90);
  const side = along && 'short' in held.state.side ? 'short' : along || random.chance(50) ? 'long' : 'short';
  const leverage = leverageOf(scene, market);
  const size = along && random.chance(15) ? random.big(1n, 100n) : affordableSize(scene, who, market, leverage);
  const create: Instruction[] = held === undefined ? [{ do: 'createPosition', who, market }] : [];
  const trade: Instruction = { do: 'openPosition', who, market, side, size, leverage };
  return [...create, { ...trade, ...signing(scene, who), ...worstOf(scene, market) }];
}

/** A part of a position, seldom more than it is. */
export function partOf({ random }: Scene, { position }: Place): Pick<Instruction, 'size'> {
  const { size } = position.state;
  if (random.chance(45)) return {};
  if (random.chance(3)) return { size: random.magnitude(1n, size * 2n + 1n) };
  return { size: random.chance(15) ? random.big(1n, 50n) : random.big(1n, size) };
}

function close(scene: Scene): readonly Instruction[] {
  const place = openPlace(scene);
  if (place === undefined) return [];
  const { who, market } = place;
  const insured = scene.random.chance(80);
  const part = partOf(scene, place);
  return [{ do: 'closePosition', who, market, insured, ...part, ...signing(scene, who), ...worstOf(scene, market) }];
}

function margin(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const place = openPlace(scene);
  if (place === undefined) return [];
  const { who, market, position } = place;
  if (random.chance(50)) {
    const amount = random.magnitude(0n, collateralOf(world, who) + 1n);
    const keeper = random.chance(30) ? { keeper: -2 } : {};
    return [{ do: 'addMargin', who, market, amount, ...keeper, ...signing(scene, who) }];
  }
  const amount = random.magnitude(0n, position.state.margin + 1n);
  return [{ do: 'removeMargin', who, market, amount, ...signing(scene, who) }];
}

/** Tries a liquidation: half of the time of somebody who can be liquidated, where there is one. */
function liquidate(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const unhealthy = random.chance(70) ? openPlace(scene, (place) => isUnhealthy(world, place)) : undefined;
  const place = unhealthy ?? (random.chance(40) ? openPlace(scene) : undefined);
  if (place === undefined) return [];
  const { who, market } = place;
  const other = random.chance(60) ? { other: random.int(0, world.people.length - 1) } : {};
  const keeper = random.chance(40) ? { keeper: random.pick([-2, -2, -2, -1, 1, 2]) } : keeperNow(world);
  return [{ do: 'liquidatePosition', who, market, insured: random.chance(85), ...other, ...keeper }];
}

/** A net trade: any side and size, so that many of them flip. */
function trade(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const place = random.chance(70) ? openPlace(scene) : undefined;
  const who = place?.who ?? random.int(0, world.people.length - 1);
  const market = place?.market ?? scene.market();
  const leverage = leverageOf(scene, market);
  const more = affordableSize(scene, who, market, leverage);
  const size = place !== undefined && random.chance(60) ? place.position.state.size + more : more;
  const side = random.chance(50) ? 'long' : 'short';
  const insured = random.chance(80);
  return [
    { do: 'trade', who, market, side, size, leverage, insured, ...signing(scene, who), ...worstOf(scene, market) },
  ];
}

/** Asks to be closed; half of the time the world is given time to do it. */
function requestClose(scene: Scene): readonly Planned[] {
  const { random } = scene;
  const place = openPlace(scene);
  if (place === undefined) return [];
  const { who, market } = place;
  const other = random.chance(3) ? { other: anyPerson(scene) } : {};
  const asked: Instruction = { do: 'requestClose', who, market, ...other };
  const execute: Instruction = { do: 'executeCloseRequest', who, market, insured: random.chance(90) };
  return [asked, ...(random.chance(60) ? [scene.pass(random.big(0n, 18n)), scene.priced(market), execute] : [])];
}

/** Closes a position that can win nothing more; now and then one that can. */
function closeCapped(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const place =
    openPlace(scene, (candidate) => isCapped(world, candidate)) ?? (random.chance(10) ? openPlace(scene) : undefined);
  if (place === undefined) return [];
  const keeper = random.pick([-2, -2, activeKeeper(world), activeKeeper(world), -1]);
  return [{ do: 'closeCapped', who: place.who, market: place.market, keeper, insured: random.chance(90) }];
}

function settlePosition(scene: Scene): readonly Instruction[] {
  const place = openPlace(scene);
  return place === undefined ? [] : [{ do: 'settlePosition', who: place.who, market: place.market }];
}

function settleMarket(scene: Scene): readonly Instruction[] {
  const market = scene.market();
  return scene.starved && market === initialMarkets - 1 ? [] : [{ do: 'settleMarket', market }];
}

/** Pays somebody what he is owed, where anybody is. */
function payOwed(scene: Scene): readonly Instruction[] {
  const { world, random } = scene;
  const owed = world.openMarkets.filter(({ key }) => world.accounts.get('market', key).payoutsOwed > 0n);
  const [first] = owed;
  const market = first?.index ?? scene.market();
  const creditors = world.people.flatMap((_, who) =>
    (world.accounts.find('position', world.position(who, market))?.payoutOwed ?? 0n) > 0n ? [who] : [],
  );
  if (creditors.length === 0 && random.chance(80)) return [];
  const who = creditors.length === 0 ? anyPerson(scene) : random.pick(creditors);
  return [{ do: 'payOwed', who, market, insured: random.chance(60) }];
}

const anyPerson = ({ world, random }: Scene): number => random.int(0, world.people.length - 1);

export const tradingMenu: readonly Choice[] = [
  { weight: 28, make: open },
  { weight: 18, make: close },
  { weight: 10, make: margin },
  { weight: 14, make: liquidate },
  { weight: 14, make: trade },
  { weight: 2, make: requestClose },
  { weight: 5, make: closeCapped },
  { weight: 7, make: settlePosition },
  { weight: 2, make: payOwed },
  { weight: 1, make: (scene) => [{ do: 'refreshMarket', market: scene.market() }] },
  { weight: 4, make: settleMarket },
  {
    weight: 1,
    make: (scene) => [
      { do: 'createPosition', who: scene.random.int(0, scene.world.people.length - 1), market: scene.market() },
    ],
  },
];
