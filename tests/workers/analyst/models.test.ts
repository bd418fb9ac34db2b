import { beforeAll, describe, expect, it } from 'vitest';
import type { MarketSymbol } from '#shared/markets.ts';
import { price, PRICE_SCALE } from '#shared/money/units.ts';
import { chatEventSchemas } from '#shared/protocol/ai-chat.ts';
import { analyze } from '../../../workers/analyst/analyze.ts';
import { adviceNotice } from '../../../workers/analyst/chat/chat-stream.ts';
import type { Services } from '../../../workers/api/context.ts';
import { checkReadiness } from '../../../workers/api/readiness.ts';
import { ApiTrader } from '../api/trader.ts';
import { chat, ownerOf, received, saying, wishing, withModel } from './model-world.ts';

let alice: ApiTrader;
beforeAll(async () => {
  alice = await ApiTrader.open(500);
});

const signal = { symbol: 'SOL-PERP', analysis_type: 'trading_signal', horizon: '15m' } as const;
const asked = (services: Services, change: object = {}) =>
  analyze(services, ownerOf(alice.address), { ...signal, ...change });
const kept = async (services: Services) => {
  const { rows } = await services.repositories.analyses.list(ownerOf(alice.address).userId, {});
  return rows;
};

/** What a model may answer: it cites what it was given, and forecasts where the analyst did. */
async function answerOf(change: object = {}) {
  const services = await withModel([saying('')]);
  const own = await asked(services);
  const id = own.figures[0]?.id ?? expect.fail('no figures');
  const forecast = own.probabilityUpBps === null ? null : 0.61;
  return {
    ...{ recommendation: 'hold', confidence: 0.7, probability_up: forecast, reasoning: `Calm [${id}].` },
    ...change,
  };
}
const answered = (answer: unknown) => wishing('answer', answer);

