import type { Wire, WrittenAnswer } from './behaviour.ts';

const frame = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`;
const finishReasons = { complete: 'stop', length: 'length', refusal: 'content_filter' } as const;

function chunk(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason, logprobs: null }];
  return frame({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_700_000_000,
    model: 'm',
    choices,
    usage: null,
  });
}

/** Arguments are streamed in two halves, as providers do. */
function toolCallFrames(toolCalls: NonNullable<WrittenAnswer['toolCalls']>): string[] {
  return toolCalls.flatMap(({ name, args }, index) => {
    const [first, second] = [args.slice(0, args.length >> 1), args.slice(args.length >> 1)];
    const opening = { index, id: `call_${index}:odd id`, type: 'function', function: { name, arguments: '' } };
    return [
      chunk({ tool_calls: [opening] }),
      ...[first, second].map((part) => chunk({ tool_calls: [{ index, function: { arguments: part } }] })),
    ];
  });
}

interface ChatMessage {
  readonly role: string;
  readonly content?: unknown;
  readonly tool_calls?: readonly { readonly id: string; readonly function: { readonly arguments: string } }[];
  readonly tool_call_id?: string;
}

/** OpenAI's Chat Completions, streamed (platform.openai.com/docs/api-reference/chat). */
export const openAiWire: Wire = {
  path: '/chat/completions',

  problemOf(body, headers) {
    if (headers['content-type'] !== 'application/json') return 'content-type';
    if (body['stream'] !== true) return 'not streamed';
    if (typeof body['model'] !== 'string') return 'no model';
    const messages = body['messages'] as readonly ChatMessage[];
    if (!Array.isArray(messages) || messages.length === 0) return 'no messages';
    const open = new Set<string>();
    for (const { role, tool_calls: calls, tool_call_id: id } of messages) {
      if (role === 'tool') {
        if (id === undefined || !open.delete(id)) return 'a tool message answers no tool call';
        continue;
      }
      if (open.size > 0) return 'tool calls without an answer';
      for (const call of calls ?? []) {
        JSON.parse(call.function.arguments);
        open.add(call.id);
      }
    }
    return open.size > 0 ? 'tool calls without an answer' : null;
  },

  error: (status, message) => JSON.stringify({ error: { message, type: 'error', param: null, code: String(status) } }),
  begin: () => [chunk({ role: 'assistant', content: '', refusal: null })],
  text: (piece) => chunk({ content: piece }),

  answer({ text = [], toolCalls = [], end = 'complete', usage, withUnknownEvents = false }) {
    const finish = toolCalls.length > 0 ? 'tool_calls' : finishReasons[end];
    const unknown = withUnknownEvents ? [': a comment\n\n', 'event: mood\ndata: {"choices":[],"mood":"fine"}\n\n'] : [];
    const { input, output } = usage ?? { input: 0, output: 0 };
    const told = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    return [
      ...this.begin(input),
      ...unknown,
      ...text.map((piece) => chunk({ content: piece })),
      ...(end === 'refusal' ? [chunk({ refusal: 'I cannot help with that.' })] : []),
      ...toolCallFrames(toolCalls),
      ...unknown,
      chunk({}, finish),
      ...(usage === null
        ? []
        : [frame({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [], usage: told })]),
      'data: [DONE]\n\n',
    ];
  },

  errorEvent: () => frame({ error: { message: 'the server had an error', type: 'server_error' } }),
  invalidJson: () => 'data: {"choices":[{"delta":\n\n',
};
