import { MARKETS, MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { AnalysisHorizon } from '#shared/protocol/ai.ts';
import type { ChatRequest } from '#shared/protocol/ai-chat.ts';

/** What the quantitative analyst makes of a question. */
export type PlainQuestion =
  | { readonly about: 'outlook' | 'risk'; readonly symbol: MarketSymbol; readonly horizon: AnalysisHorizon }
  | { readonly about: 'market'; readonly symbol: MarketSymbol }
  | { readonly about: 'account' | 'pool' | 'record' | 'help' }
  | {
      readonly about: 'order';
      readonly symbol: MarketSymbol;
      readonly side: 'buy' | 'sell';
      /** Base units as text; null where it closes what is held. */
      readonly quantity: string | null;
      readonly leverage: string | null;
    };

const markets = MARKETS.map(({ symbol, base }) => ({ symbol, pattern: new RegExp(`\\b${base}(-PERP)?\\b`, 'i') }));
const horizonPatterns: readonly (readonly [AnalysisHorizon, RegExp])[] = [
  ['1h', /\b(1 ?h(our)?|an hour|one hour|hourly)\b/i],
  ['4h', /\b(4 ?h(ours?)?|four hours)\b/i],
  ['1d', /\b(1 ?d(ay)?|today|tomorrow|a day|24 ?h(ours?)?|daily)\b/i],
];
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
const orderPattern =
  /^\W*(?:please\s+)?(buy|sell|long|short)\s+(\d{1,9}(?:\.\d{1,8})?)\s*([a-z]{2,6})(?:-perp)?\b(?:.*?\b(\d{1,3}(?:\.\d{1,2})?)\s?x\b)?/i;
const closePattern = /^\W*(?:please\s+)?close\b/i;

/** Reads a question by its words: no model, so only what they name. What names nothing is about the screen it is asked on. */
export function readQuestion({ message, screen, symbol }: ChatRequest): PlainQuestion {
  const named = markets.find(({ pattern }) => pattern.test(message))?.symbol;
  const market = named ?? symbol ?? MARKET_SYMBOLS[0];
  const order = orderPattern.exec(message);
  const ordered = markets.find(({ pattern }) => pattern.test(order?.[3] ?? ''))?.symbol;
  if (order !== null && ordered !== undefined) {
    const side = /buy|long/i.test(order[1] ?? '') ? 'buy' : 'sell';
    return { about: 'order', symbol: ordered, side, quantity: order[2] ?? null, leverage: order[4] ?? null };
  }
  if (closePattern.test(message))
    return { about: 'order', symbol: market, side: 'sell', quantity: null, leverage: null };
  const topic = topics.find(([, pattern]) => pattern.test(message))?.[0];
  const isShort = message.trim().split(/\s+/).length <= wordsOfAHintMax;
  const about = topic ?? (named !== undefined ? 'outlook' : isShort ? byScreen[screen] : 'help');
  if (about === 'outlook' || about === 'risk') return { about, symbol: market, horizon: horizonOf(message) };
  return about === 'market' ? { about, symbol: market } : { about };
}

/** A longer question that names nothing known is not guessed at. */
const wordsOfAHintMax = 6;

const horizonOf = (message: string): AnalysisHorizon =>
  horizonPatterns.find(([, pattern]) => pattern.test(message))?.[0] ?? '15m';
