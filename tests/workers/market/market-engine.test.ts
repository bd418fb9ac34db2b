import { describe, expect, it } from 'vitest';
import type { IndexedEvent } from '#shared/events.ts';
import { marketOf } from '#shared/markets.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import type { FeedUpdate } from '../../../workers/market/hermes-update.ts';
import { liquidationIndexLimits, type RiskCandidate } from '../../../workers/market/liquidation-index.ts';
import { MarketEngine } from '../../../workers/market/market-engine.ts';
import { MARKET_MIGRATIONS } from '../../../workers/market/market-tables.ts';
import type { OpenClaim } from '../../../workers/market/trigger-book.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { sampleMarket, samplePosition } from './sample-market.ts';
import { withStorage } from './with-storage.ts';

const UNIT = 10n ** 8n;
const pause = () => new Promise((resolve) => setTimeout(resolve, 5));

/** An engine over real storage; what it sends is noted, and answered as the test says. */
function engineOver(storage: DurableObjectStorage, clock = new ManualClock()) {
  const sent: RiskCandidate[] = [];
  const claims: OpenClaim[] = [];
  const outside = {
    queue: (): Promise<void> => Promise.resolve(),
    owner: (): Promise<'accepted' | 'stale'> => Promise.resolve('accepted'),
    market: { market: sampleMarket() as MarketState, eventSeq: 0n },
  };
  const engine = new MarketEngine({
    definition: marketOf('SOL-PERP'),
    storage,
    clock,
    logger: silentLogger,
    safety: { moveBps: 1_000n, calmBps: 200n, calmSeconds: 3n, liquidationsPerMinuteMax: 2 },
    effects: {
      sendCandidates: (candidates) => {
        sent.push(...candidates);
        return outside.queue();
      },
      sendClaim: (claim) => {
        claims.push(claim);
        return outside.owner();
      },
    },
    readMarket: () => Promise.resolve(outside.market),
  });
  const tick = (usd: bigint, more: Partial<FeedUpdate> = {}): void => {
    const publishTime = BigInt(Math.floor(clock.nowMs() / 1_000));
    engine.onUpdate({ price: usd * UNIT, conf: 1n, emaPrice: usd * UNIT, exponent: -8, publishTime, ...more });
  };
  return { engine, clock, sent, claims, outside, tick };
}

type Parts = ReturnType<typeof engineOver>;

const withEngine = (body: (parts: Parts, storage: DurableObjectStorage) => Promise<void>): Promise<void> =>
  withStorage(async (storage) => {
    migrate(storage, MARKET_MIGRATIONS);
    const parts = engineOver(storage);
    await parts.engine.view.refresh();
    await body(parts, storage);
  });

/** A `PositionIncreased` as the decoder gives it. */
function increased(seq: bigint, owner: string, after: PositionState): IndexedEvent {
  const { seq: commandSeq, payoutOwed: _, ...state } = after;
  return {
    name: 'PositionIncreased',
    data: {
      owner,
      commandSeq,
      before: { ...state, size: 0n },
      after: { ...state },
      size: after.size,
      fillPrice: 100n * UNIT,
      oracle: { price: 100n * UNIT, conf: 1n, ema: 100n * UNIT, publishTime: 5n },
      marketAfter: {
        ...{ longOi: after.size, shortOi: 0n, backing: 9n, fundingIndex: 0n, borrowIndex: 0n },
        ...{ insuranceAccrued: 0n, treasuryAccrued: 0n, insuranceDebt: 0n, payoutsOwed: 0n },
      },
    },
    signature: `signature-${seq}`,
    slot: 1,
    indexInTransaction: 0,
    blockTimeMs: 0,
    streams: { market: { symbol: 'SOL-PERP', seq }, position: { owner, symbol: 'SOL-PERP', seq: 1n, commandSeq } },
  };
}

/** A `PositionLiquidated` in full, of a block of that time. */
function liquidated(seq: bigint, owner: string, blockTimeMs: number): IndexedEvent {
  const event = increased(seq, owner, risky);
  const { before, after } = event.data as unknown as Record<'before' | 'after', object>;
  const data = { ...event.data, before: after, after: before, payoutOwed: 0n } as IndexedEvent['data'];
  return { ...event, name: 'PositionLiquidated', data, blockTimeMs };
}

const risky = samplePosition('long', UNIT, 100n * UNIT, 5_000_000n, { seq: 7n });