describe('an analysis by a model', () => {
  it('is kept under the model’s name, with the figures of the exchange and what the model makes of them', async () => {
    const answer = await answerOf();
    const services = await withModel([answered(answer)]);
    const analysis = await asked(services);
    expect(analysis).toMatchObject({
      model: 'openai/m',
      recommendation: 'hold',
      confidenceBps: 7_000,
      reasoning: answer.reasoning,
    });
    expect(analysis.probabilityUpBps).toBe(answer.probability_up === null ? null : 6_100);
    expect((await kept(services))[0]).toEqual(analysis);
    const [request] = await received();
    expect(request?.text).toContain(analysis.figures[0]?.id);
  });

  it('that does not fit is repaired once: the model is told what is wrong, and answers again', async () => {
    const answer = await answerOf();
    const services = await withModel([
      answered({ ...answer, reasoning: 'It will rise [crystal_ball].' }),
      answered(answer),
    ]);
    expect((await asked(services)).model).toBe('openai/m');
    expect((await received())[1]?.text).toContain('These ids were not given: crystal_ball');
  });

  it.each([
    ['cites a figure that was not given', { reasoning: 'It will rise [crystal_ball].' }],
    ['cites nothing', { reasoning: 'It will rise.' }],
    ['is surer than certain', { confidence: 1.5 }],
    ['closes a position that nobody holds', { recommendation: 'close' }],
    ['has a field of its own', { order: { side: 'buy' } }],
    ['buys what it holds likelier to fall', { recommendation: 'buy', probability_up: 0.3 }],
  ])('that %s, twice, is refused with its code, and nothing is kept', async (_what, change) => {
    const services = await withModel([answered(await answerOf(change))]);
    const before = await kept(services);
    await expect(asked(services)).rejects.toMatchObject({ refusal: { code: 'AI_002' } });
    expect(await received()).toHaveLength(2);
    expect(await kept(services)).toEqual(before);
  });

  it('that gives another number than the figure it cites is told so, and repairs it or is refused', async () => {
    const answer = await answerOf();
    const own = await asked(await withModel([saying('')]));
    const { id, value, unit } = own.figures.find((figure) => figure.unit === '%') ?? own.figures[0] ?? expect.fail();
    const wrong = { ...answer, reasoning: `It is ${Number(value) + 31} ${unit} [${id}].` };
    const services = await withModel([answered(wrong), answered(answer)]);
    await asked(services);
    expect((await received())[1]?.text).toMatch(new RegExp(`\\[${id}\\] is .*, not ${Number(value) + 31}`));
    await expect(asked(await withModel([answered(wrong)]))).rejects.toMatchObject({ refusal: { code: 'AI_002' } });
  });

  it('begins when it is there, at the price of that moment: no model is scored on a move it has seen', async () => {
    const answer = await answerOf();
    const services = await withModel([answered(answer)]);
    const [minute, firstPrice] = [60_000, price(100n * PRICE_SCALE)];
    let lookedAt = 0;
    const late: Services = {
      ...services,
      clock: { nowMs: () => services.clock.nowMs() + (lookedAt > 1 ? minute : 0) },
      markets: Object.assign(Object.create(services.markets) as Services['markets'], {
        snapshot: async (symbol: MarketSymbol) => {
          const snapshot = await services.markets.snapshot(symbol);
          if (snapshot.price === null) throw new Error('no price');
          const shown = price(firstPrice + BigInt(lookedAt++));
          return { ...snapshot, price: { ...snapshot.price, price: shown } };
        },
        object: (symbol: MarketSymbol) => services.markets.object(symbol),
      }),
    };
    const startMs = services.clock.nowMs();
    const analysis = await asked(late);
    expect(analysis.model).toBe('openai/m');
    expect(analysis.price).toBeGreaterThan(firstPrice);
    expect(analysis.createdAtMs).toBeGreaterThanOrEqual(startMs + minute);
    expect(analysis.expiresAtMs - analysis.createdAtMs).toBe(900_000);
  });

  it('is none where the oracle price is not acceptable any more by the time the model has answered', async () => {
    const answer = await answerOf();
    const services = await withModel([answered(answer)]);
    const before = await kept(services);
    let looks = 0;
    const staleLater: Services = {
      ...services,
      markets: Object.assign(Object.create(services.markets) as Services['markets'], {
        snapshot: async (symbol: MarketSymbol) => {
          const snapshot = await services.markets.snapshot(symbol);
          return looks++ === 0 ? snapshot : { ...snapshot, priceState: 'stale' };
        },
        object: (symbol: MarketSymbol) => services.markets.object(symbol),
      }),
    };
    await expect(asked(staleLater)).rejects.toMatchObject({ refusal: { code: 'ORACLE_001' } });
    expect(await received()).not.toEqual([]);
    expect(await kept(services)).toEqual(before);
  });

  it('is the quantitative analyst’s, and says so, where no model answers', async () => {
    const services = await withModel([{ kind: 'status', status: 500 }]);
    expect((await asked(services)).model).toBe('quantitative');
  });
});

