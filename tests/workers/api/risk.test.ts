import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PositionDto } from '#shared/protocol/positions.ts';
import type { BalanceDto } from '#shared/protocol/portfolio.ts';
import type { LiquidatablePositionDto, PositionHealthDto, RiskHealthDto } from '#shared/protocol/risk.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { marketObject, solPriceIs } from '../risk/market-control.ts';
import { call } from './caller.ts';
import { ApiTrader, type Plain } from './trader.ts';

type Health = Plain<Omit<RiskHealthDto, 'account' | 'positions'>> & {
  readonly account: Plain<BalanceDto>;
  readonly positions: readonly Plain<PositionHealthDto>[];
};

const health = (who: ApiTrader): Promise<Health> => who.expect<Health>(200, 'GET', '/api/risk/health');
const liquidatable = async (query = '?symbol=SOL-PERP') =>
  (await call<Plain<LiquidatablePositionDto>[]>('GET', `/api/risk/liquidatable${query}`)).body;
/** Of these traders alone: other tests leave positions behind. */
const listedOf = async (...traders: readonly ApiTrader[]) =>
  (await liquidatable()).filter(({ owner }) => traders.some(({ address }) => address === owner));
const keeper = (off: boolean) =>
  marketObject().setSwitch({ operation: 'liquidate', off, by: 'operator', reason: 'a test' });

/** The health of the one position, once it is of a price. */
const healthAt = (who: ApiTrader, price: number) =>
  until(`the health at ${price}`, async () => {
    const answer = await health(who);
    const [position] = answer.positions;
    return position?.current_price === price && { ...answer, position };
  });

const positionsOf = (who: ApiTrader) => who.expect<Plain<PositionDto>[]>(200, 'GET', '/api/trading/positions');

/** What is owed grows by the second, and the price that liquidates with it: one read between two others lies between them. */
function expectBetween(value: number | null | undefined, ...ends: readonly (number | null | undefined)[]): void {
  const figures = ends.map((end) => end ?? Number.NaN);
  expect(value).toBeGreaterThanOrEqual(Math.min(...figures));
  expect(value).toBeLessThanOrEqual(Math.max(...figures));
}

describe('the risk of a position', () => {
  let trader: ApiTrader;
  beforeAll(async () => {
    await solPriceIs(150n);
    // So that the position stays where the price leaves it.
    await keeper(true);
    trader = await ApiTrader.open(1_000);
    await trader.place({ quantity: 10, leverage: 20 });
  });
  afterAll(async () => {
    await keeper(false);
    await resetHermes();
  });

  it('is told to its owner as it is kept on chain, from healthy over warned to liquidatable', async () => {
    const [before] = await positionsOf(trader);
    const calm = await healthAt(trader, 150);
    const [held] = await positionsOf(trader);
    const { position } = calm;
    expect(position).toMatchObject({ id: held?.id, side: 'long', size: 10, state: 'healthy', maintenance_ratio: 0.01 });
    expectBetween(position.liquidation_price, before?.liquidation_price, held?.liquidation_price);
    expect(position.notional).toBe(1_500);
    expect(position.maintenance_margin).toBe(15);
    expect(position.margin_ratio).toBeCloseTo((position.equity ?? 0) / 1_500, 3);
    const distance = (150 - (position.liquidation_price ?? 0)) / 150;
    expect(position.distance).toBeCloseTo(distance, 3);
    expect([calm.equity, calm.maintenance_margin]).toEqual([position.equity, position.maintenance_margin]);
    const balance = await trader.expect<Plain<BalanceDto>>(200, 'GET', '/api/portfolio/balance');
    expect(calm.account.available_balance).toBe(balance.available_balance);

    await solPriceIs('144.6');
    const warned = (await healthAt(trader, 144.6)).position;
    expect(warned.state).toBe('warning');
    expect(warned.margin_ratio).toBeGreaterThanOrEqual(0.01);
    expect(await listedOf(trader)).toEqual([]);

    await solPriceIs('143.9');
    const lost = (await healthAt(trader, 143.9)).position;
    expect(lost.state).toBe('liquidatable');
    expect(lost.margin_ratio).toBeLessThan(0.01);
    expect(lost.distance).toBeLessThan(0);
  });

  it('is told to anyone who may liquidate it, with the figures of its owner, the riskiest first', async () => {
    await solPriceIs('144.8');
    const later = await ApiTrader.open(1_000);
    await later.place({ quantity: 10, leverage: 20 });
    await solPriceIs('138');
    const own = (await healthAt(trader, 138)).position;
    const found = await until('both are listed', async () => {
      const all = await listedOf(trader, later);
      return all.length === 2 && all.every(({ price }) => price === 138) && all;
    });
    expect(found.map(({ owner }) => owner)).toEqual([trader.address, later.address]);
    const [first] = found;
    expect(first).toMatchObject({
      symbol: 'SOL-PERP',
      side: 'long',
      size: 10,
      maintenance_margin: own.maintenance_margin,
    });
    const since = (await healthAt(trader, 138)).position;
    expectBetween(first?.liquidation_price, own.liquidation_price, since.liquidation_price);
    expect(first?.equity).toBeCloseTo(own.equity ?? 0, 2);
    expect(await liquidatable('?symbol=SOL-PERP&limit=1')).toHaveLength(1);
    expect(await liquidatable('?symbol=BTC-PERP')).toEqual([]);
    await solPriceIs(150n);
    await until('nobody is listed', async () => (await listedOf(trader, later)).length === 0);
  });

  it('is nobody’s business without a sign-in, and of nobody else with one', async () => {
    expect((await call('GET', '/api/risk/health')).status).toBe(401);
    const stranger = await ApiTrader.signedIn();
    expect((await health(stranger)).positions).toEqual([]);
  });
});
