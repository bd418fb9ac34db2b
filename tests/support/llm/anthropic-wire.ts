import type { Wire, WrittenAnswer } from './behaviour.ts';

const frame = (type: string, data: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const stopReasons = { complete: 'end_turn', length: 'max_tokens', refusal: 'refusal' } as const;
const errorTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};

function start(input: number): string {
  const usage = {
    input_tokens: input,
    output_tokens: Math.min(1, input),
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
  };
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    content: [],
    model: 'm',
    stop_reason: null,
    usage,
  };
  return frame('message_start', { message });
}

function block(index: number, content: object, deltas: readonly object[]): string[] {
  return [
    frame('content_block_start', { index, content_block: content }),
    ...deltas.map((delta) => frame('content_block_delta', { index, delta })),
    frame('content_block_stop', { index }),
  ];
}

const textBlock = (index: number, text: readonly string[]): string[] =>
  block(
    index,
    { type: 'text', text: '' },
    text.map((piece) => ({ type: 'text_delta', text: piece })),
  );

/** Arguments are streamed in two halves, as providers do. */
function toolBlock(index: number, { name, args }: NonNullable<WrittenAnswer['toolCalls']>[number]): string[] {
  const halves = [args.slice(0, args.length >> 1), args.slice(args.length >> 1)];
  const deltas = halves.map((part) => ({ type: 'input_json_delta', partial_json: part }));
  return block(index, { type: 'tool_use', id: `toolu_${index}`, name, input: {} }, deltas);
}

interface Block {
  readonly type: string;
  readonly id?: string;
  readonly tool_use_id?: string;
}
interface Message {
  readonly role: string;
  readonly content: string | readonly Block[];
}

const blocksOf = ({ content }: Message): readonly Block[] => (typeof content === 'string' ? [] : content);

/** Anthropic's Messages, streamed (platform.claude.com/docs/en/api/messages-streaming). */
export const anthropicWire: Wire = {
  path: '/v1/messages',

  problemOf(body, headers) {
    if (headers['anthropic-version'] === undefined) return 'no anthropic-version';
    if (body['stream'] !== true) return 'not streamed';
    if (typeof body['max_tokens'] !== 'number') return 'no max_tokens';
    const forced = (body['tool_choice'] as { type?: string } | undefined)?.type;
    if (forced === 'any' || forced === 'tool') return 'tool_choice forces tool use, which this model does not support';
    const messages = body['messages'] as readonly Message[];
    if (!Array.isArray(messages) || messages[0]?.role !== 'user') return 'the first message is not of the user';
    for (const [place, message] of messages.entries()) {
      const asked = blocksOf(message).flatMap(({ type, id }) => (type === 'tool_use' && id !== undefined ? [id] : []));
      const next = messages[place + 1];
      const answered = next === undefined ? [] : blocksOf(next).flatMap(({ tool_use_id: id }) => id ?? []);
      if (asked.some((id) => !answered.includes(id))) return 'tool_use ids were found without tool_result blocks';
      if (asked.some((id) => !/^[a-zA-Z0-9_-]+$/.test(id))) return 'tool_use id does not fit its pattern';
    }
    return null;
  },

  error: (status, message) =>
    JSON.stringify({ type: 'error', error: { type: errorTypes[status] ?? 'api_error', message } }),
  begin: (input) => [start(input), frame('ping', {}), ...textBlock(0, []).slice(0, 1)],
  text: (piece) => frame('content_block_delta', { index: 0, delta: { type: 'text_delta', text: piece } }),

  answer({ text = [], toolCalls = [], thinking, end = 'complete', usage, withUnknownEvents = false }) {
    const stopReason = toolCalls.length > 0 ? 'tool_use' : stopReasons[end];
    const unknown = withUnknownEvents
      ? [
          frame('mood', { mood: 'fine' }),
          frame('content_block_delta', { index: 9, delta: { type: 'mood_delta', mood: 1 } }),
        ]
      : [];
    const thoughts =
      thinking === undefined
        ? []
        : block(0, { type: 'thinking', thinking: '', signature: '' }, [
            { type: 'thinking_delta', thinking: thinking.text },
            { type: 'signature_delta', signature: thinking.signature },
          ]);
    const { input, output } = usage ?? { input: 0, output: 0 };
    return [
      start(input),
      frame('ping', {}),
      ...unknown,
      ...thoughts,
      ...(text.length === 0 ? [] : textBlock(1, text)),
      ...toolCalls.flatMap((call, place) => toolBlock(place + 2, call)),
      ...unknown,
      frame('message_delta', {
        delta: { stop_reason: stopReason, stop_sequence: null },
        usage: { output_tokens: output },
      }),
      frame('message_stop', {}),
    ];
  },

  errorEvent: () => frame('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }),
  invalidJson: () => 'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":\n\n',
};
