import type { AiUsageRepository } from '#db/repositories/ai-usage.ts';
import type { Clock } from '../platform/clock.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { type RetryPolicy, TimeoutError } from '../platform/retry.ts';
import { askPolicy, interrupted, Line } from './models/ask.ts';
import { type ModelBounds, modelBounds } from './models/bounds.ts';
import { Budget } from './models/budget.ts';
import { candidatesFor, candidatesOf } from './models/candidates.ts';
import { type ModelEvent, ModelFailure, type ModelRequest, type Models } from './models/contract.ts';
import { EventQueue } from './models/event-queue.ts';
import { answerOf, converse, type FinalAnswer, type RoundsParts } from './models/rounds.ts';
import type { ModelSettings } from './models/settings.ts';

export interface RouterParts {
  readonly settings: ModelSettings;
  readonly usage: AiUsageRepository;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Shorter in tests. */
  readonly bounds?: ModelBounds;
  readonly policy?: RetryPolicy;
}

/**
 * The language models of the configuration: chosen by task, tried in their order, each within time, size and budget. Built once per isolate, which is
 * how long a model's breaker remembers. Without models nothing is available and everything else works.
 */
export function createModels({ settings, usage, clock, logger, ...more }: RouterParts): Models {
  const { bounds = modelBounds, policy = askPolicy } = more;
  const candidates = candidatesOf(settings);
  const limits = {
    user: { tokens: settings.AI_USER_TOKENS_PER_DAY, costMicroUsd: settings.AI_USER_USD_PER_DAY },
    exchange: { tokens: settings.AI_EXCHANGE_TOKENS_PER_DAY, costMicroUsd: settings.AI_EXCHANGE_USD_PER_DAY },
  };
  const budget = new Budget({ usage, limits, clock, logger });

  /** Runs one request to its end: within its time, and with every try of it paid for. @throws ModelFailure */
  async function run<T>(
    request: ModelRequest,
    emit: (event: ModelEvent) => void,
    work: (line: Line, parts: RoundsParts) => Promise<FinalAnswer<T>>,
    stop = new AbortController(),
  ) {
    const line = new Line(candidatesFor(request.task, candidates));
    if (line.first === undefined) throw new ModelFailure('not_configured', 'No language model is configured for this.');
    const cancel = (): void => stop.abort(cancelled());
    if (request.signal?.aborted === true) cancel();
    request.signal?.addEventListener('abort', cancel, { once: true });
    const shown = { text: false };
    const tell = (event: ModelEvent): void => {
      shown.text ||= event.type === 'token';
      emit(event);
    };
    const timer = setTimeout(() => stop.abort(new TimeoutError('the request took too long')), bounds.requestMsMax);
    try {
      const final = await work(line, { budget, bounds, logger, policy, emit: tell, signal: stop.signal });
      return { ...final, usage: line.usage };
    } catch (error) {
      throw failureToTell(error, shown.text, logger);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', cancel);
      await line.settled();
    }
  }

  return {
    available: (task) => candidatesFor(task, candidates).length > 0,

    health: () => candidates.map(({ identity, breaker }) => ({ ...identity, breaker: breaker.state })),

    async *stream(request) {
      const [queue, stop] = [new EventQueue<ModelEvent>(), new AbortController()];
      const emit = (event: ModelEvent): void => queue.push(event);
      const work = run(request, emit, (line, parts) => converse(request, line, parts), stop).then(
        ({ usage: used }) => {
          emit({ type: 'usage', ...used });
          queue.close();
        },
        (error: unknown) => queue.close(error),
      );
      try {
        yield* queue;
      } finally {
        stop.abort(cancelled());
        await work;
      }
    },

    async structured(request) {
      try {
        const answer = await run(
          request,
          () => undefined,
          (line, parts) => answerOf(request, line, parts),
        );
        return { ok: true, ...answer };
      } catch (error) {
        return { ok: false, failure: failureToTell(error, false, logger) };
      }
    },
  };
}

const cancelled = (): ModelFailure => new ModelFailure('cancelled', 'The request was ended.');

/** What a caller is told: that shown text is not all, where there is some; a mistake of ours is logged and is no answer. */
function failureToTell(error: unknown, isTextShown: boolean, logger: Logger): ModelFailure {
  if (!(error instanceof ModelFailure) && !(error instanceof TimeoutError))
    logger.error('a model request broke', { reason: errorMessage(error) });
  const failure =
    error instanceof ModelFailure ? error : new ModelFailure('unavailable', 'No language model answers right now.');
  const isSilent = failure.reason === 'unavailable' || failure.reason === 'empty';
  return isTextShown && isSilent ? interrupted() : failure;
}
