import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, test } from 'vitest';
import type { ChatEvent } from '#shared/protocol/ai-chat.ts';

import { createClient } from './client.ts';
import { ServerSentEvents } from './sse.ts';

describe('server-sent events', () => {
  const text = 'event: token\ndata: {"text":"a"}\n\n: comment\n\nevent: end\ndata: {"x":\ndata: 1}\n\n';
  const expected = [
    { event: 'token', data: '{"text":"a"}' },
    { event: 'end', data: '{"x":\n1}' },
  ];

  test('are the same however the text is cut', () => {
    for (let size = 1; size <= text.length; size++) {
      const events = new ServerSentEvents();
      const pieces = text.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
      expect(pieces.flatMap((piece) => events.push(piece))).toEqual(expected);
    }
  });

  test('have an end: one longer than any that is sent is refused', () => {
    expect(() => new ServerSentEvents().push('x'.repeat(1_000_001))).toThrow(RangeError);
  });
});

describe('an answer that streams', () => {
  const id = '5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01';
  let close: () => void = () => undefined;
  afterEach(() => close());

  const served = async (answer: (response: ServerResponse, request: number) => void, silenceMsMax = 5_000) => {
    let requests = 0;
    const server = createServer((_request, response) => answer(response, ++requests));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    close = () => {
      server.closeAllConnections();
      server.close();
    };
    let token = 'old';
    return createClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      accessToken: () => token,
      refresh: async () => ((token = 'new'), true),
      bounds: { silenceMsMax },
    }).assistant;
  };
  const heard = async (events: AsyncGenerator<ChatEvent>) => {
    const all: ChatEvent[] = [];
    for await (const event of events) all.push(event);
    return all;
  };
  const begin = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
  const token = (text: string) => `event: token\ndata: ${JSON.stringify({ text })}\n\n`;
  const end = `event: end\ndata: {"message_id":"${id}","model":"quantitative","truncated":false}\n\n`;

  test('is given event by event; events of a newer exchange are left out', async () => {
    const assistant = await served((response) => begin(response).end(`${token('so')}event: smell\ndata: 1\n\n${end}`));
    expect(await heard(assistant.chat({ message: 'why?' }))).toEqual([
      { type: 'token', data: { text: 'so' } },
      { type: 'end', data: { message_id: id, model: 'quantitative', truncated: false } },
    ]);
  });

  test('is asked for once more with a new token, and no other refusal is repeated', async () => {
    const refuse = (code: string) =>
      JSON.stringify({ error: 'X', code, message: 'why', retryable: true, request_id: 'r' });
    let asked = 0;
    const assistant = await served((response, request) => {
      asked = request;
      if (request === 1) response.writeHead(401, { 'content-type': 'application/json' }).end(refuse('AUTH_002'));
      else if (request === 2) begin(response).end(end);
      else response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '7' }).end(refuse('AI_007'));
    });
    expect(await heard(assistant.chat({ message: 'why?' }))).toHaveLength(1);
    await expect(heard(assistant.chat({ message: 'why?' }))).rejects.toMatchObject({
      code: 'AI_007',
      retryAfterMs: 7_000,
    });
    expect(asked).toBe(3);
  });

  test('that breaks off, says nothing, or does not fit its schema is an error, after what was heard', async () => {
    const broken = await served((response) => {
      begin(response).write(token('so'));
      setTimeout(() => response.destroy(), 50);
    });
    await expect(heard(broken.chat({ message: 'why?' }))).rejects.toMatchObject({ code: 'CLIENT_NETWORK' });
    close();
    const silent = await served((response) => void begin(response).write(token('so')), 100);
    await expect(heard(silent.chat({ message: 'why?' }))).rejects.toMatchObject({ code: 'CLIENT_TIMEOUT' });
    close();
    const strange = await served((response) => begin(response).end('event: token\ndata: {"text":1}\n\n'));
    await expect(heard(strange.chat({ message: 'why?' }))).rejects.toMatchObject({ code: 'CLIENT_BAD_ANSWER' });
  });

  test('ends with its caller: leaving the loop, or aborting, closes the connection', async () => {
    let closed: Promise<unknown> = Promise.resolve();
    const assistant = await served((response) => {
      closed = once(response, 'close');
      begin(response).write(token('so'));
    });
    for await (const event of assistant.chat({ message: 'why?' })) if (event.type === 'token') break;
    await closed;
    const abort = new AbortController();
    const answer = assistant.chat({ message: 'why?' }, abort.signal);
    await answer.next();
    abort.abort();
    await expect(answer.next()).rejects.toMatchObject({ code: 'CLIENT_ABORTED' });
    await closed;
  });
});
