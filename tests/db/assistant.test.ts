import { expect, it } from 'vitest';
import { price } from '#shared/money/units.ts';
import { createAnalysisRepository } from '#db/repositories/analyses.ts';
import { conversationsMax, createConversationRepository, messagesMax } from '#db/repositories/conversations.ts';
import { createMarketDataRepository } from '#db/repositories/market-data.ts';
import { createTrackRecordRepository } from '#db/repositories/track-record.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import type { NewAnalysis } from '../../workers/analyst/contract.ts';
import { scoreDue, scoredPerRunMax } from '../../workers/analyst/score-due.ts';
import { newId, userIdOf } from '../../workers/platform/ids.ts';

const at = Date.UTC(2026, 5, 12, 20, 0, 0);
const minuteMs = 60_000;

const trader = () => {
  const wallet = newId().replaceAll('-', '').padEnd(44, 'z');
  return { wallet, userId: userIdOf(wallet) };
};

const analysisOf = (change: Partial<NewAnalysis> = {}): NewAnalysis => ({
  id: newId(),
  symbol: 'SOL-PERP',
  analysisType: 'trading_signal',
  horizon: '15m',
  model: 'quantitative',
  recommendation: 'buy',
  confidenceBps: 6_200,
  probabilityUpBps: 6_000,
  reasoning: 'It rose 1.2% [trend].',
  figures: [{ id: 'trend', label: 'Trend', value: '1.2', unit: '%' }],
  price: price(100_00000000n),
  costBps: 20,
  lastMove: 'down',
  createdAtMs: at,
  expiresAtMs: at + 15 * minuteMs,
  ...change,
});

