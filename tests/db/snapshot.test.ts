import { sql } from 'drizzle-orm';
import { expect, it } from 'vitest';
import type { Orm } from '#db/client.ts';
import { DatabaseRefusal } from '#db/errors.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';

const projector = { role: 'projector' } as const;
const lock = (orm: Orm) => orm.execute(sql`select pg_advisory_xact_lock(724)`);
const streamsCounted = (orm: Orm) =>
  orm.execute<{ streams: number }>(sql`select count(*)::int as streams from projection_streams`);

describeOnDatabases('a snapshot', (get) => {
  it('sees one moment, whatever others commit between its statements', async () => {
    const { database } = get();
    for (let round = 0; round < 3; round++) {
      const stream = `account:snapshot-${round}`;
      // The writer holds the lock until it has committed; the reader asks for it between two looks at the table.
      const writing = database.transaction(projector, (orm) => [
        lock(orm),
        orm.execute(sql`select pg_sleep(0.3)`),
        orm.execute(sql`insert into projection_streams (stream, next_seq) values (${stream}, 2)`),
      ]);
      await new Promise((resolve) => setTimeout(resolve, 100));
      const [before, , after] = await database.snapshot(projector, (orm) => [
        streamsCounted(orm),
        lock(orm),
        streamsCounted(orm),
      ]);
      expect(after.rows).toEqual(before.rows);
      await writing;
    }
    await database.transaction(projector, (orm) => [
      orm.execute(sql`delete from projection_streams where stream like 'account:snapshot-%'`),
    ]);
  });

  it('writes nothing', async () => {
    const writing = get().database.snapshot(projector, (orm) => [
      orm.execute(sql`insert into projection_streams (stream, next_seq) values ('account:snapshot', 2)`),
    ]);
    await expect(writing).rejects.toThrow(DatabaseRefusal);
  });
});
