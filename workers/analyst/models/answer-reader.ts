import type { ChatGenerationChunk } from '@langchain/core/outputs';
import { bytesOf, type ModelBounds } from './bounds.ts';
import type { ThinkingBlock } from './conversation.ts';
import { ProviderFailure } from './provider-failure.ts';

/** How an answer ended: whole, at its bound of tokens, or with the model declining. */
export type AnswerEnd = 'complete' | 'length' | 'refusal';

/** One answer of a model, as it came. */
export interface Answer {
  readonly text: string;
  /** Arguments as the model wrote them: JSON, if it is well. */
  readonly toolCalls: readonly { readonly name: string; readonly args: string }[];
  readonly thinking: readonly ThinkingBlock[];
  readonly end: AnswerEnd;
  readonly usage: TokenCounts;
}

/** Null where the provider did not tell. */
export interface TokenCounts {
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
}

const ends: Readonly<Record<string, AnswerEnd>> = {
  length: 'length',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  content_filter: 'refusal',
  refusal: 'refusal',
};

/** Wishes for tools in one answer that are read at all; of them `toolCallsMax` are run. */
const callsMax = 64;

interface Block {
  readonly type: string;
  readonly index?: number;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly data?: string;
}

/** What a chat completion's chunk says that its message does not. */
interface RawCompletion {
  readonly choices?: readonly { readonly delta?: { readonly refusal?: string | null } }[];
}

/**
 * Puts an answer together from the pieces of either protocol. Read by hand: the messages' own concatenation repairs broken JSON, where a tool must only
 * get what the model wrote.
 */
export class AnswerReader {
  readonly #bounds: ModelBounds;
  readonly #onText: (text: string) => void;
  #text = '';
  #bytes = 0;
  #end: AnswerEnd | null = null;
  #usage: TokenCounts = { inputTokens: null, outputTokens: null };
  readonly #calls: { index: number | undefined; name: string; args: string }[] = [];
  readonly #thinking = new Map<number, { thinking: string; signature: string } | { data: string }>();

  constructor(bounds: ModelBounds, onText: (text: string) => void) {
    this.#bounds = bounds;
    this.#onText = onText;
  }

  /** What was told so far: of an answer that breaks off, too. */
  get usage(): TokenCounts {
    return this.#usage;
  }

  /** Reads one piece. @throws ProviderFailure `too_long` */
  read({ message, generationInfo }: ChatGenerationChunk): void {
    const kwargs = message.additional_kwargs;
    const raw = kwargs['__raw_response'] as RawCompletion | undefined;
    if (raw?.choices?.[0]?.delta?.refusal) this.#end = 'refusal';
    const end: unknown = generationInfo?.['finish_reason'] ?? kwargs['stop_reason'];
    if (typeof end === 'string') this.#end = this.#end === 'refusal' ? 'refusal' : (ends[end] ?? 'complete');
    if ('usage_metadata' in message) this.#count(message.usage_metadata);
    if ('tool_call_chunks' in message) this.#readCalls(message.tool_call_chunks);
    const { content } = message;
    if (typeof content === 'string') this.#readText(content);
    else for (const block of content as readonly Block[]) this.#readBlock(block);
  }

  /** The whole answer. @throws ProviderFailure `broken` where it ended without its end. */
  answer(): Answer {
    if (this.#end === null) throw new ProviderFailure('broken');
    const thinking = [...this.#thinking].toSorted(([a], [b]) => a - b).map(([, block]) => thinkingBlockOf(block));
    const toolCalls = this.#calls.map(({ name, args }) => ({ name, args }));
    return { text: this.#text, toolCalls, thinking, end: this.#end, usage: this.#usage };
  }

  /** Both protocols tell running totals, in several pieces; none of a real answer is zero. */
  #count(usage: unknown): void {
    const told = usage as { input_tokens?: unknown; output_tokens?: unknown } | undefined;
    const { inputTokens, outputTokens } = this.#usage;
    this.#usage = {
      inputTokens: largerOf(inputTokens, told?.input_tokens),
      outputTokens: largerOf(outputTokens, told?.output_tokens),
    };
  }

  #readCalls(chunks: unknown): void {
    if (!Array.isArray(chunks)) return;
    for (const { index, id, name, args } of chunks as { index?: number; id?: string; name?: string; args?: string }[]) {
      const last = this.#calls.at(-1);
      const known = index === undefined ? last : this.#calls.find((call) => call.index === index);
      // Servers that give no index begin each call with its id.
      const isNew = known === undefined || (index === undefined && id !== undefined);
      this.#grow(`${name ?? ''}${args ?? ''}`);
      if (isNew && this.#calls.length >= callsMax) throw new ProviderFailure('too_long');
      if (isNew) this.#calls.push({ index, name: name ?? '', args: args ?? '' });
      else {
        known.name += name ?? '';
        known.args += args ?? '';
      }
    }
  }

  #readBlock({ type, index = 0, text, thinking, signature, data }: Block): void {
    if (type === 'text' || type === 'text_delta') this.#readText(text ?? '');
    if (type === 'redacted_thinking') this.#thinking.set(index, { data: data ?? '' });
    if (type !== 'thinking') return;
    const before = this.#thinking.get(index);
    const known = before !== undefined && 'thinking' in before ? before : { thinking: '', signature: '' };
    this.#grow(thinking ?? '');
    const grown = { thinking: known.thinking + (thinking ?? ''), signature: known.signature + (signature ?? '') };
    this.#thinking.set(index, grown);
  }

  #readText(text: string): void {
    if (text === '') return;
    this.#grow(text);
    this.#text += text;
    this.#onText(text);
  }

  #grow(part: string): void {
    this.#bytes += bytesOf(part);
    if (this.#bytes > this.#bounds.answerBytesMax) throw new ProviderFailure('too_long');
  }
}

function largerOf(before: number | null, told: unknown): number | null {
  const tokens = typeof told === 'number' && Number.isSafeInteger(told) && told > 0 ? told : null;
  return tokens === null ? before : Math.max(before ?? 0, tokens);
}

const thinkingBlockOf = (block: { thinking: string; signature: string } | { data: string }): ThinkingBlock =>
  'data' in block ? { type: 'redacted_thinking', data: block.data } : { type: 'thinking', ...block };
