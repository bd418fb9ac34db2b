import { expect, test } from 'vitest';
import { quote } from '#shared/money/units.ts';

import { event, fill, opened, oracle, receipt, reduced, reductionData, sale } from './fill-testing.ts';
import { viewPosition } from './position-view.ts';
import { cardOfFill, cardOfPosition, type ShareCard } from './share-card.ts';
import { wordsOf } from './share-card-words.ts';
import { base, positionWith, usd, usdc } from './testing.ts';

const publishTime = 1_760_000_010;
const held = (mark: string): ShareCard => cardOfPosition(viewPosition(positionWith(), usd(mark), 10_000), publishTime);
const known = (card: ShareCard | undefined): ShareCard => {
  if (card === undefined) throw new Error('the receipt is readable');
  return card;
};

test('the card of a position has the figures of its row: live leverage, capped profit, return on its margin', () => {
  const words = wordsOf(held('152'), false);
  expect(words).toMatchObject({ market: 'SOL-PERP', side: 'Long', leverage: '16×', stage: 'Open' });
  expect(words.main).toEqual({ label: 'ROE', value: '+26.67%', direction: 'up' });
  expect(words.facts).toEqual([
    { label: 'Entry', value: '150.000' },
    { label: 'Mark', value: '152.000' },
  ]);
  expect(wordsOf(held('350'), false).main.value).toBe('+2,000.00%');
});

test('amounts are shown only where they are asked for', () => {
  const hidden = wordsOf(held('148.5'), false);
  const shown = wordsOf(held('148.5'), true);
  expect(JSON.stringify(hidden)).not.toMatch(/USDC|150\.00\b|100/);
  expect(shown.facts.slice(2)).toEqual([
    { label: 'PnL', value: '−150.00 USDC' },
    { label: 'Size', value: '100.00 SOL' },
  ]);
});

test('the text alternative says what the picture says', () => {
  expect(wordsOf(held('148.5'), true).alternative).toBe(
    'QuantDesk: SOL-PERP Long 24.75× Open. ROE −20.00%. Entry 150.000. Mark 148.500. PnL −150.00 USDC. Size 100.00 SOL. 9 Oct 2025, 08:53 UTC.',
  );
});

test('before the first price no result and no time is invented, and what rounds to zero is no gain', () => {
  const words = wordsOf(cardOfPosition(viewPosition(positionWith(), undefined, undefined), publishTime), true);
  expect([words.main.value, words.main.direction, words.at, words.leverage]).toEqual(['–', 'flat', '–', undefined]);
  const still = wordsOf({ ...held('150'), roe: { part: 1n, of: usdc('750') } }, false);
  expect(still.main).toEqual({ label: 'ROE', value: '0.00%', direction: 'flat' });
});

test('a closed part returns its realized result over its share of the margin, and says entry and exit', () => {
  const card = known(cardOfFill(sale, receipt));
  expect(card).toMatchObject({ stage: 'closed', side: 'long', size: base('5'), exit: reduced.fillPrice });
  expect(card.pnl).toBe(reduced.realizedPnl);
  const marginOfPart = opened.position.margin / 4n;
  expect(card.roe).toEqual({ part: reduced.realizedPnl * base('20'), of: opened.position.margin * base('5') });
  const won = known(cardOfFill({ ...sale, realized_pnl: quote(marginOfPart / 2n) }, receipt));
  expect(wordsOf(won, false).main.value).toBe('+50.00%');
  expect(wordsOf(card, false)).toMatchObject({ leverage: '9.99×', stage: 'Closed', at: '9 Oct 2025, 08:53 UTC' });
});

test('an opening shows its price and the leverage it was ordered with: it has no result yet', () => {
  const card = known(cardOfFill(fill({}), receipt));
  expect(card).toMatchObject({ stage: 'opened', entry: opened.fillPrice, leverageE2: 1_000n, roe: null, pnl: null });
  const words = wordsOf(card, true);
  expect(words.main.label).toBe('Fill price');
  expect(words.facts).toEqual([{ label: 'Size', value: '20.00 SOL' }]);
});

test('without a receipt that can be read there is no card', () => {
  expect(cardOfFill(sale, undefined)).toBeUndefined();
  expect(cardOfFill(sale, { ...receipt, events: [] })).toBeUndefined();
  const other = { ...receipt, events: [event('PositionReduced', { ...reductionData, before: { size: '5' } })] };
  expect(cardOfFill(sale, other)).toBeUndefined();
  expect(oracle.publishTime).toBe(BigInt(publishTime));
});
