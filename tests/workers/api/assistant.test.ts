import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisDto, TrackRecordDto } from '#shared/protocol/ai.ts';
import type { ChatMessageDto, ConversationDto } from '#shared/protocol/ai-chat.ts';
import type { ErrorResponse } from '#shared/protocol/errors.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { RequestKind } from '../../../workers/analyst/contract.ts';
import { servicesOf } from '../../../workers/api/services.ts';
import { newId, userIdOf } from '../../../workers/platform/ids.ts';
import { until } from '../market/hermes-control.ts';
import { ask } from './assistant.ts';
import { call } from './caller.ts';
import { ApiTrader, type Plain } from './trader.ts';

type Analysis = Plain<AnalysisDto>;
interface Detail {
  readonly conversation_id: string;
  readonly messages: readonly ChatMessageDto[];
}

let trader: ApiTrader;
let other: ApiTrader;
beforeAll(async () => {
  trader = await ApiTrader.open(1_000);
  other = await ApiTrader.signedIn();
});

const analyze = (who: ApiTrader, change: object = {}) =>
  who.call<Analysis & ErrorResponse>('POST', '/api/ai/analyze', {
    body: { symbol: 'SOL-PERP', analysis_type: 'market_analysis', ...change },
  });
/** What a text cites in square brackets. */
const cited = (text: string): string[] => [...text.matchAll(/\[([a-z0-9_]+)\]/g)].map(([, id]) => id ?? '');

describe('an analysis', () => {
  it('without any model comes from the figures, cites only what it has, expires with its horizon and is kept', async () => {
    const { status, body } = await analyze(trader, { horizon: '15m' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ symbol: 'SOL-PERP', model: 'quantitative', is_active: true, outcome: null });
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(900_000);
    expect(body.confidence_score).toBeGreaterThanOrEqual(0);
    expect(body.confidence_score).toBeLessThanOrEqual(1);
    const ids = body.figures.map(({ id }) => id);
    expect(cited(body.reasoning).length).toBeGreaterThan(0);
    expect(ids).toEqual(expect.arrayContaining(cited(body.reasoning)));
    const kept = await trader.expect<Analysis[]>(200, 'GET', '/api/ai/analyses?symbol=SOL-PERP&limit=1');
    expect(kept).toEqual([body]);
  });

  it('of risk speaks of the own position in what the market usually moves, and makes no forecast', async () => {
    const { body: before } = await analyze(trader, { symbol: 'BTC-PERP', analysis_type: 'risk_assessment' });
    expect(before).toMatchObject({ recommendation: 'hold', probability_up: null });
    expect(before.reasoning).toContain('You hold no position in BTC-PERP');
    const { body: order } = await trader.place({ quantity: 2, leverage: 5 });
    expect(order.status).toBe('filled');
    const { body } = await analyze(trader, { analysis_type: 'risk_assessment' });
    expect(body.probability_up).toBeNull();
    expect(body.reasoning).toContain('Your long position of 2 SOL [position]');
    expect(body.figures.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['equity', 'margin_ratio', 'liquidation_distance']),
    );
  });

  it('is its trader’s alone: nobody else sees it, or can name it in an order', async () => {
    const { body } = await analyze(trader, { analysis_type: 'trading_signal' });
    expect(await other.expect<Analysis[]>(200, 'GET', '/api/ai/analyses')).toEqual([]);
    const order = { order_type: 'limit', price: 50, analysis_id: body.analysis_id };
    const placed = await trader.place(order);
    expect([placed.status, (placed.body as Plain<OrderDto>).analysis_id]).toEqual([201, body.analysis_id]);
    const refused = await other.place(order);
    expect([refused.status, refused.body.code]).toEqual([422, 'AI_006']);
    const invented = await trader.place({ ...order, analysis_id: crypto.randomUUID() });
    expect([invented.status, invented.body.code]).toEqual([422, 'AI_006']);
  });

  it('needs a signed-in trader, a known market and a known kind', async () => {
    expect((await call('POST', '/api/ai/analyze', { body: {} })).status).toBe(401);
    expect((await analyze(trader, { symbol: 'DOGE-PERP' })).body.code).toBe('MARKET_001');
    for (const change of [{ analysis_type: 'horoscope' }, { horizon: '2y' }, { user_id: crypto.randomUUID() }]) {
      expect((await analyze(trader, change)).body.code, JSON.stringify(change)).toBe('VALIDATION_001');
    }
  });
});

describe('the track record', () => {
  it('is public, and says of whom nothing', async () => {
    const { status, body } = await call<TrackRecordDto>('GET', '/api/ai/track-record?symbol=SOL-PERP');
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['updated_at', 'entries']);
    expect(JSON.stringify(body)).not.toContain(trader.address);
  });
});

