/** What must hold after every command, over random sequences of the pure transitions. */
import { expect, test } from 'vitest';
import { FINE_VALUE_PER_QUOTE } from '#shared/money/units.ts';
import { equityQ, equityQCapped, isLiquidatable } from '#shared/perps/equity.ts';
import { reserved } from '#shared/perps/reserve.ts';
import type { MarketState, OraclePrice, PositionState } from '#shared/perps/types.ts';
import type { ParityAnswer } from './functions.ts';
import { Random } from './random.ts';
import { TOTALS_FIELDS, big } from './records.ts';
import { type Trader, World, type WorldKind } from './world.ts';

const commandsPerWorld = 120;
const worldsPerKind = 40;

interface Snapshot {
  readonly market: MarketState;
  readonly traders: readonly Trader[];
  readonly total: bigint;
}

interface Step {
  readonly kind: WorldKind;
  readonly fn: string;
  readonly done: ParityAnswer;
  readonly oracle: OraclePrice;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** The commanding trader, before and after. */
  readonly was: Trader;
  readonly is: Trader;
}

const snapshot = (world: World): Snapshot => ({
  market: world.market,
  traders: world.traders.map((trader) => ({ ...trader })),
  total: world.total(),
});

function record(kind: WorldKind, seed: number): Step[] {
  const world = new World(new Random(seed), kind);
  return Array.from({ length: commandsPerWorld }, () => {
    if (world.random.chance(0.4)) world.tick();
    const before = snapshot(world);
    const { item, done, trader } = world.step();
    const after = snapshot(world);
    const index = world.traders.indexOf(trader);
    const [was, is] = [before.traders[index], after.traders[index]];
    if (was === undefined || is === undefined) throw new Error('a trader is missing');
    return { kind, fn: item.fn, done, oracle: world.oracle, before, after, was, is };
  });
}

const seeds = Array.from({ length: worldsPerKind }, (_, i) => i + 1);
const steps = (['plain', 'complete'] as const).flatMap((kind) => seeds.flatMap((seed) => record(kind, seed)));
const succeeded = (fn: string): Step[] => steps.filter((step) => step.fn === fn && 'output' in step.done);

/** Steps that break a rule, in words; at least `least` must have been examined. */
function breaches(examined: readonly Step[], holds: (step: Step) => boolean, least = 50): string[] {
  expect(examined.length).toBeGreaterThanOrEqual(least);
  return examined.filter((step) => !holds(step)).map(({ kind, fn, done }) => `${kind} ${fn}: ${JSON.stringify(done)}`);
}

const isUnhealthy = (position: PositionState, market: MarketState, { price }: OraclePrice): boolean =>
  isLiquidatable(position, market, price, market.config.maintenanceMarginBps);

test('no command creates or loses a unit of money', () => {
  expect(breaches(steps, ({ before, after }) => before.total === after.total)).toEqual([]);
});

test('the sums of a side are the sums of its positions', () => {
  const addsUp = ({ after: { market, traders } }: Step): boolean =>
    (['long', 'short'] as const).every((side) => {
      const positions = traders.map(({ position }) => position).filter((position) => position.side === side);
      return TOTALS_FIELDS.every(
        (field) => market[side][field] === positions.reduce((sum, position) => sum + position[field], 0n),
      );
    });
  expect(breaches(steps, addsUp)).toEqual([]);
});

test('a flat position holds nothing', () => {
  const closed = steps.filter(({ is }) => is.position.size === 0n);
  expect(breaches(closed, ({ is }) => TOTALS_FIELDS.every((field) => is.position[field] === 0n))).toEqual([]);
});

test('an opening leaves the reserves within the utilisation of the backing', () => {
  const within = ({ after: { market } }: Step): boolean =>
    reserved(market) * 10_000n <= market.backing * market.config.maxUtilisationBps;
  expect(breaches(succeeded('open'), within)).toEqual([]);
});

test('what opens, increases or gives margin back stays healthy', () => {
  const risky = [...succeeded('open'), ...succeeded('remove_margin')];
  expect(breaches(risky, ({ is, after, oracle }) => !isUnhealthy(is.position, after.market, oracle))).toEqual([]);
});

test('only unhealthy positions are liquidated, and always with insurance at hand', () => {
  const attempts = steps.filter(({ fn }) => fn === 'liquidate');
  const asExpected = ({ was, before, oracle, done }: Step): boolean => {
    const unhealthy = was.position.size > 0n && isUnhealthy(was.position, before.market, oracle);
    if ('output' in done) return unhealthy;
    return unhealthy ? done.error === 'NeedsInsurance' : ['NotLiquidatable', 'PositionFlat'].includes(done.error);
  };
  expect(breaches(attempts, asExpected)).toEqual([]);
});

test('what a partial liquidation or a reduction leaves is healthy', () => {
  const remaining = [...succeeded('liquidate'), ...succeeded('reduce')].filter(({ is }) => is.position.size > 0n);
  expect(remaining.some(({ fn }) => fn === 'liquidate')).toBe(true);
  expect(breaches(remaining, ({ is, after, oracle }) => !isUnhealthy(is.position, after.market, oracle))).toEqual([]);
});

test('settlement changes neither equity nor reserve', () => {
  const unchanged = ({ was, is, before, after, oracle: { price } }: Step): boolean =>
    equityQ(was.position, before.market, price) === equityQ(is.position, after.market, price) &&
    was.position.reserve === is.position.reserve;
  expect(breaches(succeeded('settle'), unchanged)).toEqual([]);
});

test("nobody else's position or collateral changes", () => {
  const othersStand = ({ was, before, after }: Step): boolean =>
    before.traders.every((trader, index) => {
      const now = after.traders[index];
      return trader === was || (now?.position === trader.position && now.collateral === trader.collateral);
    });
  expect(breaches(steps, othersStand)).toEqual([]);
});

test('a reduction or liquidation never leaves its trader more than the position was worth', () => {
  const reduced = [...succeeded('reduce'), ...succeeded('liquidate'), ...succeeded('close_capped')];
  const worth = ({ position }: Trader, { market }: Snapshot, { price }: OraclePrice): bigint =>
    position.size === 0n ? 0n : equityQCapped(position, market, price);
  const noGain = ({ was, is, before, after, oracle, done }: Step): boolean => {
    if (!('output' in done)) return false;
    const released = big(done.output, 'margin_released');
    return worth(is, after, oracle) + released * FINE_VALUE_PER_QUOTE <= worth(was, before, oracle);
  };
  const withoutBadDebt = reduced.filter(({ done }) => 'output' in done && big(done.output, 'bad_debt') === 0n);
  expect(breaches(withoutBadDebt, noGain)).toEqual([]);
});
