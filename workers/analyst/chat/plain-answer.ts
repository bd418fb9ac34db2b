import { MARKET_SYMBOLS } from '#shared/markets.ts';
import { RefusedError } from '../../api/errors.ts';
import { accountTools } from '../tools/account-tools.ts';
import { marketTools } from '../tools/market-tools.ts';
import { orderTools } from '../tools/order-tools.ts';
import { type AssistantTool, type ToolCaller as Caller, ToolRefusal } from '../tools/tool.ts';
import { type AnswerPiece, type ChatQuestion, used } from './answer.ts';
import { type PlainOrder, type PlainQuestion, readQuestion } from './plain-question.ts';
import type { AskedMove } from './plain-move.ts';
import * as words from './plain-words.ts';

type Answer = AsyncGenerator<AnswerPiece, void>;

/**
 * The quantitative analyst answers by itself: in plain words made from the figures that its tools read, and says what it cannot do. It reads
 * the question by its words and remembers nothing of the conversation.
 */
export async function* answerPlainly({ request }: ChatQuestion, caller: Caller): Answer {
  const question = readQuestion(request);
  switch (question.about) {
    case 'outlook':
      return yield* assessed(marketTools.assessMarket, question, words.outlook, caller);
    case 'risk':
      return yield* assessed(accountTools.assessRisk, question, words.risk, caller);
    case 'market':
      return yield* told(marketTools.getMarketStats, { symbol: question.symbol }, words.market, caller);
    case 'account':
      return yield* told(accountTools.getMargin, {}, words.account, caller);
    case 'pool':
      return yield* told(marketTools.getPool, {}, words.pool, caller);
    case 'record':
      return yield* told(marketTools.getTrackRecord, {}, words.record, caller);
    case 'order':
      return yield* told(orderTools.proposeOrder, ordered(question), words.proposal, caller);
    case 'what-if':
      return yield* supposed(question.symbol, question.move, caller);
    case 'other-account':
      return yield* spoken(words.otherAccount);
    case 'close':
      return yield* closed(question.symbol, caller);
    case 'unclear-order':
      return yield* spoken(words.unclearOrder);
    case 'help':
      return yield* spoken(words.help(MARKET_SYMBOLS));
  }
}

/** Runs a tool and tells its answer in words. */
async function* told(tool: AssistantTool, input: unknown, inWords: (answer: never) => string, caller: Caller): Answer {
  const outcome = yield* used(tool, input, caller);
  yield* spoken(outcome.ok ? inWords(outcome.value as never) : failure(outcome.error));
}

/** An assessment over the nearest horizon there is, which it names where it is not the one asked for. */
async function* assessed(
  tool: AssistantTool,
  { symbol, horizon: { horizon, isNearest } }: PlainQuestion & { readonly about: 'outlook' | 'risk' },
  inWords: (answer: never) => string,
  caller: Caller,
): Answer {
  if (isNearest) yield* spoken(words.nearestHorizon(horizon));
  yield* told(tool, { symbol, horizon }, inWords, caller);
}

const ordered = ({ symbol, side, quantity, leverage, price }: PlainOrder) => ({
  ...{ symbol, side, quantity },
  ...(price === null ? { order_type: 'market' } : { order_type: 'limit', price }),
  ...(leverage === null ? {} : { leverage }),
});

/** What the position would be worth after a move of the price. */
async function* supposed(symbol: string, move: AskedMove, caller: Caller): Answer {
  let price = 'price' in move ? move.price : null;
  if ('percent' in move) {
    const outcome = yield* used(marketTools.getMarketStats, { symbol }, caller);
    if (!outcome.ok) return yield* spoken(failure(outcome.error));
    const { price: now } = outcome.value as { readonly price: number | null };
    if (now === null) return yield* spoken(words.noPrice(symbol));
    price = words.plainNumber(now * (1 + move.percent / 100));
  }
  yield* told(accountTools.whatIfPrice, { symbol, price }, words.whatIf(symbol, Number(price), move), caller);
}

async function* closed(symbol: string | null, caller: Caller): Answer {
  const order = yield* closing(symbol, caller);
  if (typeof order === 'string') return yield* spoken(order);
  yield* told(orderTools.proposeOrder, order, words.proposal, caller);
}

/** An order that closes what is held; in words, why there is none. */
async function* closing(symbol: string | null, caller: Caller): AsyncGenerator<AnswerPiece, string | object> {
  const outcome = yield* used(accountTools.getPositions, {}, caller);
  if (!outcome.ok) return failure(outcome.error);
  const all = outcome.value as { symbol: string; side: string; size: number }[];
  const held = symbol === null ? all : all.filter((one) => one.symbol === symbol);
  const [one] = held;
  if (one === undefined)
    return `You hold no position${symbol === null ? '' : ` in ${symbol}`}, so there is nothing to close.`;
  if (held.length > 1) return `You hold ${held.map((each) => each.symbol).join(', ')}: say which one to close.`;
  const side = one.side === 'long' ? 'sell' : 'buy';
  return { symbol: one.symbol, side, order_type: 'market', quantity: words.plainNumber(one.size), reduce_only: true };
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
