import { describe, expect, it } from 'vitest';
import { LinkFilter, plainText, removedLink, visibleText } from './plain-text.ts';

/** A text as it passes a stream that cuts it into pieces of so many characters, and the longest that was held back. */
function streamed(text: string, length: number) {
  const filter = new LinkFilter();
  let [passed, heldMax] = ['', 0];
  for (let from = 0; from < text.length; from += length) {
    passed += filter.push(text.slice(from, from + length));
    heldMax = Math.max(heldMax, from + length - passed.length);
  }
  return { text: passed + filter.end(), heldMax };
}
const told = 'x'.repeat(3_000);

describe('what a model writes', () => {
  it.each([
    ['begins', `https://thief.example/${told}`],
    ['ends', `${told}.thief.example//steal`],
    ['hides its scheme in the middle', `${told}.javascript:alert(1)${told}`],
    ['is an image', `![x](https://thief.example/${told})`],
  ])(
    'an address of more than 2,000 characters that %s with what gives it away never passes whole, however it is cut',
    (_how, address) => {
      for (const length of [1, 7, 1_999, 2_001, address.length + 20]) {
        const { text } = streamed(`see ${address} now`, length);
        expect([length, text.includes(removedLink)]).toEqual([length, true]);
        expect(text).not.toMatch(/https:|javascript:|\/\/|\]\(/);
        expect(text.startsWith('see ')).toBe(true);
        expect(text.endsWith(' now')).toBe(true);
      }
    },
  );

  it('never shows what gives an address away, wherever the part of a long word that may pass ends', () => {
    for (let before = 1_980; before <= 2_005; before++)
      for (const sign of ['javascript:alert(1)', '//thief.example', 'www.thief.example', '](x', '<a'])
        expect([before, streamed(`${'x'.repeat(before)}.${sign}`, 1).text]).toEqual([
          before,
          expect.not.stringContaining(sign),
        ]);
  });

  it('is not held back for good by a word without an end', () => {
    expect(streamed(`${told}${told}`, 10)).toEqual({ text: `${told}${told}`, heldMax: expect.any(Number) });
    expect(streamed(`${told}${told}`, 10).heldMax).toBeLessThanOrEqual(2_010);
  });

  it('passes word by word as it would in one piece', () => {
    const text = 'SOL is calm [volatility]; see [here](https://x.example) or www.x.example, 3/4 of it.';
    for (const length of [1, 2, 3, 11]) expect(streamed(text, length).text).toBe(plainText(text));
    expect(plainText(text)).toBe(`SOL is calm [volatility]; see ${removedLink} or ${removedLink} 3/4 of it.`);
  });

  it('keeps what other languages and emoji are written with', () => {
    for (const text of ['Wie groß ist mein Verlust über Nacht?', '今日の価格は？'.normalize('NFKC'), 'fine 👍🏽'])
      expect(visibleText(text)).toBe(text);
  });
});
