/**
 * What the analyst's agents know of language models: a task goes in, tokens or a validated value come out. Which provider and model answered, how
 * often it was tried and what it cost is the router's business (`workers/analyst/router.ts`).
 */
import type { ZodType } from 'zod';
import type { BreakerState } from '../../platform/breaker.ts';

/** What a model is chosen by: talk with a trader, a written analysis, a structured trading signal. */
export const tasks = ['chat', 'analysis', 'signal'] as const;
export type Task = (typeof tasks)[number];

declare const microUsd: unique symbol;
/** What models cost: 1e-6 USD, never negative. Not USDC: providers bill dollars. */
export type MicroUsd = bigint & { readonly [microUsd]: true };

/** Something a model may ask for while it answers. */
export interface ModelTool {
  /** `[a-z_]`, at most 64 characters, unique in its request; `answer` is the router's own. */
  readonly name: string;
  /** When to use it and what it answers, for the model. */
  readonly description: string;
  /** What the model has to give. Only input that fits reaches `run`; the model is told of what does not. */
  readonly schema: ZodType;
  /**
   * Answers with data that JSON can hold: figures, never instructions. What it throws is not shown to the model, which is told only that the tool
   * failed. `signal` ends with the request.
   */
  run(input: unknown, signal: AbortSignal): Promise<unknown>;
}

/** One turn of a conversation. */
export interface ModelMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

export interface ModelRequest {
  readonly task: Task;
  /** The product's own instructions. Nothing a stranger wrote belongs here. */
  readonly system: string;
  /** Oldest first, the last one the user's. What precedes the first question, and empty messages, are not sent. */
  readonly messages: readonly ModelMessage[];
  readonly tools?: readonly ModelTool[];
  /** Whose budget pays. */
  readonly wallet: string;
  /** Ends the request, e.g. when the caller left. */
  readonly signal?: AbortSignal;
}

/** What one request used of a model, all its rounds and tries together. */
export interface ModelUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cost_microusd: MicroUsd;
}

/** The model that answers, by its names in the configuration. */
export interface ModelIdentity {
  readonly provider: 'openai' | 'anthropic';
  readonly model: string;
}

/** How a model does: `open` while it is left alone, `half_open` while one request tries it. */
export interface ModelHealth extends ModelIdentity {
  readonly breaker: BreakerState;
}

/** What a caller sees of an answer while it is made, in this order of its making. */
export type ModelEvent =
  /** Which model answers from here on; always before its first token. */
  | ({ readonly type: 'model' } & ModelIdentity)
  | { readonly type: 'token'; readonly text: string }
  /** `input` fits the tool's schema. */
  | { readonly type: 'tool_started'; readonly name: string; readonly input: unknown }
  | { readonly type: 'tool_ended'; readonly name: string; readonly ok: boolean }
  /** Last of a complete answer. */
  | ({ readonly type: 'usage' } & ModelUsage);

/**
 * Why there is no (complete) answer. Stable: callers map each to an error code.
 * - `not_configured`: no model is configured for the task.
 * - `budget_user`, `budget_exchange`: today's tokens or money of the user, or of all users together, are spent.
 * - `usage_unavailable`: the budget could not be read, so no model was asked.
 * - `unavailable`: no model answered: each failed, timed out or is left alone by its breaker.
 * - `interrupted`: the answer was cut after its first token was shown. What was shown stands, as an unfinished answer.
 * - `refused`: the model declines to answer.
 * - `invalid`: the answer has not the asked form, also after one repair.
 * - `empty`: no model gave any text.
 * - `too_long`: the answer or what was sent went beyond a bound.
 * - `tool_rounds`: the model went on asking for tools beyond the bound.
 * - `cancelled`: `signal` ended the request.
 */
export const failureReasons = [
  'not_configured',
  'budget_user',
  'budget_exchange',
  'usage_unavailable',
  'unavailable',
  'interrupted',
  'refused',
  'invalid',
  'empty',
  'too_long',
  'tool_rounds',
  'cancelled',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** No (complete) answer. The message is plain and holds nothing of a provider's text, a key or an address. */
export class ModelFailure extends Error {
  override readonly name = 'ModelFailure';
  readonly reason: FailureReason;
  /** When the same request may succeed: the budget's next day, a provider's rest. Whole seconds; null where nothing is known. */
  readonly retryAfterSeconds: number | null;

  constructor(reason: FailureReason, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.reason = reason;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** A validated value, or why there is none. */
export type StructuredAnswer<T> =
  | { readonly ok: true; readonly value: T; readonly model: ModelIdentity; readonly usage: ModelUsage }
  | { readonly ok: false; readonly failure: ModelFailure };

export interface Models {
  /** Whether a model is configured for the task. Says nothing of whether it answers just now. */
  available(task: Task): boolean;
  /** The configured models in their order, and whether each is left alone after failures; as this isolate has seen them. */
  health(): readonly ModelHealth[];
  /**
   * The answer as it is made. Another model takes over as long as nothing was shown; afterwards an answer that is cut is told as cut. Leaving the
   * loop early ends the request and settles what it used.
   *
   * @throws ModelFailure instead of the last event.
   */
  stream(request: ModelRequest): AsyncGenerator<ModelEvent, void, undefined>;
  /** An answer of the form `schema`: validated, repaired once by the model, then refused (`invalid`). Never throws. */
  structured<T>(request: ModelRequest & { readonly schema: ZodType<T> }): Promise<StructuredAnswer<T>>;
}