describe('MarketEngine', () => {
  it('events are applied in order, each once, up to a hole', () =>
    withEngine(async ({ engine }) => {
      const events = [increased(1n, 'a', risky), increased(2n, 'b', risky), increased(4n, 'd', risky)];
      expect(engine.applyEvents(events)).toBe(3n);
      expect(engine.applyEvents(events)).toBe(3n);
      expect(engine.index.size).toBe(2);
      expect(engine.tape.latest()).toHaveLength(2);
      expect(engine.applyEvents([increased(3n, 'c', risky), increased(4n, 'd', risky)])).toBe(5n);
      expect(engine.index.size).toBe(4);
    }));

  it('an event that is not what the program emits changes nothing and does not pass for applied', () =>
    withEngine(async ({ engine }) => {
      const broken = { ...increased(2n, 'b', risky), data: { owner: 'b' } };
      expect(() => engine.applyEvents([increased(1n, 'a', risky), broken])).toThrow();
      expect(engine.nextSeq).toBe(1n);
      expect(engine.index.size).toBe(0);
    }));

  it('a price through the threshold is a candidate with its command number, sent once', () =>
    withEngine(async ({ engine, tick, sent }) => {
      engine.applyEvents([increased(1n, 'a', risky)]);
      tick(100n);
      expect(sent).toEqual([]);
      tick(97n);
      tick(96n);
      await pause();
      expect(sent).toEqual([{ kind: 'liquidation', owner: 'a', commandSeq: 7n }]);
    }));

  it('a candidate the queue did not take is offered again with the next price', () =>
    withEngine(async ({ engine, tick, sent, outside }) => {
      engine.applyEvents([increased(1n, 'a', risky)]);
      outside.queue = () => Promise.reject(new Error('queue unavailable'));
      tick(97n);
      await pause();
      outside.queue = () => Promise.resolve();
      tick(97n);
      await pause();
      expect(sent).toHaveLength(2);
      expect(engine.index.candidatesInFlight).toBe(1);
    }));

  it('a tick never waits: while the queue and every owner hang, prices go on and nothing piles up', () =>
    withEngine(async ({ engine, tick, sent, claims, outside, clock }) => {
      outside.queue = () => new Promise(() => undefined);
      outside.owner = () => new Promise(() => undefined);
      engine.applyEvents([increased(1n, 'a', risky)]);
      engine.book.rest({
        orderId: 'order',
        owner: 'a',
        version: 1,
        direction: 'below',
        triggerPrice: 98n * UNIT,
        minPublishTime: 0,
        reduceOnly: false,
      });
      for (let i = 0; i < 50; i++) {
        clock.advance(100);
        tick(97n);
      }
      await pause();
      expect(engine.board.price?.price).toBe(97n * UNIT);
      expect(sent).toHaveLength(1);
      expect(claims.length).toBeLessThanOrEqual(2);
    }));

  it("an order leaves the book with its owner's answer, not before", () =>
    withEngine(async ({ engine, tick, claims, outside, clock }) => {
      outside.owner = () => Promise.reject(new Error('no answer'));
      const order = {
        orderId: 'order',
        owner: 'a',
        version: 1,
        direction: 'below',
        minPublishTime: 0,
        reduceOnly: false,
      } as const;
      engine.book.rest({ ...order, triggerPrice: 98n * UNIT });
      tick(97n);
      await pause();
      expect(engine.book.size).toBe(1);
      outside.owner = () => Promise.resolve('stale');
      clock.advance(5_000);
      tick(99n);
      await pause();
      expect(claims.map((claim) => claim.price)).toEqual([97n * UNIT, 97n * UNIT]);
      expect(engine.book.size).toBe(0);
    }));

  it('no bad price reaches candles, triggers or candidates', () =>
    withEngine(async ({ engine, tick, sent }) => {
      engine.applyEvents([increased(1n, 'a', risky)]);
      tick(100n);
      tick(-1n);
      tick(0n);
      tick(1n, { conf: UNIT });
      tick(1n, { publishTime: 1n });
      await pause();
      expect(sent).toEqual([]);
      expect(engine.candles.current('1m')).toMatchObject({ low: 100n * UNIT });
    }));

  it('switched off, triggers claim nothing and nothing is proposed for liquidation; on again, both go on', () =>
    withEngine(async ({ engine, tick, sent, claims }, storage) => {
      engine.applyEvents([increased(1n, 'a', risky)]);
      engine.book.rest({
        ...{ orderId: 'order', owner: 'a', version: 1, direction: 'below' },
        ...{ triggerPrice: 98n * UNIT, minPublishTime: 0, reduceOnly: false },
      });
      const change = { by: 'operator', reason: 'a test' };
      engine.setSwitch({ operation: 'trigger', off: true, ...change });
      engine.setSwitch({ operation: 'liquidate', off: true, ...change });
      tick(97n);
      await pause();
      expect([sent.filter(({ kind }) => kind === 'liquidation'), claims]).toEqual([[], []]);
      expect(engine.snapshot().controls.off.toSorted()).toEqual(['liquidate', 'trigger']);
      expect(engine.watch.risks.lasting).toEqual(['liquidate_switched_off', 'trigger_switched_off']);
      // An object that starts again holds back what it held back.
      const woken = engineOver(storage);
      expect(woken.engine.watch.controls.switches).toMatchObject({ liquidate: { by: 'operator', reason: 'a test' } });
      engine.setSwitch({ operation: 'trigger', off: false, ...change });
      engine.setSwitch({ operation: 'liquidate', off: false, ...change });
      tick(97n);
      await pause();
      expect(sent.filter(({ kind }) => kind === 'liquidation')).toHaveLength(1);
      expect(claims).toHaveLength(1);
      expect(engine.watch.risks.lasting).toEqual([]);
    }));

  it('a price that moves too fast holds opening back until its average confirms it, and liquidates all the same', () =>
    withEngine(async ({ engine, tick, clock, sent }) => {
      engine.applyEvents([increased(1n, 'a', risky)]);
      tick(100n);
      clock.advance(1_000);
      tick(85n, { emaPrice: 99n * UNIT });
      await pause();
      expect(engine.snapshot().controls).toMatchObject({ off: [], brake: { kind: 'price_move' } });
      expect(engine.watch.risks.lasting).toEqual(['price_move']);
      expect(sent.filter(({ kind }) => kind === 'liquidation')).toHaveLength(1);
      for (let second = 0; second < 4; second++) {
        clock.advance(1_000);
        tick(85n);
      }
      expect(engine.snapshot().controls.brake).toBeNull();
      expect(engine.watch.risks.lasting).toEqual([]);
    }));

  it('more liquidations in a minute than are normal are told once, and stop nothing', () =>
    withEngine(async ({ engine, clock }) => {
      const liquidation = (seq: bigint) => liquidated(seq, `owner-${seq}`, clock.nowMs());
      engine.applyEvents([1n, 2n].map(liquidation));
      expect(engine.watch.risks.lasting).toEqual([]);
      engine.applyEvents([3n, 4n].map(liquidation));
      engine.settle();
      expect(engine.watch.risks.lasting).toContain('liquidation_rate');
      expect(engine.nextSeq).toBe(5n);
      clock.advance(61_000);
      engine.settle();
      expect(engine.watch.risks.lasting).not.toContain('liquidation_rate');
      // History that is read again is none of now.
      engine.applyEvents([5n, 6n, 7n].map((seq) => liquidated(seq, `owner-${seq}`, clock.nowMs() - 3_600_000)));
      expect(engine.watch.risks.lasting).not.toContain('liquidation_rate');
    }));

  it('a feed that is stuck and a queue that does not move are told once, and over when they move again', () =>
    withEngine(async ({ engine, tick, clock, outside }) => {
      engine.applyEvents([increased(1n, 'a', risky)]);
      outside.queue = () => new Promise(() => undefined);
      tick(97n);
      await pause();
      clock.advance(31_000);
      engine.settle();
      engine.settle();
      expect(engine.watch.risks.lasting).toEqual(['feed_stuck']);
      tick(97n);
      clock.advance(15_000);
      tick(97n);
      engine.settle();
      expect(engine.watch.risks.lasting).toEqual(['risk_queue_slow']);
      engine.index.release('a', 7n);
      engine.settle();
      expect(engine.watch.risks.lasting).toEqual([]);
    }));

  it('a restart knows price, market, positions and where its events go on', () =>
    withEngine(async ({ engine, tick, clock }, storage) => {
      engine.applyEvents([increased(1n, 'a', risky)]);
      tick(100n);
      engine.settle();
      const restarted = engineOver(storage, clock);
      expect(restarted.engine.nextSeq).toBe(2n);
      expect(restarted.engine.snapshot()).toMatchObject({
        price: { price: 100n * UNIT },
        market: { long: { size: UNIT }, backing: 9n },
      });
      restarted.tick(97n);
      await pause();
      expect(restarted.sent).toHaveLength(1);
      clock.advance(liquidationIndexLimits.leaseMs);
      restarted.tick(97n);
      await pause();
      expect(restarted.sent).toHaveLength(2);
    }));

  it('a read of the chain that is older than the newest event takes nothing back', () =>
    withEngine(async ({ engine, outside }) => {
      engine.applyEvents([increased(1n, 'a', risky)]);
      await engine.view.refresh();
      expect(engine.view.market?.backing).toBe(9n);
      outside.market = { market: { ...sampleMarket(), backing: 11n as never }, eventSeq: 1n };
      await engine.view.refresh();
      expect(engine.view.market?.backing).toBe(11n);
    }));
});
