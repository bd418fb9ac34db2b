import { callPolicies } from '../../platform/call-policies.ts';
import type { Logger } from '../../platform/logger.ts';
import { metrics } from '../../platform/metrics/registry.ts';
import { retry, type RetryPolicy } from '../../platform/retry.ts';
import type { Answer, TokenCounts } from './answer-reader.ts';
import { bytesOf, type ModelBounds } from './bounds.ts';
import { type Budget, bytesPerTokenMin, noUsage, type Reservation, sumOfUsage } from './budget.ts';
import { type Candidate, failureOf } from './candidates.ts';
import { ModelFailure, type ModelIdentity, type ModelUsage, type Task } from './contract.ts';
import { messagesOf, type Turn } from './conversation.ts';
import { isPassing, isUnbilled, ProviderFailure } from './provider-failure.ts';
import { askProvider, type ToolDefinition, UnfinishedAnswer } from './provider.ts';

/** What every question needs. */
export interface AskParts {
  readonly budget: Budget;
  readonly bounds: ModelBounds;
  readonly logger: Logger;
  readonly policy: RetryPolicy;
}

export const askPolicy: RetryPolicy = callPolicies.models;

export interface Question {
  readonly task: Task;
  readonly wallet: string;
  readonly system: string;
  readonly turns: readonly Turn[];
  readonly tools: readonly ToolDefinition[];
  readonly signal: AbortSignal;
  /** Shows text as it comes: after the first of it no other try is made. Null where text is not shown. */
  readonly onText: ((text: string) => void) | null;
}

export interface Asked {
  readonly answer: Answer;
  readonly candidate: Candidate;
}

/** The models that are left for a request, and what the ones before them used and were wrong with. */
export class Line {
  readonly #waiting: Candidate[];
  readonly #failures: unknown[] = [];
  readonly #tries: Promise<unknown>[] = [];
  usage: ModelUsage = noUsage;

  constructor(candidates: readonly Candidate[]) {
    this.#waiting = [...candidates];
  }

  get first(): Candidate | undefined {
    return this.#waiting[0];
  }

  /** The first one is out, for this request. */
  drop(failure: unknown): void {
    this.#waiting.shift();
    this.#failures.push(failure);
  }

  /** A try that has to be over, and paid for, before the request is: its caller may stop waiting for it earlier. */
  track<T>(attempt: Promise<T>): Promise<T> {
    this.#tries.push(attempt);
    return attempt;
  }

  /** Ends when every try is paid for. Never throws. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#tries);
  }

  /** Why nobody is left. */
  failure(): ModelFailure {
    const own = this.#failures.filter((failure) => failure instanceof ModelFailure);
    const others = this.#failures.filter((failure) => !(failure instanceof ModelFailure));
    if (others.length === 0 && own[0] !== undefined) return own[0];
    const rests = others.map((failure) => (failure instanceof ProviderFailure ? failure.restMs : 0));
    const restMs = Math.min(...rests.filter((ms) => ms > 0));
    const retryAfterSeconds = Number.isFinite(restMs) ? Math.ceil(restMs / 1_000) : null;
    return new ModelFailure('unavailable', 'No language model answers right now.', retryAfterSeconds);
  }
}

/**
 * Asks the models of a line one after the other until one answers: each a few times, each time paid for first. As soon as text is shown there is no other
 * try: the answer is then whole, or told as cut.
 *
 * @throws ModelFailure
 */
export async function ask(question: Question, line: Line, parts: AskParts): Promise<Asked> {
  const shown = { text: false };
  const { onText: show } = question;
  const onText =
    show &&
    ((text: string): void => {
      shown.text = true;
      show(text);
    });
  for (let candidate = line.first; candidate !== undefined; candidate = line.first) {
    try {
      const answer = await askOne({ ...question, onText }, candidate, line, parts, shown);
      if (!isEmpty(answer)) return { answer, candidate };
      line.drop(new ModelFailure('empty', 'The language model gave no answer.'));
    } catch (error) {
      const failure = question.signal.aborted ? question.signal.reason : failureOf(error);
      if (failure instanceof ProviderFailure && failure.kind === 'too_long') throw tooLong();
      if (shown.text && !(failure instanceof ModelFailure)) throw interrupted();
      // Another model may be cheap enough for what is left of the day.
      const isCostly = failure instanceof ModelFailure && failure.reason.startsWith('budget_');
      if (failure instanceof ModelFailure && !isCostly) throw failure;
      line.drop(failure);
      if (question.signal.aborted) break;
    }
  }
  throw line.failure();
}

