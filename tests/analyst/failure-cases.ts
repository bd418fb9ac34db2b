import * as z from 'zod';
import type { Behaviour } from '#support/llm/behaviour.ts';
import type { ModelBounds } from '../../workers/analyst/models/bounds.ts';

/** A way in which a model fails; its name is its row in docs/analyst-models.md. */
export interface FailureCase {
  readonly name: string;
  /** Request by request; the last one for all that follow. */
  readonly behaviours: readonly Behaviour[];
  /** Asked for a value in place of text. */
  readonly isStructured?: boolean;
  readonly bounds?: Partial<ModelBounds>;
}

export const schema = z.object({ direction: z.enum(['buy', 'sell']), reasoning: z.string() });
export const goodValue = { direction: 'buy', reasoning: 'the trend' } as const;

const words = ['The price ', 'of SOL ', 'is rising.'];
const good: Behaviour = { kind: 'answer', text: words };
const status = (code: number, headers: Readonly<Record<string, string>> = {}): Behaviour => ({
  ...{ kind: 'status', status: code, headers, message: 'refused: key sk-test-0123456789abcdef' },
});
const asks = (name: string, args: string): Behaviour => ({ kind: 'answer', toolCalls: [{ name, args }] });
const silent = { headersMsMax: 400, silenceMsMax: 400 };

export const failureCases: readonly FailureCase[] = [
  { name: '429, `Retry-After` short', behaviours: [status(429, { 'retry-after': '1' }), good] },
  { name: '429, `Retry-After` long', behaviours: [status(429, { 'retry-after': '60' })] },
  { name: '429, again and again', behaviours: [status(429)] },
  { name: '500, then well', behaviours: [status(500), good] },
  { name: '500, again and again', behaviours: [status(500)] },
  { name: '529 overloaded', behaviours: [status(529)] },
  { name: '401, the key is refused', behaviours: [status(401)] },
  { name: '400, the request is refused', behaviours: [status(400)] },
  { name: '302, a redirect', behaviours: [status(302, { location: 'http://127.0.0.1:9/' })] },
  { name: 'connection reset', behaviours: [{ kind: 'reset' }] },
  { name: 'no headers in time', behaviours: [{ kind: 'hang' }], bounds: silent },
  { name: 'stalled before the first token', behaviours: [{ kind: 'stall', text: [] }], bounds: silent },
  { name: 'stalled after the first token', behaviours: [{ kind: 'stall', text: words }], bounds: silent },
  { name: 'reset before the first token', behaviours: [{ kind: 'cut', text: [], by: 'reset' }] },
  { name: 'reset after the first token', behaviours: [{ kind: 'cut', text: words, by: 'reset' }] },
  { name: 'ended early, before the first token', behaviours: [{ kind: 'cut', text: [], by: 'end' }] },
  { name: 'ended early, after the first token', behaviours: [{ kind: 'cut', text: words, by: 'end' }] },
  { name: 'error event before the first token', behaviours: [{ kind: 'error_event', text: [] }, good] },
  { name: 'error event after the first token', behaviours: [{ kind: 'error_event', text: words }] },
  { name: 'an event that is no JSON', behaviours: [{ kind: 'invalid_json' }] },
  { name: 'event types nobody knows', behaviours: [{ kind: 'answer', text: words, withUnknownEvents: true }] },
  {
    name: 'a web page in place of an answer',
    behaviours: [{ kind: 'page', contentType: 'text/html', body: '<html><body>Welcome to the Wi-Fi</body></html>' }],
  },
  {
    name: 'JSON in place of a stream',
    behaviours: [{ kind: 'page', contentType: 'application/json', body: '{"choices":[{"message":{"content":"hi"}}]}' }],
  },
  { name: 'an empty answer', behaviours: [{ kind: 'answer' }] },
  { name: 'a refusal', behaviours: [{ kind: 'answer', end: 'refusal' }] },
  { name: 'a refusal after some text', behaviours: [{ kind: 'answer', text: words, end: 'refusal' }] },
  { name: 'out of output tokens', behaviours: [{ kind: 'answer', text: words, end: 'length' }] },
  { name: 'a huge answer', behaviours: [{ kind: 'endless', piece: 'more and '.repeat(100) }] },
  {
    name: 'a huge event',
    behaviours: [{ kind: 'endless', piece: 'more and '.repeat(1_000), isOneEvent: true }],
    bounds: { streamBytesMax: 200_000 },
  },
  { name: 'a malformed tool call', behaviours: [asks('price', '{"symbol":"SOL'), good] },
  { name: 'a tool call that does not fit', behaviours: [asks('price', '{"symbol":7}'), good] },
  { name: 'a tool that does not exist', behaviours: [asks('sell everything', '{}'), good] },
  {
    name: 'a hundred tool calls at once',
    behaviours: [{ kind: 'answer', toolCalls: Array.from({ length: 100 }, () => ({ name: 'price', args: '' })) }],
  },
  { name: 'tools without an end', behaviours: [asks('price', '{"symbol":"SOL"}')] },
  {
    name: 'a wrong form, then the right one',
    behaviours: [asks('answer', '{"direction":"up"}'), asks('answer', JSON.stringify(goodValue))],
    isStructured: true,
  },
  { name: 'a wrong form twice', behaviours: [asks('answer', '{"direction":"up"}')], isStructured: true },
  { name: 'words in place of a form, twice', behaviours: [good], isStructured: true },
  {
    name: 'text that breaks off, where a form is asked for',
    behaviours: [{ kind: 'cut', text: words, by: 'reset' }],
    isStructured: true,
  },
  {
    name: 'the form as text',
    behaviours: [{ kind: 'answer', text: ['```json\n', JSON.stringify(goodValue), '\n```'] }],
    isStructured: true,
  },
];
