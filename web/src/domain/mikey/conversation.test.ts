import type { ChatEvent, ConversationDetailDto } from '#shared/protocol/ai-chat.ts';
import { describe, expect, test } from 'vitest';

import {
  answerUnderWay,
  emptyConversation,
  marketOfAnswer,
  reduceConversation,
  type Answer,
  type Conversation,
  type ConversationAction,
} from './conversation.ts';
import { proposalWith } from './testing.ts';

const conversationId = '0b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01';
const messageId = '1b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01';

const asked: ConversationAction = { type: 'asked', id: 'q1', text: 'Outlook?', symbol: 'SOL-PERP' };
const heard = (event: ChatEvent, atMs = 1_000): ConversationAction => ({ type: 'heard', event, atMs });
const start = heard({
  type: 'start',
  data: { conversation_id: conversationId, message_id: messageId, notice: 'No advice.', model: 'quantitative' },
});
const token = (text: string) => heard({ type: 'token', data: { text } });
const tool = (name: string, state: 'started' | 'done' | 'failed') =>
  heard({ type: 'tool', data: { name, state, symbol: null, figures: [] } });
const end = heard({ type: 'end', data: { message_id: messageId, model: 'openai/gpt', truncated: false } });

const after = (...actions: ConversationAction[]): Conversation => actions.reduce(reduceConversation, emptyConversation);
const answerOf = (state: Conversation): Answer => {
  const last = state.entries.at(-1);
  if (last?.kind !== 'answer') throw new Error('no answer');
  return last;
};

describe('an answer that streams', () => {
  test('its tokens become one text, in their order, in the place the question made for it', () => {
    const state = after(asked, start, token('Up '), token('0.4%.'), end);
    expect(state.entries.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['question q1/question', 'answer q1']);
    expect(answerOf(state)).toMatchObject({ text: 'Up 0.4%.', state: 'done', model: 'openai/gpt' });
    expect(state.id).toBe(conversationId);
  });

  test('the notice is there once, whatever later answers say', () => {
    const again = heard({
      type: 'start',
      data: { conversation_id: conversationId, message_id: messageId, notice: null, model: 'quantitative' },
    });
    expect(after(asked, start, end, { ...asked, id: 'q2' }, again, end).notice).toBe('No advice.');
  });

  test('what a tool came to takes the place of its beginning; the same tool used twice is there twice', () => {
    const state = after(
      ...[asked, start, tool('get_prices', 'started'), tool('get_prices', 'done')],
      ...[tool('get_prices', 'started'), tool('get_pool', 'started'), tool('get_pool', 'failed')],
    );
    expect(answerOf(state).tools.map(({ name, state: at }) => `${name} ${at}`)).toEqual([
      ...['get_prices done', 'get_prices started', 'get_pool failed'],
    ]);
    const again = reduceConversation(state, tool('get_prices', 'failed'));
    expect(answerOf(again).tools.map(({ state: at }) => at)).toEqual(['done', 'failed', 'failed']);
  });

  test('a proposal stands with its answer', () => {
    const state = after(asked, start, heard({ type: 'proposal', data: proposalWith() }), end);
    expect(answerOf(state).proposals).toHaveLength(1);
    expect(marketOfAnswer(answerOf(state))).toBe('SOL-PERP');
  });

  test('it is under way from the question to its end, and not a moment longer', () => {
    expect(answerUnderWay(after(asked))?.state).toBe('waiting');
    expect(answerUnderWay(after(asked, start))?.state).toBe('answering');
    expect(answerUnderWay(after(asked, start, end))).toBeUndefined();
  });

  test('an endless answer and endless tools are bounded', () => {
    const text = answerOf(after(asked, start, ...Array.from({ length: 9 }, () => token('x'.repeat(9_000))))).text;
    expect(text.length).toBe(40_000);
    const tools = Array.from({ length: 90 }, (_, at) => tool(`t${at}`, 'started'));
    expect(answerOf(after(asked, start, ...tools)).tools.length).toBe(40);
  });
});

describe('an answer that does not come to its end', () => {
  test('an error of the exchange ends it with its code and when to ask again; what was said stays', () => {
    const error = heard({
      type: 'error',
      data: {
        ...{ error: 'AssistantError', code: 'AI_003', message: 'Budget used.', timestamp: '2026-01-01T00:00:00.000Z' },
        ...{ request_id: 'r', retryable: true, retry_after_seconds: 60 },
      },
    });
    expect(answerOf(after(asked, start, token('Up'), error))).toMatchObject({
      ...{ text: 'Up', state: 'failed' },
      failure: { kind: 'budget', code: 'AI_003', againAtMs: 61_000 },
    });
  });

  test('a stream that breaks off is not taken for an answer', () => {
    expect(answerOf(after(asked, start, token('Up'), { type: 'closed' }))).toMatchObject({
      ...{ text: 'Up', state: 'failed' },
      failure: { kind: 'connection' },
    });
  });

  test('the end of the stream after its last event changes nothing', () => {
    expect(answerOf(after(asked, start, end, { type: 'closed' })).state).toBe('done');
  });

  test('stopped is stopped: what comes late is not added', () => {
    const state = after(asked, start, token('Up'), { type: 'stopped' }, token(' and away'), end);
    expect(answerOf(state)).toMatchObject({ text: 'Up', state: 'stopped' });
  });

  test('what comes for a conversation that was left is not heard', () => {
    expect(after(asked, start, { type: 'cleared' }, token('Up'))).toEqual(emptyConversation);
    expect(after(asked, { type: 'cleared' }, start)).toEqual(emptyConversation);
  });
});

test('a kept conversation opens as it was, without its notice, and an answer that broke off says so', () => {
  const message = { tools: [], proposals: [], created_at: '2026-01-01T00:00:00.000Z' };
  const detail: ConversationDetailDto = {
    ...{ conversation_id: conversationId, title: 'Outlook?' },
    ...{ created_at: '2026-01-01T00:00:00.000Z', updated_at: '2026-01-01T00:00:00.000Z' },
    messages: [
      { ...message, message_id: 'm1', role: 'user', text: 'Outlook?', model: null, complete: true },
      { ...message, message_id: 'm2', role: 'assistant', text: 'Up', model: 'quantitative', complete: false },
    ],
  };
  const state = after(asked, start, { type: 'opened', detail });
  expect(state).toMatchObject({ id: conversationId, notice: null });
  expect(state.entries.map((entry) => [entry.kind, entry.text])).toEqual([
    ['question', 'Outlook?'],
    ['answer', 'Up'],
  ]);
  expect(answerOf(state).state).toBe('stopped');
});
