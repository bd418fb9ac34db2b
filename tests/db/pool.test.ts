import { expect, it } from 'vitest';
import { price, quote } from '#shared/money/units.ts';
import { createPoolRepository } from '#db/repositories/pool.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';

const at = Date.UTC(2025, 5, 12, 20, 0, 0);

describeOnDatabases('the pool over time', (get) => {
  const pool = () => createPoolRepository(get().database);
  const noted = (minutes: number, sharePrice: bigint) => ({
    ...{ sharePrice: price(sharePrice), totalShares: quote(7n), equity: quote(8n) },
    snapshotTimeMs: at + minutes * 60_000,
  });

  it('keeps the first snapshot of a moment, and gives the last of each interval, newest first, page by page', async () => {
    for (const [minutes, sharePrice] of [
      [0, 100n],
      [5, 101n],
      [60, 102n],
      [65, 103n],
      [125, 104n],
    ] as const)
      await pool().record(noted(minutes, sharePrice));
    await pool().record(noted(65, 999n));
    const all = (await pool().history({ bucketSeconds: 3_600 })).rows;
    expect(all.map(({ sharePrice }) => sharePrice)).toEqual([104n, 103n, 101n]);
    expect(all[1]).toEqual(noted(65, 103n));
    const first = await pool().history({ bucketSeconds: 3_600, limit: 2 });
    expect(first.rows).toEqual(all.slice(0, 2));
    const second = await pool().history({ bucketSeconds: 3_600, limit: 2, cursor: first.nextCursor });
    expect(second).toEqual({ rows: all.slice(2), nextCursor: null });
  });

  it('keeps what is older than asked as the last of each hour, the rest as it was noted, and does so once', async () => {
    const days = 86_400_000;
    const minutes = [0, 5, 55, 60, 115, 125].map((minute) => minute + (10 * days) / 60_000);
    for (const minute of minutes) await pool().record(noted(minute, 100n));
    const from = at + 10 * days;
    const kept = async () =>
      (await pool().history({ bucketSeconds: 300 })).rows
        .map(({ snapshotTimeMs }) => (snapshotTimeMs - from) / 60_000)
        .filter((minute) => minute >= 0);
    await pool().thinOut(from);
    expect(await kept()).toEqual([125, 115, 60, 55, 5, 0]);
    expect(await pool().thinOut(from + 2 * 3_600_000)).toBe(3);
    expect(await pool().thinOut(from + 2 * 3_600_000)).toBe(0);
    expect(await kept()).toEqual([125, 115, 55]);
  });
});
