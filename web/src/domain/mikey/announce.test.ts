import { expect, test } from 'vitest';

import { nextSpoken } from './announce.ts';

/** Everything that is read of a text which arrives in pieces. */
function spoken(pieces: readonly string[]): string[] {
  const said: string[] = [];
  let [text, readTo] = ['', 0];
  const say = (isEnded: boolean) => {
    for (;;) {
      const next = nextSpoken(text, readTo, isEnded);
      if (next.part === '') return;
      said.push(next.part);
      readTo = next.readTo;
    }
  };
  for (const piece of pieces) {
    text += piece;
    say(false);
  }
  say(true);
  return said;
}

test('an answer is read in whole sentences, each once, and to its end', () => {
  expect(spoken(['Funding is ', 'high. Longs', ' pay shorts. The trend', ' is weak'])).toEqual([
    'Funding is high.',
    'Longs pay shorts.',
    'The trend is weak',
  ]);
});

test('a number is not cut at its point', () => {
  expect(spoken(['At 142.', '375 USD. Then'])).toEqual(['At 142.375 USD.', 'Then']);
});

test('a sentence without an end is read in words, within a bound', () => {
  const said = spoken([`${'word '.repeat(200)}end`]);
  expect(said.join(' ')).toBe(`${'word '.repeat(200)}end`);
  expect(Math.max(...said.map((part) => part.length))).toBeLessThanOrEqual(240);
});
