import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRiskEventRepository } from '#db/repositories/risk-events.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { decodePosition } from '../../../workers/chain/accounts.ts';
import { readPosition, scanPositions } from '../../../workers/chain/position-scan.ts';
import { readSettings } from '../../../workers/env.ts';
import { IndexRepair } from '../../../workers/market/index-repair.ts';
import { LiquidationIndex } from '../../../workers/market/liquidation-index.ts';
import { Facts, MARKET_MIGRATIONS } from '../../../workers/market/market-tables.ts';
import { systemClock } from '../../../workers/platform/clock.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { loadKeys } from '../../../workers/chain/keys.ts';
import { sweep } from '../../../workers/risk/sweep.ts';
import { watchIndexer } from '../../../workers/risk/watch.ts';
import { controlHermes, resetHermes, until } from '../market/hermes-control.ts';
import { withStorage } from '../market/with-storage.ts';
import {
  controlSolana,
  inMarket,
  longAt20,
  marketObject,
  setSolPrice,
  solPriceIs,
  testDatabase,
} from './market-control.ts';

const chain = chainOf(readSettings(env));
const program = chain.addresses.program.toBase58();

/** Waits until the index holds a position. */
const indexed = (owner: string): Promise<unknown> =>
  until('the index has it', () =>
    inMarket(
      (state) => [...state.storage.sql.exec('SELECT 1 FROM open_positions WHERE owner = ?', owner)].length === 1,
    ),
  );

/** A repair of an index of its own over the real chain; `scan` may be made to fail. */
function repairOver(storage: DurableObjectStorage, scan: (ownerByte: number | null) => Promise<void> = async () => {}) {
  migrate(storage, MARKET_MIGRATIONS);
  const index = new LiquidationIndex(storage, systemClock);
  const facts = new Facts(storage.sql);
  const repair = new IndexRepair({
    index,
    facts,
    clock: systemClock,
    logger: silentLogger,
    source: {
      scan: async (ownerByte) => {
        await scan(ownerByte);
        return scanPositions(chain, 'SOL-PERP', ownerByte);
      },
      decode: (account) => decodePosition(program, account),
      read: (owner) => readPosition(chain, 'SOL-PERP', owner),
      marketEventSeq: async () => 0n,
    },
    nextSeq: () => 1n,
  });
  return { index, facts, repair };
}

describe('the liquidation index', () => {
  beforeAll(() => solPriceIs(150n));
  afterAll(resetHermes);

  it('loses a row and has another damaged: the sweep heals both, says so, and they are liquidated', async () => {
    const [lost, damaged] = [await longAt20(), await longAt20()];
    await Promise.all([lost, damaged].map(({ address }) => indexed(address)));
    await marketObject().repairIndex();
    expect((await marketObject().sweep()).index.difference).toBe(0);
    await inMarket(({ storage }) => {
      storage.sql.exec('DELETE FROM open_positions WHERE owner = ?', lost.address);
      storage.sql.exec('UPDATE open_positions SET liquidation_key = -1 WHERE owner = ?', damaged.address);
    });
    await sweep(env, Date.now());
    const health = await marketObject().sweep();
    expect(health.index).toMatchObject({ difference: 2, lateBy: 0 });
    expect(health.risks).toContain('index_difference');
    await setSolPrice('142');
    for (const { account } of [lost, damaged])
      await until('liquidated', async () => (await account.state()).positions.length === 0);
    await solPriceIs(150n);
    // A whole pass that finds nothing ends what operators were told of.
    await marketObject().repairIndex();
    expect((await marketObject().sweep()).risks).not.toContain('index_difference');
  });

  it('is built from the chain alone where it is empty', () =>
    withStorage(async (storage) => {
      const wallet = await longAt20();
      const { index, repair } = repairOver(storage);
      const { difference, passes } = await repair.visit();
      expect(passes).toBe(1);
      expect(difference).toBeGreaterThan(0);
      expect(index.find(wallet.address)?.state).toMatchObject({ side: 'long', seq: 1n });
      expect((await repair.visit()).difference).toBe(0);
    }));

  it('does not differ by a request to close that is pending: nothing of it decides a key', () =>
    withStorage(async (storage) => {
      const wallet = await longAt20();
      const { index, repair } = repairOver(storage);
      await repair.visit();
      const open = index.find(wallet.address) ?? expect.fail();
      // Without a later price nobody executes the request.
      await controlHermes({ stale: true });
      try {
        await wallet.act({ action: 'request_close', params: { symbol: 'SOL-PERP' } });
        const asked = await readPosition(chain, 'SOL-PERP', wallet.address);
        expect(asked?.closeRequestedAt).toBeGreaterThan(0n);
        expect(asked?.eventSeq).toBe(open.eventSeq + 1n);
        expect((await repair.visit()).difference).toBe(0);
        expect(await repair.verify(wallet.address)).toBe('same');
        expect(index.find(wallet.address)).toEqual(open);
      } finally {
        await controlHermes({ stale: false });
      }
    }));

  it('a pass in slices goes on where it was when its process died, and finds what one scan finds', () =>
    withStorage(async (storage) => {
      const wallet = await longAt20();
      let scans = 0;
      const broken = repairOver(storage, async (ownerByte) => {
        scans += 1;
        if (ownerByte === null || scans > 5) throw new Error('the process died');
      });
      await expect(broken.repair.visit()).rejects.toThrow();
      await expect(broken.repair.visit()).rejects.toThrow();
      const seen: number[] = [];
      const again = repairOver(storage, async (ownerByte) => void seen.push(ownerByte ?? -1));
      while ((await again.repair.visit()).passes === 0);
      expect(seen).toEqual(Array.from({ length: 252 }, (_, at) => at + 4));
      const owner = wallet.keypair.publicKey.toBytes()[0] ?? 0;
      if (owner >= 4) expect(again.index.find(wallet.address)).not.toBeNull();
      expect(again.index.size).toBeGreaterThan(0);
    }));

  it('keeps its place while the chain cannot be read', async () => {
    const { passes } = (await marketObject().sweep()).index;
    await controlSolana({ outage: 'error' });
    try {
      await expect(Promise.resolve(marketObject().repairIndex())).rejects.toThrow();
    } finally {
      await controlSolana({ reset: true });
    }
    await until(
      'the chain is back',
      () =>
        marketObject()
          .repairIndex()
          .catch(() => null),
      60_000,
    );
    // After the outage it reads in slices: 16 a visit.
    expect((await marketObject().sweep()).index.passes).toBeGreaterThanOrEqual(passes);
  });
});

