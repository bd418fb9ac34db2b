import { ChatAnthropic } from '@langchain/anthropic';
import type { BaseMessage } from '@langchain/core/messages';
import type { ChatGenerationChunk } from '@langchain/core/outputs';
import { ChatOpenAICompletions } from '@langchain/openai';
import { type Answer, AnswerReader } from './answer-reader.ts';
import type { ModelBounds } from './bounds.ts';
import { ProviderFailure } from './provider-failure.ts';
import { createProviderFetch } from './provider-fetch.ts';
import type { ModelSetting } from './settings.ts';

/** A tool as both protocols are told of it (OpenAI's form, which LangChain rewrites for Anthropic). */
export interface ToolDefinition {
  readonly type: 'function';
  readonly function: {
    readonly name: string;
    readonly description: string;
    readonly parameters: Readonly<Record<string, unknown>>;
  };
}

export interface ProviderCall {
  readonly setting: ModelSetting;
  readonly key: string | undefined;
  readonly messages: BaseMessage[];
  readonly tools: readonly ToolDefinition[];
  readonly bounds: ModelBounds;
  readonly signal: AbortSignal;
  /** Text as it comes. */
  readonly onText: (text: string) => void;
}

/** What an answer that failed had already told: for counting what it may cost. */
export class UnfinishedAnswer extends Error {
  override readonly name = 'UnfinishedAnswer';
  readonly failure: unknown;
  readonly inputTokens: number | null;

  constructor(failure: unknown, inputTokens: number | null) {
    super('the answer was not finished');
    this.failure = failure;
    this.inputTokens = inputTokens;
  }
}

/** The clients want some key; where there is none, none is sent. */
const noKey = 'none';

/**
 * Asks one model once and reads its streamed answer to the end.
 *
 * @throws UnfinishedAnswer around a ProviderFailure, or around the signal's reason.
 */
export async function askProvider(call: ProviderCall): Promise<Answer> {
  const { bounds, signal, key } = call;
  const transport = createProviderFetch(bounds, key !== undefined);
  const reader = new AnswerReader(bounds, call.onText);
  const stop = new AbortController();
  try {
    const chunks = chunksOf(call, transport.fetch, AbortSignal.any([signal, stop.signal]));
    for await (const chunk of chunks) reader.read(chunk);
    signal.throwIfAborted();
    const failure = transport.failure();
    if (failure !== null) throw failure;
    return reader.answer();
  } catch (error) {
    stop.abort();
    const own = error instanceof ProviderFailure ? error : null;
    const failure = signal.aborted ? signal.reason : (transport.failure() ?? own ?? new ProviderFailure('broken'));
    throw new UnfinishedAnswer(failure, reader.usage.inputTokens);
  }
}

/**
 * The pieces of an answer. Taken from beneath LangChain's runnables: what they would add are callbacks and traces, and a prompt goes to its model and
 * to nobody else, whatever variables the environment holds.
 */
function chunksOf(
  { setting, key = noKey, messages, tools, bounds }: ProviderCall,
  fetch: ReturnType<typeof createProviderFetch>['fetch'],
  signal: AbortSignal,
): AsyncGenerator<ChatGenerationChunk> {
  const { model, max_output_tokens: maxTokens, effort, base_url: baseURL } = setting;
  const common = { model, maxTokens, maxRetries: 0, apiKey: key };
  const client = { fetch, timeout: bounds.requestMsMax, maxRetries: 0, logLevel: 'off' as const };
  const options = { signal, ...(tools.length === 0 ? {} : { tools: [...tools] }) };
  if (setting.provider === 'anthropic') {
    const clientOptions = { ...client, baseURL, authToken: null };
    const anthropic = new ChatAnthropic({ ...common, ...anthropicEffort(effort), clientOptions });
    return anthropic._streamResponseChunks(messages, options);
  }
  const reasoning = effort === undefined ? {} : { modelKwargs: { reasoning_effort: effort } };
  const configuration = { ...client, baseURL, organization: null, project: null };
  const completions = new ChatOpenAICompletions({ ...common, ...reasoning, configuration, __includeRawResponse: true });
  return completions._streamResponseChunks(messages, options);
}

/** Thinking is switched off, or left to the model within an effort. */
function anthropicEffort(effort: ModelSetting['effort']) {
  if (effort === undefined) return {};
  return effort === 'none' ? { thinking: { type: 'disabled' as const } } : { outputConfig: { effort } };
}