export const interrupted = (): ModelFailure =>
  new ModelFailure('interrupted', 'The answer broke off. What is shown is not all of it.');

export const tooLong = (): ModelFailure =>
  new ModelFailure('too_long', 'The conversation or its answer is too long for the language model.');

const isEmpty = ({ text, toolCalls, end }: Answer): boolean =>
  end === 'complete' && text.trim() === '' && toolCalls.length === 0;

async function askOne(
  question: Question,
  candidate: Candidate,
  line: Line,
  parts: AskParts,
  shown: { readonly text: boolean },
): Promise<Answer> {
  const { system, turns, tools, signal } = question;
  const promptBytes = bytesOf(JSON.stringify({ system, turns, tools }));
  if (promptBytes > parts.bounds.promptBytesMax) throw tooLong();
  const attempt = (limit: AbortSignal): Promise<Answer> =>
    line.track(askOnce({ ...question, signal: limit }, candidate, promptBytes, line, parts));
  return retry(attempt, parts.policy, {
    ...{ breaker: candidate.breaker, signal },
    isRetryable: (error) => !shown.text && isPassing(error),
    restMs: (error) => (error instanceof ProviderFailure ? error.restMs : 0),
  });
}

/** One try: reserved, made, settled and logged, whatever comes of it. */
async function askOnce(
  { task, wallet, system, turns, tools, signal, onText }: Question,
  { setting, identity, key, place }: Candidate,
  promptBytes: number,
  line: Line,
  { budget, bounds, logger }: AskParts,
): Promise<Answer> {
  const reservation = await budget.reserve({ wallet, task, setting, promptBytes });
  if (signal.aborted) {
    await settle(line, reservation, nothing);
    throw signal.reason;
  }
  // What comes after a try was given up belongs to nobody.
  const show = (text: string): void => void (signal.aborted || onText?.(text));
  const startedAtMs = Date.now();
  const fields = (outcome: string) => ({ task, ...identity, outcome, took_ms: Date.now() - startedAtMs });
  try {
    const messages = messagesOf(system, turns, place);
    const answer = await askProvider({ setting, key, messages, tools, bounds, signal, onText: show });
    const { inputTokens } = answer.usage;
    const usage = await settle(line, reservation, { inputTokens, outputTokens: outputTokensOf(answer) });
    countCall(task, identity, 'answered', usage);
    logger.info('model answered', { ...fields(answer.end), ...usage });
    return answer;
  } catch (error) {
    const failure = failureOf(error);
    const inputTokens = error instanceof UnfinishedAnswer ? error.inputTokens : null;
    const used = isUnbilled(failure) ? nothing : { inputTokens, outputTokens: null };
    countCall(task, identity, 'failed', await settle(line, reservation, used));
    const { kind = 'ended', status = null } = failure instanceof ProviderFailure ? failure : {};
    logger.warn('model failed', { ...fields(kind), status });
    throw failure;
  }
}

function countCall(
  task: Task,
  { provider }: ModelIdentity,
  outcome: 'answered' | 'failed',
  { input_tokens, output_tokens, cost_microusd }: ModelUsage,
): void {
  metrics.count('quantdesk_model_calls_total', { provider, task, outcome });
  metrics.count('quantdesk_model_cost_microusd_total', { provider, task }, Number(cost_microusd));
  metrics.count('quantdesk_model_tokens_total', { provider, direction: 'input' }, input_tokens);
  metrics.count('quantdesk_model_tokens_total', { provider, direction: 'output' }, output_tokens);
}

const nothing = { inputTokens: 0, outputTokens: 0 };

/** What was not told of a whole answer is counted by its bytes, as what was sent is. */
const outputTokensOf = ({ usage, text, toolCalls }: Answer): number =>
  usage.outputTokens ?? Math.ceil(bytesOf(text + JSON.stringify(toolCalls)) / bytesPerTokenMin);

async function settle(line: Line, reservation: Reservation, used: TokenCounts) {
  const usage = await reservation.settle(used);
  line.usage = sumOfUsage(line.usage, usage);
  return usage;
}
