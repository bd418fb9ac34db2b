import { describe, expect, it } from 'vitest';
import type { IndexerEngine } from '../../../workers/indexer/indexer-engine.ts';
import { until } from '../market/hermes-control.ts';
import { engineOver, withEngine } from './own-engine.ts';
import { Trader } from './trader.ts';

/** As long as reading everything that tests before these have done may take, milliseconds. */
const historyMsMax = 60_000;
const testTimeoutMs = 2 * historyMsMax;

/** Reads on: a poll takes a bounded part of a history that other tests have made long. Null until `count` events of the trader came. */
async function pollFor({ wallet }: Trader, engine: IndexerEngine, applied: readonly string[], count: number) {
  await engine.poll();
  const mine = applied.filter((line) => line.startsWith(wallet));
  return mine.length >= count ? mine : null;
}

describe('IndexerEngine on the real local chain', { timeout: testTimeoutMs }, () => {
  it('reads the whole history from its first transaction, then only what is new', () =>
    withEngine(async ({ engine, reader, applied }) => {
      const trader = await Trader.open(10n);
      const mine = await until('the history is read', () => pollFor(trader, engine, applied, 2), historyMsMax);
      expect(applied).toContain('SOL-PERP MarketCreated');
      expect(mine).toEqual([`${trader.wallet} UserAccountOpened`, `${trader.wallet} CollateralDeposited`]);
      const { reads } = reader;
      const signature = await trader.deposit(1n);
      const events = await engine.nudge(signature, historyMsMax);
      expect(events).toHaveLength(1);
      expect(reader.reads - reads).toBeLessThanOrEqual(3);
    }));

  it('a restart reads nothing twice into the objects and misses nothing', () =>
    withEngine(async ({ engine, applied }, storage) => {
      const trader = await Trader.open(10n);
      await until('the history is read', () => pollFor(trader, engine, applied, 2), historyMsMax);
      const signature = await trader.deposit(1n);
      const restarted = engineOver(storage);
      // The objects of this run know nothing: what comes is exactly what was not delivered before.
      await until('what is new was read', async () => {
        await restarted.engine.nudge(signature, 300);
        return restarted.engine.status().holes.includes(`account:${trader.wallet}`);
      });
      expect(restarted.applied.filter((line) => line.startsWith(trader.wallet))).toEqual([]);
    }));

  it('an event the node left out is a hole, shown, fetched over the account itself, and applied in its place', () =>
    withEngine(async ({ engine, reader, applied }) => {
      const trader = await Trader.open(10n);
      await until('the history is read', () => pollFor(trader, engine, applied, 2), historyMsMax);
      const hidden = await trader.deposit(2n);
      reader.hidden.add(hidden);
      const shown = await trader.deposit(3n);
      await until('the hole shows', async () => {
        await engine.nudge(shown, 300);
        return engine.status().holes.length > 0;
      });
      expect(engine.status().holes).toEqual([`account:${trader.wallet}`]);
      await until('the hole is filled', async () => {
        await engine.poll();
        return engine.status().holes.length === 0;
      });
      expect(applied.filter((line) => line.startsWith(trader.wallet))).toHaveLength(4);
    }));

  it('a database that is away longer than the backlog is caught up from the chain; objects never wait for it', () =>
    withEngine(async ({ engine, applied, database, limits, store, sink }) => {
      const trader = await Trader.open(10n);
      await until('the history is read', () => pollFor(trader, engine, applied, 2), historyMsMax);
      await until('the database has it', () => store.databaseBacklog() === 0);
      limits.databaseBacklogMax = 5;
      database.isUp = false;
      for (let amount = 1n; amount <= 8n; amount++) await trader.deposit(amount);
      await until('the objects have everything', () => pollFor(trader, engine, applied, 10), historyMsMax);
      expect(store.databaseBacklog()).toBeLessThanOrEqual(6);
      database.isUp = true;
      await until(
        'the database has everything',
        async () => {
          sink.wake();
          await engine.poll();
          return [...database.taken].filter((key) => key.startsWith(trader.wallet)).length === 10;
        },
        historyMsMax,
      );
    }));
});