describe('a sweep that dies', () => {
  it('leaves its lease to the next one when its time is over', async () => {
    const duties = env.ACCOUNTS.getByName(loadKeys(readSettings(env)).keeper.publicKey.toBase58());
    const dead = await until('the lease of the sweep', () => duties.takeLease('sweep', 1));
    const before = (await marketObject().sweep()).index.passes;
    await until('the lease is over', async () => {
      await sweep(env, Date.now());
      const health = await marketObject().sweep();
      return health.index.passes > before || health.index.passedAtMs !== null;
    });
    expect(await duties.saveCursor('sweep', dead.token, 'late')).toBe(false);
  });
});

describe('risk events', () => {
  it('tell of an indexer that is late, has a hole or is silent, once each, and when that is over', async () => {
    const events = createRiskEventRepository(testDatabase());
    const status = (lagSlots: number, holes: string[] = []) => ({
      status: async () => ({ lagSlots, holes, databaseBacklog: 0, lastSignature: null, lastError: null }),
    });
    const silent = { status: () => Promise.reject(new Error('no answer')) };
    const look = (indexer: Parameters<typeof watchIndexer>[0]) =>
      watchIndexer(indexer, events, Date.now(), silentLogger);
    const lasting = async () =>
      (await events.list({ isResolved: false })).rows
        .filter(({ kind }) => kind.startsWith('indexer_'))
        .map(({ kind }) => kind);
    expect(await look(status(51, ['market:SOL-PERP']))).toEqual(['indexer_late', 'indexer_hole']);
    await look(status(60, ['market:SOL-PERP']));
    expect((await lasting()).sort()).toEqual(['indexer_hole', 'indexer_late']);
    // What cannot be seen is not over.
    await look(silent);
    expect((await lasting()).sort()).toEqual(['indexer_hole', 'indexer_late', 'indexer_silent']);
    expect(await look(status(50))).toEqual([]);
    expect(await lasting()).toEqual([]);
  });

  it('are in the database once each, and over when they are', async () => {
    const events = createRiskEventRepository(testDatabase());
    const change = { operation: 'liquidate', by: 'operator', reason: 'a test' } as const;
    await marketObject('ETH-PERP').setSwitch({ ...change, off: true });
    await marketObject('ETH-PERP').setSwitch({ ...change, off: true });
    const find = async () =>
      (await events.list({ symbol: 'ETH-PERP' })).rows.filter(({ kind }) => kind === 'liquidate_switched_off');
    const [event] = await until('the event', async () => {
      const found = await find();
      return found.length > 0 && found;
    });
    expect(event).toMatchObject({
      severity: 'critical',
      resolvedAtMs: null,
      details: { by: 'operator', reason: 'a test' },
    });
    await marketObject('ETH-PERP').setSwitch({ ...change, off: false });
    await until('it is over', async () => (await find())[0]?.resolvedAtMs !== null);
    expect(await find()).toHaveLength(1);
  });
});
