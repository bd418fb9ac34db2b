import { MARKETS, MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { ChatRequest } from '#shared/protocol/ai-chat.ts';
import { type AskedHorizon, readHorizon } from './plain-horizon.ts';
import { type AskedMove, readMove } from './plain-move.ts';

/** What the quantitative analyst makes of a question. */
export type PlainQuestion =
  | { readonly about: 'outlook' | 'risk'; readonly symbol: MarketSymbol; readonly horizon: AskedHorizon }
  | { readonly about: 'market'; readonly symbol: MarketSymbol }
  /** What the position held in it would be worth. */
  | { readonly about: 'what-if'; readonly symbol: MarketSymbol; readonly move: AskedMove }
  /** Somebody else's account, by its address. */
  | { readonly about: 'other-account' }
  | { readonly about: 'account' | 'pool' | 'record' | 'help' | 'unclear-order' }
  /** Ends what is held; without a symbol the one position there is. */
  | { readonly about: 'close'; readonly symbol: MarketSymbol | null }
  | PlainOrder;

/** An order that is understood to its last word. Amounts are decimal text: base units, times the margin, USD. */
export interface PlainOrder {
  readonly about: 'order';
  readonly symbol: MarketSymbol;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly leverage: string | null;
  /** Of a limit order; null for one at the market's price. */
  readonly price: string | null;
}

const markets = MARKETS.map(({ symbol, base }) => ({ symbol, pattern: new RegExp(`\\b${base}(-PERP)?\\b`, 'i') }));
const topics: readonly (readonly ['record' | 'pool' | 'risk' | 'account' | 'market' | 'outlook', RegExp])[] = [
  ['record', /\b(track record|how (good|often|right)|accura\w+|hit rate|brier|were you)\b/i],
  ['pool', /\b(pool|lp|shares?|earn(ing)?s?|liquidity|utilisation|utilization)\b/i],
  ['risk', /\b(risk\w*|liquidat\w*|margin call|safe|danger\w*|stress)\b/i],
  ['account', /\b(positions?|balance|account|portfolio|margin|pnl|profit|collateral)\b/i],
  ['market', /\b(funding|borrow|volume|open interest|skew|prices?|costs?)\b/i],
  [
    'outlook',
    /\b(outlook|analy\w+|signal|forecast|predict\w*|trend|up or down|rise|fall|should i|buy|sell|go (long|short))\b/i,
  ],
];
const byScreen: Readonly<Record<ChatRequest['screen'], 'outlook' | 'account' | 'pool' | 'risk' | 'record' | 'help'>> = {
  trade: 'outlook',
  portfolio: 'account',
  earn: 'pool',
  risk: 'risk',
  'track-record': 'record',
  other: 'help',
};
/** A question is none, and what only tells of an order does not begin as one. */
const beginsAsOrder = /^\W*(?:please\s+)?(?:(?:buy|sell|long|short)\s+\$?[\d.,]+|close\b)[^?]*$/i;
const orderPattern =
  /^\W*(?:please\s+)?(?<side>buy|sell|long|short)\s+(?<quantity>\d{1,3}(?:,\d{3})+(?:\.\d{1,8})?|\d{1,9}(?:\.\d{1,8})?)\s*(?<base>[a-z]{2,6})(?:-perp)?(?<terms>(?:\s.*)?)$/is;
/** Behind the market: a leverage and a limit price, in either order, and nothing else. */
const leveragePattern = /^\s*(?:at|with|@)?\s*(\d{1,3}(?:\.\d{1,2})?)\s?x(?:\s+leverage)?(?=$|\s)/i;
const pricePattern =
  /^\s*(?:at|@|limit|for)\s+(?:limit\s+)?\$?(\d{1,9}(?:\.\d{1,8})?)(?:\s*(?:usdc?|dollars?))?(?:\s+limit)?(?=$|\s)/i;
const closePattern =
  /^\W*(?:please\s+)?close\s+(?:out\s+)?(?:my\s+|the\s+)?(?:(?:whole|entire|full)\s+)?(?:(?<base>[a-z]{2,6})(?:-perp)?\s*)?(?:(?:long|short)\s*)?(?:position)?$/i;

/** Reads a question by its words: no model, so only what they name. What names nothing is about the screen it is asked on. */
export function readQuestion({ message, screen, symbol }: ChatRequest): PlainQuestion {
  // Beside any other screen the market is the one last looked at, which need not be the one that is meant.
  const onScreen = screen === 'trade' ? symbol : undefined;
  if (beginsAsOrder.test(message)) return readOrder(message, onScreen) ?? { about: 'unclear-order' };
  const named = markets.find(({ pattern }) => pattern.test(message))?.symbol;
  const market = named ?? symbol ?? MARKET_SYMBOLS[0];
  const topic = topics.find(([, pattern]) => pattern.test(message))?.[0];
  const move = readMove(message);
  if (move !== null) return { about: 'what-if', symbol: market, move };
  if (addressPattern.test(message)) return { about: 'other-account' };
  const about = topic ?? (named !== undefined ? 'outlook' : isHint(message) ? byScreen[screen] : 'help');
  // Who asks how safe he is and names no market means all that he holds.
  if (about === 'risk' && named === undefined && (onScreen === undefined || ofAll.test(message)))
    return { about: 'account' };
  if (about === 'outlook' || about === 'risk') return { about, symbol: market, horizon: readHorizon(message) };
  return about === 'market' ? { about, symbol: market } : { about };
}

/** Words that ask about what is on screen without naming it. */
const hints =
  /^(?:a|about|and|any|are|at|do|does|explain|going|good|happening|here|how|i|idea|in|is|it|like|look|looking|looks|market|me|news|next|now|of|on|or|please|s|should|show|so|tell|the|there|think|this|to|today|up|what|whats|when|where|which|why|will|with|you|your)$/i;
const wordsOfAHintMax = 8;
/** Nothing but such words, and not many: anything else that names nothing known is not guessed at. */
function isHint(message: string): boolean {
  const words = message.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return words.length > 0 && words.length <= wordsOfAHintMax && words.every((word) => hints.test(word));
}
/** A wallet's address: 32 bytes in base58. */
const addressPattern = /\b[1-9A-HJ-NP-Za-km-z]{32,44}\b/;
const ofAll = /\b(positions|account|portfolio)\b/i;

/** A ticket in words, wholly understood or not at all: what is left out of an order ("at 140", "half") changes it. */
function readOrder(message: string, onScreen: MarketSymbol | undefined): PlainQuestion | null {
  const words = message.trim().replace(/(?:\s*(?:,|\bplease\b|\bnow\b|[.!]))+$/i, '');
  const closing = closePattern.exec(words);
  if (closing !== null) {
    const base = closing.groups?.['base'];
    const isAny = base === undefined || /^(long|short|position|it)$/i.test(base);
    const named = marketNamed(base ?? '');
    return isAny || named !== undefined ? { about: 'close', symbol: named ?? onScreen ?? null } : null;
  }
  const { side = '', quantity = '', base = '', terms: behind = '' } = orderPattern.exec(words)?.groups ?? {};
  const symbol = marketNamed(base);
  const terms = readTerms(behind);
  if (symbol === undefined || terms === null) return null;
  const isBuy = /buy|long/i.test(side);
  return { about: 'order', symbol, side: isBuy ? 'buy' : 'sell', quantity: quantity.replaceAll(',', ''), ...terms };
}

const marketNamed = (base: string): MarketSymbol | undefined =>
  MARKETS.find((market) => market.base.toLowerCase() === base.toLowerCase())?.symbol;

function readTerms(text: string): Pick<PlainOrder, 'leverage' | 'price'> | null {
  const terms: { leverage: string | null; price: string | null } = { leverage: null, price: null };
  let rest = text;
  while (rest.trim() !== '') {
    const found = termOf(rest);
    if (found === null || terms[found.name] !== null) return null;
    terms[found.name] = found.value;
    rest = rest.slice(found.length);
  }
  return terms;
}

/** What a text begins with; null where that is neither. */
function termOf(
  text: string,
): { readonly name: 'leverage' | 'price'; readonly value: string; readonly length: number } | null {
  for (const [name, pattern] of [
    ['leverage', leveragePattern],
    ['price', pricePattern],
  ] as const) {
    const [whole, value] = pattern.exec(text) ?? [];
    if (whole !== undefined && value !== undefined) return { name, value, length: whole.length };
  }
  return null;
}
