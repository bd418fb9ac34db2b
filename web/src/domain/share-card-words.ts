import { marketOf } from '#shared/markets.ts';

import { shareTexts } from '../i18n/share.ts';
import {
  directionOf,
  formatLeverage,
  formatPrice,
  formatQuote,
  formatShare,
  formatSize,
  lateFormat,
  unknownFigure,
  type Direction,
} from './format.ts';
import type { ShareCard } from './share-card.ts';

/** A figure of the card under its name. */
export interface CardFact {
  readonly label: string;
  readonly value: string;
}

/** A share card as it is read: in the picture and in its text alternative, which say the same. */
export interface CardWords {
  readonly market: string;
  readonly side: string;
  /** Of the tag of the side: gains are not meant. */
  readonly sideTone: Direction;
  readonly leverage: string | undefined;
  readonly stage: string;
  /** What is written largest: the return, or the price of an execution that has none. */
  readonly main: CardFact & { readonly direction: Direction };
  readonly facts: readonly CardFact[];
  readonly at: string;
  /** All of it in one text. */
  readonly alternative: string;
  /** Of the file, without its ending. */
  readonly fileName: string;
}

/** Those who see the picture are in other places: the time says its zone. */
const utcMinute = lateFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false },
  timeZone: 'UTC',
});
const timeText = (at: Date | null): string => (at === null ? unknownFigure : shareTexts.utc(utcMinute(at)));

/** Writes a card out. Amounts (profit and loss in USDC, size) only where they are asked for. */
export function wordsOf(card: ShareCard, isWithAmounts: boolean): CardWords {
  const t = shareTexts;
  const { base, priceDecimals, sizeDecimals } = marketOf(card.symbol);
  const priceText = (value: bigint | null) => (value === null ? unknownFigure : formatPrice(value, priceDecimals));
  const hasExit = card.stage !== 'opened';
  const main = hasExit
    ? { label: t.roe, ...returnOf(card) }
    : { label: t.fillPrice, value: priceText(card.entry), direction: 'flat' as const };
  const prices = hasExit
    ? [
        { label: t.entry, value: priceText(card.entry) },
        { label: card.stage === 'open' ? t.mark : t.exit, value: priceText(card.exit) },
      ]
    : [];
  const result = hasExit ? [{ label: t.pnl, value: pnlText(card.pnl) }] : [];
  const size = { label: t.size, value: `${formatSize(card.size, sizeDecimals)} ${base}` };
  const facts: CardFact[] = [...prices, ...(isWithAmounts ? [...result, size] : [])];
  const [side, stage] = [t.sides[card.side], t.stages[card.stage]];
  const leverage = card.leverageE2 === null ? undefined : formatLeverage(card.leverageE2);
  const at = timeText(card.at);
  const named = [main, ...facts].map(({ label, value }) => `${label} ${value}`);
  return {
    ...{ market: card.symbol, side, leverage, stage, main, facts, at },
    sideTone: card.side === 'long' ? 'up' : 'down',
    alternative: t.alternative([[card.symbol, side, leverage, stage].filter(Boolean).join(' '), ...named, at]),
    fileName: `quantdesk-${card.symbol}-${card.stage}`.toLowerCase(),
  };
}

/** What is rounded to zero is neither a gain nor a loss. */
function returnOf({ roe }: ShareCard): { readonly value: string; readonly direction: Direction } {
  if (roe === null) return { value: unknownFigure, direction: 'flat' };
  const value = formatShare(roe.part, roe.of, 2, true);
  return { value, direction: /[1-9]/.test(value) ? directionOf(roe.part) : 'flat' };
}

const pnlText = (pnl: bigint | null): string =>
  pnl === null ? unknownFigure : `${formatQuote(pnl, { plus: true })} USDC`;
