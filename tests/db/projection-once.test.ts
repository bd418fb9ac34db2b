import { beforeEach, expect, it } from 'vitest';
import type { IndexedEvent } from '#shared/events.ts';
import { createFillRepository } from '#db/repositories/fills.ts';
import { createPositionRepository } from '#db/repositories/positions.ts';
import { createProjectionRepository, eventsPerSliceMax } from '#db/repositories/projection.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { userIdOf } from '../../workers/platform/ids.ts';
import { positionAddressOf, price8, quote6, size8 } from './position-events.ts';
import { aLife, aTrader, noRows, projectedRows } from './projected-rows.ts';

describeOnDatabases('the projection', (get) => {
  const repositories = () => {
    const { database } = get();
    return {
      projection: createProjectionRepository(database, positionAddressOf),
      positions: createPositionRepository(database),
      fills: createFillRepository(database),
    };
  };
  const allRows = () => projectedRows(get().database);

  beforeEach(async () => repositories().projection.reset());

  it('applies an event once, however often and in whatever slices it is given', async () => {
    const { projection } = repositories();
    const { events } = aLife(aTrader());
    await projection.apply(events);
    const once = await allRows();
    expect(await projection.apply(events)).toEqual({ applied: 0, skipped: events.length, held: [] });
    expect(await allRows()).toEqual(once);

    await projection.reset();
    expect(await allRows()).toEqual(noRows);
    for (let end = 1; end <= events.length; end++) await projection.apply(events.slice(Math.max(0, end - 3), end));
    expect(await allRows()).toEqual(once);
  });

  it('applies an event once when two writers apply the same at the same time', async () => {
    const { projection } = repositories();
    const { events } = aLife(aTrader());
    const results = await Promise.all([1, 2, 3].map(() => projection.apply(events)));
    expect(results.reduce((sum, { applied }) => sum + applied, 0)).toBe(events.length);
    const concurrently = await allRows();
    await projection.reset();
    await projection.apply(events);
    expect(await allRows()).toEqual(concurrently);
  });

  it('applies each event once while a second writer follows the first, event by event', async () => {
    const { projection } = repositories();
    const { events } = aLife(aTrader());
    const follow = async (): Promise<number> => {
      let applied = 0;
      for (let end = 1; end <= events.length; end++) applied += (await projection.apply(events.slice(0, end))).applied;
      return applied;
    };
    const both = await Promise.all([follow(), follow(), follow()]);
    expect(both.reduce((sum, applied) => sum + applied, 0)).toBe(events.length);
    const followed = await allRows();
    await projection.reset();
    await projection.apply(events);
    expect(await allRows()).toEqual(followed);
  });

  it('holds a stream at a hole and goes on where it closes, without holding up other traders', async () => {
    const { projection, positions } = repositories();
    const [first, second] = [aLife(aTrader()), aLife(aTrader())];
    const withHole = first.events.filter((_event, index) => index !== 4);
    const result = await projection.apply([...withHole, ...second.events]);
    expect(result.applied).toBe(4 + second.events.length);
    expect(result.held).toHaveLength(4);
    expect(result.held[0]).toMatchObject({ stream: `account:${first.owner}`, expectedSeq: 4n, seq: 5n });
    expect((await positions.list(userIdOf(first.owner), {})).rows[0]).toMatchObject({
      size: size8(10),
      isActive: true,
    });

    expect(await projection.apply(first.events)).toMatchObject({ applied: 5, skipped: 4, held: [] });
    expect((await positions.list(userIdOf(first.owner), {})).rows[0]).toMatchObject({ isActive: false });
    const stream = `position:${first.owner}:SOL-PERP`;
    expect(await projection.nextSeqs([stream])).toEqual(new Map([[stream, 8n]]));
  });

  it('refuses another event under a number that was applied, and keeps what is there', async () => {
    const { projection } = repositories();
    const { events } = aLife(aTrader());
    await projection.apply(events.slice(0, 4));
    const before = await allRows();
    const fork: IndexedEvent = { ...(events[3] as IndexedEvent), signature: 'fork' };
    await expect(projection.apply([fork, ...events.slice(4)])).rejects.toThrow(/belongs to another event/);
    expect(await allRows()).toEqual(before);
  });

  it('applies nothing of a batch with an event it cannot read, naming the field', async () => {
    const { projection } = repositories();
    const { events } = aLife(aTrader());
    const broken = events.map((event) =>
      event === events[5] ? { ...event, data: { ...event.data, openedSeq: 'one' } } : event,
    );
    await expect(projection.apply(broken)).rejects.toThrow(/MarginChanged\.openedSeq is not an integer/);
    expect(await allRows()).toEqual(noRows);
  });

  it('applies more events than one transaction takes', async () => {
    const { projection, fills } = repositories();
    const trader = aTrader().openAccount().createPosition().increase('long', size8(1), price8(100), quote6(50));
    for (let i = 0; i < eventsPerSliceMax + 20; i++) trader.increase('long', size8(0.01), price8(100 + i), quote6(1));
    expect(await projection.apply(trader.events)).toMatchObject({ applied: trader.events.length, held: [] });

    let [seen, cursor]: [number, string | null] = [0, null];
    do {
      const page = await fills.list(userIdOf(trader.owner), { limit: 50, cursor });
      seen += page.rows.length;
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toBe(eventsPerSliceMax + 21);
  });
});
