import { describe, expect, it } from 'vitest';
import { agrees, numberAtEnd } from './cited-figure.ts';

const figure = (value: string, unit = '') => ({ value, unit });

describe('a number before its citation', () => {
  it.each([
    ['the chance is 49.0 %', figure('49.0', '%')],
    ['at 1,234.5 USD', figure('1234.5', 'USD')],
    ['it fell −0.7 bps', figure('-0.7', 'bps')],
    ['12 million', figure('12', 'million')],
    ['the trend is up', null],
    ['SOL2', null],
  ])('is read with its unit: %s', (text, found) => expect(numberAtEnd(text)).toEqual(found));

  it.each([
    [figure('49.0', '%'), figure('48.96', '%')],
    [figure('49', '%'), figure('49.4', '%')],
    [figure('0.49'), figure('49.0', '%')],
    [figure('0.7', 'bps'), figure('-0.7', 'bps')],
    [figure('0.15', '%'), figure('14.7', 'bps')],
    [figure('1.2', 'M'), figure('1234567', 'USDC')],
    [figure('61.2'), figure('61.2')],
    [figure('5'), figure('n/a')],
  ])('agrees with the figure that it rounds: %o and %o', (cited, known) => expect(agrees(cited, known)).toBe(true));

  it.each([
    [figure('80', '%'), figure('49.0', '%')],
    [figure('49.1', '%'), figure('49.0', '%')],
    [figure('70'), figure('61.2')],
    [figure('1.2', 'M'), figure('123456', 'USDC')],
    [figure('49', 'bps'), figure('49.0', '%')],
  ])('does not agree with another figure: %o and %o', (cited, known) => expect(agrees(cited, known)).toBe(false));
});