describe('a conversation without any model', () => {
  it('streams an answer made of figures, with one notice per conversation, and is kept until it is deleted', async () => {
    const first = await ask(trader.token, { message: 'What is the outlook of SOL for 15 minutes?' });
    expect(first.events.map(({ name }) => name)).toEqual(expect.arrayContaining(['start', 'tool', 'token', 'end']));
    expect([first.events[0]?.name, first.events.at(-1)?.name]).toEqual(['start', 'end']);
    expect(first.start).toMatchObject({
      model: 'quantitative',
      notice: expect.stringContaining('not a financial adviser'),
    });
    expect(first.of('tool')).toMatchObject([
      { name: 'assess_market', state: 'started', symbol: 'SOL-PERP' },
      { name: 'assess_market', state: 'done', symbol: 'SOL-PERP' },
    ]);
    const id = String(first.start['conversation_id']);
    const second = await ask(trader.token, { message: 'And my account?', conversation_id: id });
    expect(second.start).toMatchObject({ conversation_id: id, notice: null });
    expect(second.text).toContain('Your account is worth');

    const path = `/api/ai/conversations/${id}`;
    const kept = await trader.expect<Detail>(200, 'GET', path);
    expect(kept.messages.map(({ role, text }) => [role, text])).toEqual([
      ['user', 'What is the outlook of SOL for 15 minutes?'],
      ['assistant', first.text],
      ['user', 'And my account?'],
      ['assistant', second.text],
    ]);
    const list = await trader.expect<ConversationDto[]>(200, 'GET', '/api/ai/conversations');
    expect(list).toMatchObject([
      { conversation_id: id, title: 'What is the outlook of SOL for 15 minutes?', messages: 4 },
    ]);
    expect(await trader.expect(200, 'DELETE', path)).toEqual({ deleted: 1 });
    for (const method of ['GET', 'DELETE']) {
      expect((await trader.call<ErrorResponse>(method, path)).body.code).toBe('AI_004');
    }
    const gone = await trader.call<ErrorResponse>('POST', '/api/ai/chat', {
      body: { message: 'And?', conversation_id: id },
    });
    expect([gone.status, gone.body.code]).toEqual([404, 'AI_004']);
  });

  it('is its trader’s alone: nobody else reads, continues or deletes it', async () => {
    const { start } = await ask(trader.token, { message: 'my balance' });
    const id = String(start['conversation_id']);
    const path = `/api/ai/conversations/${id}`;
    expect((await other.call<ErrorResponse>('GET', path)).body.code).toBe('AI_004');
    expect((await other.call<ErrorResponse>('DELETE', path)).body.code).toBe('AI_004');
    const body = { message: 'What did he ask?', conversation_id: id };
    expect((await other.call<ErrorResponse>('POST', '/api/ai/chat', { body })).body.code).toBe('AI_004');
    expect(await other.expect(200, 'DELETE', '/api/ai/conversations')).toEqual({ deleted: 0 });
    expect((await trader.expect<Detail>(200, 'GET', path)).messages).toHaveLength(2);
  });

  it('proposes a ticket that placing takes as it is, and places nothing itself', async () => {
    const orders = () => trader.expect<unknown[]>(200, 'GET', '/api/trading/orders?limit=200');
    const before = (await orders()).length;
    const { of, text, start } = await ask(trader.token, { message: 'buy 1.5 ETH at 3x', screen: 'trade' });
    const [proposal] = of('proposal') as unknown as {
      order: Record<string, unknown>;
      before: object;
      preview: object;
    }[];
    expect(proposal?.order).toMatchObject({
      symbol: 'ETH-PERP',
      side: 'buy',
      order_type: 'market',
      quantity: 1.5,
      leverage: 3,
    });
    expect(proposal?.before).toMatchObject({ position: null });
    expect(proposal?.preview).toMatchObject({ intent: 'open', opens: 1.5 });
    expect(text).toContain('Nothing is sent until you confirm it');
    expect((await orders()).length).toBe(before);
    const kept = await trader.expect<Detail>(200, 'GET', `/api/ai/conversations/${String(start['conversation_id'])}`);
    expect(kept.messages[1]?.proposals).toEqual([proposal]);
    const preview = await trader.call('POST', '/api/trading/preview', { body: proposal?.order });
    expect(preview.status).toBe(200);
  });

  it('proposes with leverage and slippage spelled out: a ticket that stands at others sends what was shown', async () => {
    const { of } = await ask(trader.token, { message: 'sell 1 ETH', screen: 'trade' });
    const [proposal] = of('proposal') as unknown as { order: Record<string, number>; preview: { leverage: number } }[];
    expect(proposal?.order['leverage']).toBeGreaterThan(0);
    expect(proposal?.order['max_slippage_bps']).toBeGreaterThan(0);
    const limit = await ask(trader.token, { message: 'buy 1 SOL at 50', screen: 'trade' });
    const [resting] = limit.of('proposal') as unknown as { order: Record<string, unknown> }[];
    expect(resting?.order).toMatchObject({ order_type: 'limit', price: 50, quantity: 1 });
    expect(resting?.order['max_slippage_bps']).toBeUndefined();
  });

  it('fills in nothing for an order it does not wholly understand', async () => {
    const { of, text } = await ask(trader.token, { message: 'close half my SOL position', symbol: 'SOL-PERP' });
    expect(of('proposal')).toEqual([]);
    expect(text).toContain('I fill in nothing');
  });

  it('tells what a move of the price would make of the position held, and that there is none where none is', async () => {
    const { text, of } = await ask(trader.token, { message: 'What if SOL falls 10 %?', screen: 'trade' });
    expect(of('tool').map(({ name }) => name)).toContain('what_if_price');
    expect(text).toMatch(
      /\(10% lower\) your position in SOL-PERP would be worth −?[\d,.]+ USDC with an unrealized PnL of −[\d,.]+ USDC/,
    );
    const fallen = await ask(trader.token, { message: 'what if SOL drops to 1', screen: 'trade' });
    expect(fallen.text).toContain('It would be liquidated there, or before.');
    const none = await ask(other.token, { message: 'What if SOL falls 10 %?', screen: 'trade' });
    expect(none.text).toContain('There is no open position in SOL-PERP');
  });

  it('promises no probability where it gives none', async () => {
    const { text } = await ask(trader.token, { message: 'outlook of SOL for a day' });
    expect(text.includes('No probability is given')).toBe(!text.includes('This is a probability'));
  });

  it('about risk speaks of every position held, where none is named', async () => {
    const { text } = await ask(trader.token, { message: 'How far are my positions from liquidation?', screen: 'risk' });
    expect(text).toContain('in SOL-PERP');
  });

  it('carries with an assessment the figures it cites', async () => {
    const { of, text } = await ask(trader.token, { message: 'outlook of SOL', symbol: 'SOL-PERP' });
    const tools = of('tool') as unknown as { state: string; figures: { id: string }[] }[];
    const ids = tools.find(({ state }) => state === 'done')?.figures.map(({ id }) => id);
    expect(cited(text).length).toBeGreaterThan(0);
    expect(ids).toEqual(expect.arrayContaining(cited(text)));
  });

  it('says what it cannot do, and shows no account but the asker’s whatever the question names', async () => {
    const poem = await ask(other.token, {
      message: 'Please write me a long poem about the sea and the moon and stars',
    });
    expect(poem.text).toContain('without a language model I understand only some questions');
    const { text } = await ask(other.token, { message: `show the positions of ${trader.address}` });
    expect(text).toContain('I see your own account alone');
  });

  it('takes a question of 1 to 4,000 characters, and no field it does not know', async () => {
    for (const body of [
      {},
      { message: '  ' },
      { message: 'x'.repeat(4_001) },
      { message: 'hi', wallet: trader.address },
    ]) {
      const { status, body: answer } = await trader.call<ErrorResponse>('POST', '/api/ai/chat', { body });
      expect([status, answer.code], JSON.stringify(body).slice(0, 60)).toEqual([400, 'VALIDATION_001']);
    }
  });
});

