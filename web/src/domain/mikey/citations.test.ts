import { describe, expect, test } from 'vitest';

import { citedIds, readCitations, readParagraphs, withoutCitations } from './citations.ts';

const textOf = (text: string) =>
  readCitations(text)
    .map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.number}>`))
    .join('');

describe('citations of an answer', () => {
  test('a figure has one number, by its first mention', () => {
    expect(textOf('Up 0.4% [momentum], calm [rsi]; again [momentum].')).toBe('Up 0.4%<1>, calm<2>; again<1>.');
    expect(citedIds('a [rsi] b [momentum] c [rsi]')).toEqual(['rsi', 'momentum']);
  });

  test('the number right before a mark is what it cites, with its unit', () => {
    const cited = (text: string) => readCitations(text).find((piece) => piece.kind === 'citation')?.cited;
    expect(cited('at 142.375 USD [long_liquidation_price]')).toEqual({ value: '142.375', unit: 'USD' });
    expect(cited('worth 1,234.50 USDC [equity]')).toEqual({ value: '1234.50', unit: 'USDC' });
    expect(cited('skew −12.5% [skew]')).toEqual({ value: '-12.5', unit: '%' });
    expect(cited('the trend is weak [trend]')).toBeNull();
  });

  test('markup of a model stays the characters it is: no link, no image, no element', () => {
    for (const text of [
      '<img src=x onerror=alert(1)>',
      '[click](https://evil.example)',
      '![x](https://evil.example/p.png)',
      '**bold** [Not An Id] [] [a-b]',
    ])
      expect(readCitations(text)).toEqual([{ kind: 'text', text }]);
  });

  test('a mark that is cut by the stream is text until its end is there', () => {
    expect(textOf('Up [momen')).toBe('Up [momen');
    expect(textOf('Up [momentum]')).toBe('Up<1>');
  });

  test('a long answer has paragraphs, numbered through, and what stands does not move while more comes', () => {
    const shown = (text: string) =>
      readParagraphs(text).map((paragraph) =>
        paragraph.map((piece) => (piece.kind === 'text' ? piece.text : `<${piece.number}>`)).join(''),
      );
    const text = 'Hold at 1.5 USD [price]. Calm [rsi]. Costs 3 bps [cost]. Then [price]. End.';
    expect(shown(text)).toEqual(['Hold at 1.5\u00a0USD<1>.', 'Calm<2>. Costs 3\u00a0bps<3>.', 'Then<1>. End.']);
    expect(shown(text.slice(0, 46))).toEqual(['Hold at 1.5\u00a0USD<1>.', 'Calm<2>. Costs 3 b']);
    expect(shown('One.\n\nTwo. Three. Four.')).toEqual(['One.', 'Two. Three. Four.']);
    expect(shown('It lags by -0.18 [lag].')).toEqual(['It lags by −0.18<1>.']);
    expect(shown('')).toEqual([]);
  });

  test('what is read aloud has no marks', () => {
    expect(withoutCitations('Up 0.4% [momentum], calm [rsi].')).toBe('Up 0.4%, calm.');
  });

  test('a text of nothing but marks is bounded', () => {
    expect(readCitations('[a]'.repeat(5_000)).length).toBeLessThanOrEqual(401);
  });
});