describeOnDatabases('analyses', (get) => {
  const analyses = () => createAnalysisRepository(get().database);
  const priceAt = (symbol: string, seconds: number, dollars: bigint) => ({
    ...{ symbol, confidence: price(1n), publishTime: at / 1_000 + seconds },
    price: price(dollars * 100_000_000n),
  });

  it('come back as they were made, to their own trader alone', async () => {
    const [alice, bob] = [trader(), trader()];
    const analysis = analysisOf({ horizon: '1d', expiresAtMs: at + 24 * 60 * minuteMs });
    await analyses().create(alice, analysis);
    await analyses().create(alice, analysis);
    const { rows } = await analyses().list(alice.userId, {});
    expect(rows).toEqual([{ ...analysis, isActive: true, score: null }]);
    expect((await analyses().list(alice.userId, { analysisType: 'risk_assessment' })).rows).toEqual([]);
    expect((await analyses().list(bob.userId, {})).rows).toEqual([]);
    expect(await analyses().owns(alice.userId, analysis.id)).toBe(true);
    expect(await analyses().owns(bob.userId, analysis.id)).toBe(false);
  });

  it('are scored once, at the price of their end, and never again: a second run changes nothing', async () => {
    const alice = trader();
    const symbol = 'BTC-PERP';
    const rising = analysisOf({ symbol });
    const holding = analysisOf({ symbol, recommendation: 'hold', probabilityUpBps: 5_000, createdAtMs: at + 1 });
    const silent = analysisOf({ symbol, probabilityUpBps: null, analysisType: 'risk_assessment', createdAtMs: at + 2 });
    for (const analysis of [rising, holding, silent]) await analyses().create(alice, analysis);
    const end = 15 * 60;
    const points = [priceAt(symbol, end - 70, 90n), priceAt(symbol, end - 5, 102n), priceAt(symbol, end + 10, 50n)];
    await createMarketDataRepository(get().database).record(points);
    expect(await scoreDue(analyses(), at + 15 * minuteMs)).toMatchObject({ scored: 0 });
    const later = at + 17 * minuteMs;
    expect(await scoreDue(analyses(), later)).toMatchObject({ scored: 2, waiting: 0 });
    const { rows } = await analyses().list(alice.userId, {});
    expect(rows.map(({ isActive }) => isActive)).toEqual([false, false, false]);
    expect(rows.map(({ score }) => score)).toEqual([
      null,
      {
        ...{ outcome: 'flat', exitPrice: price(102_00000000n), brierE8: 25_000_000, returnBps: 0 },
        ...{ lastMoveReturnBps: -220, scoredAtMs: later },
      },
      {
        ...{ outcome: 'right', exitPrice: price(102_00000000n), brierE8: 16_000_000, returnBps: 180 },
        ...{ lastMoveReturnBps: -220, scoredAtMs: later },
      },
    ]);
    expect(await scoreDue(analyses(), later + minuteMs)).toMatchObject({ scored: 0, expired: 0 });
    const voided = {
      outcome: 'void',
      exitPrice: null,
      brierE8: null,
      returnBps: null,
      lastMoveReturnBps: null,
    } as const;
    expect(await analyses().score([{ id: rising.id, ...voided }], later)).toBe(0);
    expect((await analyses().list(alice.userId, {})).rows).toEqual(rows);
  });

  it('wait for a price, and are void when none came; one run takes a bounded number', async () => {
    const alice = trader();
    const symbol = 'ETH-PERP';
    for (let index = 0; index <= scoredPerRunMax; index++)
      await analyses().create(alice, analysisOf({ symbol, createdAtMs: at + index }));
    const run = (minutes: number) => scoreDue(analyses(), at + minutes * minuteMs);
    expect(await run(20)).toMatchObject({ scored: 0, waiting: scoredPerRunMax });
    expect(await run(31)).toMatchObject({ scored: scoredPerRunMax, waiting: 0 });
    expect(await run(31)).toMatchObject({ scored: 1 });
    const [entry] = await createTrackRecordRepository(get().database).sums({ symbol, sinceMs: 0 });
    expect(entry).toMatchObject({ scored: 0, void: 1 });
  });

  it('count in the track record once in five minutes of a model, market and horizon, whoever asked how often', async () => {
    const model = `model-${newId()}`;
    const made = [0, 1, 2, 5].map((minutes) => ({
      owner: trader(),
      analysis: analysisOf({
        model,
        createdAtMs: at + minutes * minuteMs,
        probabilityUpBps: minutes === 0 ? 4_000 : 6_000,
      }),
    }));
    for (const { owner, analysis } of made) await analyses().create(owner, analysis);
    const score = { outcome: 'right', exitPrice: price(101_00000000n), brierE8: 16_000_000, returnBps: 80 } as const;
    const wrong = { ...score, outcome: 'wrong', brierE8: 36_000_000, returnBps: -80 } as const;
    const scores = made.map(({ analysis: { id, probabilityUpBps } }) => ({
      ...{ id, lastMoveReturnBps: -120 },
      ...(probabilityUpBps === 4_000 ? wrong : score),
    }));
    expect(await analyses().score(scores, at + 20 * minuteMs)).toBe(4);
    const [entry, ...others] = await createTrackRecordRepository(get().database).sums({ model, sinceMs: at });
    expect(others).toEqual([]);
    expect(entry).toEqual({
      ...{
        model,
        symbol: 'SOL-PERP',
        horizon: '15m',
        scored: 2,
        independent: 1,
        signals: 2,
        void: 0,
        rises: 2,
        falls: 0,
      },
      ...{ hits: 1, misses: 1, brierE8Sum: 52_000_000, brierCount: 2, returnBpsSum: 0 },
      ...{ lastMoveHits: 0, lastMoveMisses: 2, lastMoveReturnBpsSum: -240, lastMoveCount: 2 },
      ...{ firstAtMs: at, lastAtMs: at + 5 * minuteMs },
    });
    expect(await createTrackRecordRepository(get().database).sums({ model, sinceMs: at + 6 * minuteMs })).toEqual([]);
    expect(await createTrackRecordRepository(get().database).sums({ model: `${model}'; --`, sinceMs: 0 })).toEqual([]);
  });

  it('count as independent as far as their horizons do not overlap: a day of forecasts over a day is one', async () => {
    const model = `model-${newId()}`;
    const hour = 60 * minuteMs;
    const record = async () => {
      const entries = await createTrackRecordRepository(get().database).sums({ model, sinceMs: at });
      return entries.map(({ symbol, horizon, scored, independent }) => [symbol, horizon, scored, independent]);
    };
    const made = async (horizon: '15m' | '1d', hours: number, isVoid = false, symbol = 'SOL-PERP') => {
      const createdAtMs = at + hours * hour;
      const expiresAtMs = createdAtMs + (horizon === '1d' ? 24 : 0.25) * hour;
      const analysis = analysisOf({ model, symbol, horizon, createdAtMs, expiresAtMs });
      await analyses().create(trader(), analysis);
      const score = { exitPrice: price(101_00000000n), brierE8: 16_000_000, returnBps: 80, lastMoveReturnBps: -120 };
      const none = { exitPrice: null, brierE8: null, returnBps: null, lastMoveReturnBps: null };
      const given = isVoid ? ({ ...none, outcome: 'void' } as const) : ({ ...score, outcome: 'right' } as const);
      await analyses().score([{ id: analysis.id, ...given }], expiresAtMs);
    };
    await made('1d', 0, true);
    expect(await record()).toEqual([['SOL-PERP', '1d', 0, 0]]);
    for (const hours of [1, 1.1, 1.2, 6, 12, 24.9]) await made('1d', hours);
    expect(await record()).toEqual([['SOL-PERP', '1d', 6, 1]]);
    for (const hours of [25, 40, 48.9, 49, 60, 100]) await made('1d', hours);
    await made('1d', 1.1, false, 'BTC-PERP');
    for (const hours of [1, 1.1, 1.3]) await made('15m', hours);
    expect(await record()).toEqual([
      ['BTC-PERP', '1d', 1, 1],
      ['SOL-PERP', '15m', 3, 2],
      ['SOL-PERP', '1d', 12, 4],
    ]);
  });
});