describe('what a trader may ask', () => {
  it('in an hour stays what it is when he deletes his conversations: 120 questions and 60 analyses', async () => {
    const asker = await ApiTrader.signedIn();
    const owner = { wallet: asker.address, userId: userIdOf(asker.address) };
    const { aiRequests } = servicesOf(env).repositories;
    const use = async (kind: RequestKind, times: number) => {
      const counted = { kind, windowMs: 3_600_000, max: 120 };
      for (let count = 0; count < times; count++)
        expect((await aiRequests.admit(owner, { id: newId(), atMs: Date.now(), ...counted })).admitted).toBe(true);
    };
    await use('question', 119);
    await ask(asker.token, { message: 'my balance' });
    expect(await asker.expect(200, 'DELETE', '/api/ai/conversations')).toEqual({ deleted: 1 });
    const refused = await asker.call<ErrorResponse>('POST', '/api/ai/chat', { body: { message: 'my balance' } });
    expect([refused.status, refused.body.code]).toEqual([429, 'AI_007']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(3_000);
    expect(await asker.expect(200, 'GET', '/api/ai/conversations')).toEqual([]);
    expect((await analyze(asker)).status).toBe(200);
    await use('analyze', 59);
    expect((await analyze(asker)).body).toMatchObject({
      code: 'AI_007',
      message: expect.stringContaining('60 analyses'),
    });
  });

  it('in a minute is thirty requests to the assistant, his own alone, and reading what was said is none of them', async () => {
    const [asker, bystander] = [await ApiTrader.signedIn(), await ApiTrader.signedIn()];
    const send = (who: ApiTrader) => who.call<ErrorResponse>('POST', '/api/ai/chat', { body: { message: '' } });
    const first = await send(asker);
    expect([first.status, first.headers.get('ratelimit-policy')]).toEqual([400, '"assistant";q=30;w=60']);
    // A minute may begin in the middle of so many, and then they are counted anew.
    const refused = await until('one is refused', async () => {
      const answers = await Promise.all(Array.from({ length: 31 }, () => send(asker)));
      return answers.find(({ status }) => status === 429);
    });
    expect([refused.body.code, refused.headers.get('retry-after')]).toEqual(['RATE_001', '60']);
    expect((await send(bystander)).status).toBe(400);
    expect(await asker.expect(200, 'GET', '/api/ai/conversations')).toEqual([]);
  });
});
