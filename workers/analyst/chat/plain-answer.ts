import { MARKET_SYMBOLS } from '#shared/markets.ts';
import { RefusedError } from '../../api/errors.ts';
import { accountTools } from '../tools/account-tools.ts';
import { marketTools } from '../tools/market-tools.ts';
import { orderTools } from '../tools/order-tools.ts';
import { type AssistantTool, type ToolContext, ToolRefusal } from '../tools/tool.ts';
import { type AnswerPiece, type ChatQuestion, used } from './answer.ts';
import { type PlainQuestion, readQuestion } from './plain-question.ts';
import * as words from './plain-words.ts';

type Caller = Omit<ToolContext, 'propose'>;
type Answer = AsyncGenerator<AnswerPiece, void>;

/**
 * The quantitative analyst answers by itself: in plain words made from the figures that its tools read, and says what it cannot do. It reads
 * the question by its words and remembers nothing of the conversation.
 */
export async function* answerPlainly({ request }: ChatQuestion, caller: Caller): Answer {
  const question = readQuestion(request);
  switch (question.about) {
    case 'outlook':
      return yield* told(
        marketTools.assessMarket,
        { symbol: question.symbol, horizon: question.horizon },
        words.outlook,
        caller,
      );
    case 'risk':
      return yield* told(
        accountTools.assessRisk,
        { symbol: question.symbol, horizon: question.horizon },
        words.risk,
        caller,
      );
    case 'market':
      return yield* told(marketTools.getMarketStats, { symbol: question.symbol }, words.market, caller);
    case 'account':
      return yield* told(accountTools.getMargin, {}, words.account, caller);
    case 'pool':
      return yield* told(marketTools.getPool, {}, words.pool, caller);
    case 'record':
      return yield* told(marketTools.getTrackRecord, {}, words.record, caller);
    case 'order':
      return yield* proposed(question, caller);
    case 'help':
      return yield* spoken(words.help(MARKET_SYMBOLS));
  }
}

/** Runs a tool and tells its answer in words. */
async function* told(tool: AssistantTool, input: unknown, inWords: (answer: never) => string, caller: Caller): Answer {
  const outcome = yield* used(tool, input, caller);
  yield* spoken(outcome.ok ? inWords(outcome.value as never) : failure(outcome.error));
}

async function* proposed(question: PlainQuestion & { readonly about: 'order' }, caller: Caller): Answer {
  const order = question.quantity === null ? yield* closing(question.symbol, caller) : ordered(question);
  if (typeof order === 'string') return yield* spoken(order);
  yield* told(orderTools.proposeOrder, order, words.proposal, caller);
}

const ordered = ({ symbol, side, quantity, leverage }: PlainQuestion & { readonly about: 'order' }) => ({
  ...{ symbol, side, order_type: 'market', quantity },
  ...(leverage === null ? {} : { leverage }),
});

/** An order that closes what is held; in words, why there is none. */
async function* closing(symbol: string, caller: Caller): AsyncGenerator<AnswerPiece, string | object> {
  const outcome = yield* used(accountTools.getPositions, {}, caller);
  if (!outcome.ok) return failure(outcome.error);
  const held = (outcome.value as { symbol: string; side: string; size: number }[]).find((one) => one.symbol === symbol);
  if (held === undefined) return `You hold no position in ${symbol}, so there is nothing to close.`;
  const side = held.side === 'long' ? 'sell' : 'buy';
  return { symbol, side, order_type: 'market', quantity: words.plainNumber(held.size), reduce_only: true };
}

/** In sentences, so that it is read while it comes. */
async function* spoken(text: string): Answer {
  for (const sentence of text.split(/(?<=[.!?:;]\s)/)) yield { type: 'token', text: sentence };
}

/** What a failed tool says; parts that are down are told as such, without their own words. */
function failure(error: unknown): string {
  if (error instanceof ToolRefusal) return error.message;
  if (error instanceof RefusedError) return error.refusal.message;
  return 'That cannot be read right now. Try again in a few seconds.';
}
