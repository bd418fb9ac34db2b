import type { AiUsageRepository, UsageLimits } from '#db/repositories/ai-usage.ts';
import type { Clock } from '../../platform/clock.ts';
import { newId, userIdOf } from '../../platform/ids.ts';
import { errorMessage, type Logger } from '../../platform/logger.ts';
import type { TokenCounts } from './answer-reader.ts';
import { ModelFailure, type ModelIdentity, type ModelUsage, type Task } from './contract.ts';
import { costOf, microUsd } from './prices.ts';
import type { ModelSetting } from './settings.ts';

/** Longer than any call lives: what is unfinished after it belongs to a worker that died. */
const reservationMs = 15 * 60_000;
const dayMs = 86_400_000;
/** Tokens that a provider adds of its own: roles, separators, its words around tools (Anthropic: up to 530). */
const overheadTokens = 2_048;
/** What text usually has of bytes a token, or fewer: for answers whose usage nobody told. */
export const bytesPerTokenMin = 2;

export interface BudgetParts {
  readonly usage: AiUsageRepository;
  readonly limits: UsageLimits;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface PlannedCall {
  readonly wallet: string;
  readonly task: Task;
  readonly setting: ModelSetting;
  readonly promptBytes: number;
}

/** A call that is paid for as soon as it is reserved. */
export interface Reservation {
  /** Counts what the call used in place of its maximum. Where the database is away, the maximum counts until it expires. */
  settle(used: TokenCounts): Promise<ModelUsage>;
}

/** What every call costs is reserved at its maximum before it is made, and settled after. */
export class Budget {
  readonly #parts: BudgetParts;

  constructor(parts: BudgetParts) {
    this.#parts = parts;
  }

  /** @throws ModelFailure `budget_user`, `budget_exchange` or `usage_unavailable` */
  async reserve({ wallet, task, setting, promptBytes }: PlannedCall): Promise<Reservation> {
    const { usage, limits, clock } = this.#parts;
    const nowMs = clock.nowMs();
    const [inputTokens, outputTokens] = [promptBytes + overheadTokens, setting.max_output_tokens];
    const { provider, model }: ModelIdentity = setting;
    const call = {
      ...{ id: newId(), userId: userIdOf(wallet), task, provider, model, inputTokens, outputTokens },
      ...{ costMicroUsd: costOf(setting.prices, inputTokens, outputTokens), atMs: nowMs },
      expiresAtMs: nowMs + reservationMs,
    };
    let verdict: Awaited<ReturnType<AiUsageRepository['reserve']>>;
    try {
      verdict = await usage.reserve(call, limits);
    } catch (error) {
      this.#parts.logger.warn('model usage cannot be reserved', { reason: errorMessage(error) });
      throw new ModelFailure('usage_unavailable', 'The use of models cannot be counted right now.');
    }
    if (verdict !== 'reserved') throw spent(verdict, nowMs);
    return { settle: (used) => this.#settle(call, setting, promptBytes, used) };
  }

  async #settle(
    { id, userId }: { readonly id: string; readonly userId: string },
    { prices, max_output_tokens: outputTokensMax }: ModelSetting,
    promptBytes: number,
    used: TokenCounts,
  ): Promise<ModelUsage> {
    // No answer uses more than was allowed for it: a server that tells otherwise is wrong, and must not spend everybody's day with one number.
    const inputTokensMax = promptBytes + overheadTokens;
    const inputTokens = Math.min(used.inputTokens ?? Math.ceil(promptBytes / bytesPerTokenMin), inputTokensMax);
    const outputTokens = Math.min(used.outputTokens ?? outputTokensMax, outputTokensMax);
    const costMicroUsd = costOf(prices, inputTokens, outputTokens);
    try {
      await this.#parts.usage.settle({ id, userId, inputTokens, outputTokens, costMicroUsd });
    } catch (error) {
      this.#parts.logger.warn('model usage cannot be settled', { usage_id: id, reason: errorMessage(error) });
    }
    return { input_tokens: inputTokens, output_tokens: outputTokens, cost_microusd: costMicroUsd };
  }
}

/** Days are UTC, as everywhere. */
function spent(verdict: 'user_spent' | 'exchange_spent', nowMs: number): ModelFailure {
  const retryAfterSeconds = Math.ceil((dayMs - (nowMs % dayMs)) / 1_000);
  return verdict === 'user_spent'
    ? new ModelFailure(
        'budget_user',
        "Today's budget for models is used up; it starts anew at 00:00 UTC.",
        retryAfterSeconds,
      )
    : new ModelFailure('budget_exchange', "The exchange's budget for models is used up for today.", retryAfterSeconds);
}

export const noUsage: ModelUsage = { input_tokens: 0, output_tokens: 0, cost_microusd: microUsd(0n) };

export const sumOfUsage = (a: ModelUsage, b: ModelUsage): ModelUsage => ({
  input_tokens: a.input_tokens + b.input_tokens,
  output_tokens: a.output_tokens + b.output_tokens,
  cost_microusd: microUsd(a.cost_microusd + b.cost_microusd),
});