describeOnDatabases('conversations', (get) => {
  const conversations = () => createConversationRepository(get().database);
  const begun = async (owner = trader()) => {
    const id = newId();
    expect(await conversations().begin(owner, { id, title: 'what now?', createdAtMs: at })).toBe(true);
    return { owner, id };
  };
  const question = (conversationId: string, text = 'why?') => ({ id: newId(), conversationId, text, atMs: at + 1 });
  const answer = (conversationId: string, position: number) => ({
    ...{ id: newId(), conversationId, position, text: 'so', model: 'quantitative', isComplete: true },
    ...{ tools: [{ name: 'get_pool', state: 'done', symbol: null }], proposals: [], createdAtMs: at + 2 },
  });

  it('keep questions and answers in their order, also where a question stayed without an answer', async () => {
    const { owner, id } = await begun();
    expect(await conversations().ask(owner.userId, question(id, 'one'))).toBe(0);
    expect(await conversations().ask(owner.userId, question(id, 'two'))).toBe(2);
    await conversations().answer(owner.userId, answer(id, 3));
    await conversations().answer(owner.userId, answer(id, 1));
    const found = await conversations().get(owner.userId, id);
    expect(found?.messages.map(({ role, text, position }) => [role, text, position])).toEqual([
      ['user', 'one', 0],
      ['assistant', 'so', 1],
      ['user', 'two', 2],
      ['assistant', 'so', 3],
    ]);
    expect(found?.conversation).toMatchObject({ messages: 4, updatedAtMs: at + 1 });
  });

  it('keep a question once, however often it is sent', async () => {
    const { owner, id } = await begun();
    const asked = question(id);
    expect(await conversations().ask(owner.userId, asked)).toBe(0);
    expect(await conversations().ask(owner.userId, asked)).toBe(0);
    expect((await conversations().get(owner.userId, id))?.messages).toHaveLength(1);
  });

  it('take nobody else’s question or answer, and are deleted by their trader alone, with everything said', async () => {
    const { owner, id } = await begun();
    const other = trader();
    await begun(other);
    expect(await conversations().ask(other.userId, question(id))).toBeNull();
    await conversations().answer(other.userId, answer(id, 1));
    expect((await conversations().get(owner.userId, id))?.messages).toEqual([]);
    expect(await conversations().get(other.userId, id)).toBeNull();
    expect(await conversations().remove(other.userId, id)).toBe(0);
    await conversations().ask(owner.userId, question(id));
    expect(await conversations().remove(owner.userId, id)).toBe(1);
    expect(await conversations().get(owner.userId, id)).toBeNull();
    await conversations().answer(owner.userId, answer(id, 1));
    const left = await get().asOwner(`SELECT count(*)::int AS left FROM ai_messages WHERE conversation_id = '${id}'`);
    expect(left).toEqual([{ left: 0 }]);
    expect(await conversations().remove(other.userId, null)).toBe(1);
  });

  it('are bounded: in how many there are, and in how much is said', async () => {
    const { owner, id } = await begun();
    const turns = Array.from({ length: messagesMax / 2 - 1 });
    for (const [index] of turns.entries()) {
      const position = await conversations().ask(owner.userId, question(id));
      expect(position).toBe(index * 2);
      await conversations().answer(owner.userId, answer(id, index * 2 + 1));
    }
    expect(await conversations().ask(owner.userId, question(id))).toBe(messagesMax - 2);
    await conversations().answer(owner.userId, answer(id, messagesMax - 1));
    expect(await conversations().ask(owner.userId, question(id))).toBeNull();
    for (let count = 1; count < conversationsMax; count++) await begun(owner);
    expect(await conversations().begin(owner, { id: newId(), title: 'one more', createdAtMs: at })).toBe(false);
  });
});
