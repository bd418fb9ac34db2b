import { describe, expect, it } from 'vitest';
import type { ChatEvent } from '#shared/protocol/ai-chat.ts';
import { ServerSentEvents } from '#sdk/sse.ts';
import { answerStream } from './answer-stream.ts';

const token = (text: string): ChatEvent => ({ type: 'token', data: { text } });
const hour = 3_600_000;

/** Events, and whether whoever made them was let go. */
function saying(make: () => AsyncGenerator<ChatEvent, void>) {
  const state = { isOver: false };
  async function* events(): AsyncGenerator<ChatEvent, void> {
    try {
      yield* make();
    } finally {
      state.isOver = true;
    }
  }
  return { events: events(), state };
}

describe('an answer as a stream', () => {
  it('ends where its caller never reads it: its model is told to stop, and it is kept', async () => {
    const { events, state } = saying(async function* () {
      for (;;) yield token('more');
    });
    const stop = new AbortController();
    const { stream, ended } = answerStream(events, stop, { answerMsMax: 20, silenceMsMax: hour });
    await ended;
    expect([state.isOver, stop.signal.aborted]).toEqual([true, true]);
    await expect(new Response(stream).text()).rejects.toThrow();
  });

  it('is never silent for long while a model thinks, and its comments say nothing', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { events } = saying(async function* () {
      await promise;
      yield token('At last.');
    });
    const { stream, ended } = answerStream(events, new AbortController(), { answerMsMax: hour, silenceMsMax: 5 });
    const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
    const silent = await Promise.all([reader.read(), reader.read()]);
    resolve();
    let text = '';
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) text += piece.value;
    await ended;
    expect(silent.every(({ value }) => value?.startsWith(':') === true)).toBe(true);
    expect(new ServerSentEvents().push(text)).toEqual([{ event: 'token', data: '{"text":"At last."}' }]);
  });

  it('ends with its caller: what made it is let go', async () => {
    const { events, state } = saying(async function* () {
      for (;;) yield token('more');
    });
    const stop = new AbortController();
    const { stream, ended } = answerStream(events, stop);
    const reader = stream.getReader();
    await reader.read();
    await reader.cancel();
    await ended;
    expect([state.isOver, stop.signal.aborted]).toEqual([true, true]);
  });
});
