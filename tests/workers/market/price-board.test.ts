import { describe, expect, it } from 'vitest';
import type { MarketState } from '#shared/perps/types.ts';
import { readFeedEvent, type FeedUpdate } from '../../../workers/market/hermes-update.ts';
import { PriceBoard } from '../../../workers/market/price-board.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { sampleMarket } from './sample-market.ts';

const UNIT = 10n ** 8n;

function boardWith(market: MarketState | null = sampleMarket()) {
  const clock = new ManualClock();
  const now = (): bigint => BigInt(Math.floor(clock.nowMs() / 1_000));
  const update = (usd: bigint, more: Partial<FeedUpdate> = {}): FeedUpdate => ({
    price: usd * UNIT,
    conf: 1n,
    emaPrice: usd * UNIT,
    exponent: -8,
    publishTime: now(),
    ...more,
  });
  return { clock, now, update, board: new PriceBoard(clock, () => market, null) };
}

describe('PriceBoard', () => {
  it.each([
    ['a negative price', { price: -1n }, 'OraclePriceOutOfRange'],
    ['a price of zero', { price: 0n }, 'OraclePriceOutOfRange'],
    ['an exponent out of bounds', { exponent: 1 }, 'OracleExponent'],
    ['a price beyond what is kept', { price: 1n << 53n }, 'OraclePriceOutOfRange'],
    ['a confidence above the limit', { conf: 2n * UNIT }, 'OracleUncertain'],
  ])('%s is refused and the last good price stays', (_name, more, reason) => {
    const { board, update } = boardWith();
    board.offer(update(100n));
    expect(board.offer(update(100n, more))).toEqual({ ok: false, reason });
    expect(board.price?.price).toBe(100n * UNIT);
  });

  it('a price from the past or from the future is refused', () => {
    const { board, update, now } = boardWith();
    board.offer(update(100n));
    expect(board.offer(update(1n, { publishTime: now() - 1n }))).toEqual({ ok: false, reason: 'OracleOutOfOrder' });
    expect(board.offer(update(1n, { publishTime: now() + 6n }))).toEqual({ ok: false, reason: 'OracleFuture' });
  });

  it('says what the price allows: ok, uncertain far from the average or of wide confidence, stale with age, halted', () => {
    const { board, update, clock } = boardWith();
    expect(board.state()).toBe('stale');
    board.offer(update(100n));
    expect(board.state()).toBe('ok');
    board.offer(update(110n, { emaPrice: 100n * UNIT }));
    expect(board.state()).toBe('uncertain');
    board.offer(update(100n));
    board.offer(update(100n, { conf: 2n * UNIT }));
    expect(board.state()).toBe('uncertain');
    board.offer(update(100n));
    clock.advance(31_000);
    expect(board.state()).toBe('stale');
    const halted = boardWith({ ...sampleMarket(), status: 'halted' });
    halted.board.offer(halted.update(100n));
    expect(halted.board.state()).toBe('halted');
  });

  it('a price is shown before the market is known, but allows nothing', () => {
    const { board, update } = boardWith(null);
    expect(board.offer(update(100n)).ok).toBe(true);
    expect(board.state()).toBe('stale');
  });

  it('who waits for a later second gets it when it comes, and not before', async () => {
    const { board, update, now, clock } = boardWith();
    board.offer(update(100n));
    let arrived = false;
    const waiting = board.wait(now() + 1n, 5_000).then(() => {
      arrived = true;
    });
    board.offer(update(101n));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(arrived).toBe(false);
    clock.advance(1_000);
    board.offer(update(102n));
    await waiting;
    expect(board.price?.price).toBe(102n * UNIT);
  });

  it('waiting ends at its time limit', async () => {
    const { board, now } = boardWith();
    await board.wait(now() + 1_000n, 30);
    expect(board.price).toBeNull();
  });
});

describe('reading Hermes', () => {
  const feedId = 'ef0d';
  const body = (price: object, id = feedId) =>
    JSON.stringify({
      binary: { encoding: 'hex', data: [] },
      parsed: [{ id, price, ema_price: price, metadata: {} }],
    });
  const good = { price: '-5', conf: '3', expo: -8, publish_time: 7 };

  it('gives the numbers as they were published, with their sign', () => {
    expect(readFeedEvent(body(good), feedId)).toEqual({
      price: -5n,
      conf: 3n,
      emaPrice: -5n,
      exponent: -8,
      publishTime: 7n,
    });
  });

  it.each([
    ['text that is not JSON', '{'],
    ['another feed', body(good, 'aaaa')],
    ['a price that is no integer', body({ ...good, price: '1.5' })],
    ['a publish time that is no integer', body({ ...good, publish_time: 1.5 })],
    ['no parsed prices', JSON.stringify({ binary: { encoding: 'hex', data: [] } })],
  ])('%s is no update', (_name, text) => {
    expect(readFeedEvent(text, feedId)).toBeNull();
  });
});