describe('a conversation with a model', () => {
  it('streams its words and what it looks up, shows a ticket, and keeps all of it under its name', async () => {
    const services = await withModel([
      wishing('propose_order', { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: '1', leverage: '4' }),
      saying('Here is ', 'your ticket.'),
    ]);
    const { events, text, kept: said } = await chat(services, alice.address, { message: 'Buy 1 SOL at 4x' });
    expect([...new Set(events.map(({ type }) => type))]).toEqual(['start', 'tool', 'proposal', 'token', 'end']);
    expect(events[0]).toMatchObject({ data: { model: 'openai/m', notice: adviceNotice } });
    expect(text).toBe('Here is your ticket.');
    expect(said).toMatchObject({
      model: 'openai/m',
      text,
      isComplete: true,
      tools: [{ name: 'propose_order', state: 'done' }],
    });
    expect(said?.proposals).toHaveLength(1);
    for (const { type, data } of events) expect(chatEventSchemas[type].safeEncode(data as never).error).toBeUndefined();
  });

  it('that breaks off ends with its code, and what was shown is kept as unfinished', async () => {
    const services = await withModel([{ kind: 'cut', text: ['The price ', 'of SOL '], by: 'reset' }]);
    const { events, kept: said } = await chat(services, alice.address, { message: 'How is SOL?' });
    expect(events.at(-1)).toMatchObject({ type: 'error', data: { code: 'AI_001', retryable: true } });
    expect(said).toMatchObject({ isComplete: false, model: 'openai/m' });
    expect(said?.text.startsWith('The price ')).toBe(true);
  });

  it('is answered by the quantitative analyst, and says so, where no model begins to answer', async () => {
    const services = await withModel([{ kind: 'status', status: 503 }]);
    const { events, text } = await chat(services, alice.address, { message: 'my account?' });
    expect(events[0]).toMatchObject({ data: { model: 'quantitative' } });
    expect(text).toContain('Your account is worth');
  });

  it('shows beside an answer the figures that it may cite, as the exchange counted them', async () => {
    const services = await withModel([
      wishing('assess_risk', { symbol: 'SOL-PERP', horizon: '15m' }),
      saying('Nothing is at risk, I am 99 % [volatility] sure.'),
    ]);
    const { events, kept: said } = await chat(services, alice.address, { message: 'How risky is SOL?' });
    const [done] = events.flatMap((event) =>
      event.type === 'tool' && event.data.state === 'done' ? [event.data] : [],
    );
    expect(done?.figures.map(({ id }) => id)).toContain('volatility');
    expect(said?.tools).toEqual([done]);
  });

  it('is told of liquidations in a market by size, price and time, and never whose they are', async () => {
    const services = await withModel([wishing('get_market_liquidations', { symbol: 'SOL-PERP' }), saying('None.')]);
    await chat(services, alice.address, { message: 'Who was liquidated?' });
    const result = (await received())[1]?.body.messages.at(-1);
    expect(JSON.parse(String(result?.content))).toMatchObject({ symbol: 'SOL-PERP', liquidations: expect.any(Array) });
    expect(String(result?.content)).not.toMatch(/owner|wallet|transaction|signature/);
  });

  it('goes on with the quantitative analyst where strangers have spent the budget of all', async () => {
    const services = await withModel([saying('never')], { AI_EXCHANGE_TOKENS_PER_DAY: '10' });
    const { events } = await chat(services, alice.address, { message: 'my account?' });
    expect(events[0]).toMatchObject({ data: { model: 'quantitative' } });
    expect((await asked(services)).model).toBe('quantitative');
    expect(await received()).toEqual([]);
  });

  it('is told of in readiness where its model is left alone, and the exchange is as ready as before', async () => {
    const services = await withModel([{ kind: 'status', status: 500 }]);
    const before = await checkReadiness(services);
    for (let i = 0; i < 5; i++) await chat(services, alice.address, { message: 'my account?' });
    const after = await checkReadiness(services);
    expect([before.models, after.models]).toEqual([
      [{ model: 'openai/m', breaker: 'closed' }],
      [{ model: 'openai/m', breaker: 'open' }],
    ]);
    expect(after.ready).toBe(before.ready);
  });

  it('that is refused before anything was said takes no place among those a trader keeps', async () => {
    const { userId } = ownerOf(alice.address);
    const conversations = async (services: Services) =>
      (await services.repositories.conversations.list(userId, {})).rows.map(({ id }) => id);
    const spent = await withModel([saying('never')], { AI_USER_TOKENS_PER_DAY: '10' });
    const before = await conversations(spent);
    await expect(chat(spent, alice.address, { message: 'hi' })).rejects.toMatchObject({ refusal: { code: 'AI_003' } });
    const { conversationId } = await chat(await withModel([saying('Hello.')]), alice.address, { message: 'hi' });
    expect(await conversations(spent)).toEqual([conversationId, ...before]);
    const again = chat(spent, alice.address, { message: 'hi', conversation_id: conversationId });
    await expect(again).rejects.toMatchObject({ refusal: { code: 'AI_003' } });
    expect(await conversations(spent)).toEqual([conversationId, ...before]);
  });

  it('beyond the budget of the day is refused before any model is asked, with the time until the next', async () => {
    const services = await withModel([saying('never')], { AI_USER_TOKENS_PER_DAY: '10' });
    const refusal = { code: 'AI_003', retryAfterSeconds: expect.any(Number) };
    await expect(chat(services, alice.address, { message: 'hi' })).rejects.toMatchObject({ refusal });
    await expect(asked(services)).rejects.toMatchObject({ refusal });
    expect(await received()).toEqual([]);
  });
});
