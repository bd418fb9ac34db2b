import type { Refusal } from '#shared/protocol/error-codes.ts';
import type { FailureReason, ModelFailure } from '../models/contract.ts';

/**
 * No model answered, and nothing was shown: the quantitative analyst answers instead. Also where everybody's budget is spent: strangers who spend
 * it must not silence the assistant. Who has spent his own is told so.
 */
const answeredOtherwise: ReadonlySet<FailureReason> = new Set([
  'not_configured',
  'usage_unavailable',
  'unavailable',
  'empty',
  'budget_exchange',
]);

/** Whether the quantitative analyst takes over. */
export const isAnsweredOtherwise = ({ reason }: ModelFailure): boolean => answeredOtherwise.has(reason);

const retryAfterSecondsDefault = 5;

/** What a caller is told of a model that gave no (complete) answer. */
export function refusalOfModel({ reason, retryAfterSeconds }: ModelFailure): Refusal {
  switch (reason) {
    case 'budget_user':
    case 'budget_exchange': {
      const whose = reason === 'budget_user' ? 'Your budget' : "Everybody's budget together";
      const message = `${whose} of the assistant's language models is spent for today; it begins anew at midnight UTC.`;
      return { code: 'AI_003', message, ...retryIn(retryAfterSeconds) };
    }
    case 'invalid':
    case 'too_long':
    case 'tool_rounds':
      return {
        code: 'AI_002',
        message: 'The language model gave no answer that can be used. Ask again, or differently.',
      };
    case 'refused':
      return { code: 'AI_008', message: 'The language model declines to answer this. Ask something else.' };
    default: {
      const message = 'The language model broke off before its answer was complete. Ask again in a few seconds.';
      return { code: 'AI_001', message, ...retryIn(retryAfterSeconds) };
    }
  }
}

const retryIn = (seconds: number | null) => ({ retryAfterSeconds: seconds ?? retryAfterSecondsDefault });
