import type { ChatEventName } from '#shared/protocol/ai-chat.ts';
import { exports } from 'cloudflare:workers';
import { origin } from './caller.ts';

/** An event of an answer's stream, as it was read. */
export interface HeardEvent {
  readonly name: ChatEventName;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Server-sent events, each of one `event` and one `data` line. @throws where a line is neither */
export function eventsIn(text: string): HeardEvent[] {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) => {
      const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
      if (name === undefined || data === undefined) throw new Error(`no event: ${block}`);
      return { name: name as ChatEventName, data: JSON.parse(data) as HeardEvent['data'] };
    });
}

/** Asks the assistant; the whole answer, once it has ended. */
export async function ask(token: string, body: Readonly<Record<string, unknown>>) {
  const response = await exports.default.fetch(`${origin}/api/ai/chat`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'cf-connecting-ip': `10.${crypto.getRandomValues(new Uint8Array(3)).join('.')}`,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status} ${text}`);
  const events = eventsIn(text);
  const of = (name: ChatEventName) => events.filter((event) => event.name === name).map(({ data }) => data);
  return {
    events,
    of,
    text: of('token')
      .map(({ text: piece }) => piece)
      .join(''),
    start: of('start')[0] ?? {},
  };
}
