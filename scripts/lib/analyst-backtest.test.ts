import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Bar, loadTape, type Tape } from '../../local/tape/tape.ts';
import { HORIZONS } from '../../workers/analyst/quant/contract.ts';
import { type Answer, backtest } from './analyst-backtest.ts';
import { reliabilityOf, reportOf, scoreOf } from './analyst-report.ts';

const tape = loadTape();
const hourly = backtest(tape, ['1h']).answers;

/** What was answered, without what came of it. */
const forecastOf = ({ move: _, ...forecast }: Answer) => forecast;

test('a changed future leaves every earlier answer as it was', () => {
  const turn = 1_290;
  const mirrored = (bars: readonly Bar[]): Bar[] => {
    const middle = bars[turn]?.open ?? NaN;
    const turned = (value: number): number => (middle * middle) / value;
    return bars.map((bar, index) => {
      if (index < turn) return bar;
      const { open, high, low, close } = bar;
      return { ...bar, open: turned(open), high: turned(low), low: turned(high), close: turned(close) };
    });
  };
  const other: Tape = { ...tape, bars: new Map([...tape.bars].map(([base, bars]) => [base, mirrored(bars)])) };
  const turnMs = (tape.start + turn * 60) * 1_000;
  const until = (answers: readonly Answer[]) => answers.filter(({ nowMs }) => nowMs <= turnMs);
  const changed = backtest(other, ['1h']).answers;
  expect(until(hourly).length).toBeGreaterThan(10);
  expect(until(changed).map(forecastOf)).toEqual(until(hourly).map(forecastOf));
  expect(changed.map(forecastOf)).not.toEqual(hourly.map(forecastOf));
});

const answer = (changes: Partial<Answer>): Answer => ({
  symbol: 'SOL-PERP',
  horizon: '15m',
  nowMs: 0,
  probability: 0.5,
  baseRate: 0.5,
  claim: 0.5,
  direction: 'hold',
  move: 10,
  lastMove: 10,
  cost: 14,
  ...changes,
});

test('scores are those worked out by hand', () => {
  const answers = [
    answer({ probability: 0.8, claim: 0.9, direction: 'buy', move: 50, lastMove: -20 }),
    answer({ nowMs: 450_000, probability: 0.4, baseRate: 0.6, claim: 0.3, move: -30, lastMove: 5 }),
    answer({ nowMs: 900_000, probability: 0.4, direction: 'sell', move: 20, lastMove: 0 }),
    answer({ nowMs: 1_800_000, move: -10 }),
  ];
  const score = scoreOf(answers);
  expect(score).toMatchObject({ answers: 4, independent: 3, hitRate: 2.5 / 4, trades: 2 });
  expect(score.brier).toBeCloseTo((0.04 + 0.16 + 0.36 + 0.25) / 4, 12);
  expect(score.brierBase).toBeCloseTo((0.25 + 0.36 + 0.25 + 0.25) / 4, 12);
  expect(score.brierClaim).toBeCloseTo((0.01 + 0.09 + 0.25 + 0.25) / 4, 12);
  // Bought: 50 − 14. Sold: −20 − 14. Held twice: 0.
  expect(score.analystReturn).toBe(36 - 34);
  // −50 − 14, −30 − 14, nothing without a last move, −10 − 14.
  expect(score.lastMoveReturn).toBe(-64 - 44 - 24);
  // 50 − 14, 30 − 14, −20 − 14, and no side at a half.
  expect(score.everyReturn).toBe(36 + 16 - 34);
  expect(reliabilityOf(answers, ({ probability }) => probability)).toEqual([
    { from: 0.4, count: 2, forecast: 0.4, observed: 0.5 },
    { from: 0.5, count: 1, forecast: 0.5, observed: 0 },
    { from: 0.8, count: 1, forecast: 0.8, observed: 1 },
  ]);
});

test('docs/analyst.md shows what the command prints', () => {
  const report = reportOf(backtest(tape, HORIZONS), 'the tape');
  const tables = report.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| ---'));
  const plain = (line: string): string => line.replaceAll(/\s+/g, '');
  const documented = readFileSync(new URL('../../docs/analyst.md', import.meta.url), 'utf8')
    .split('\n')
    .map(plain);
  expect(tables.length).toBeGreaterThan(20);
  for (const line of tables) expect(documented).toContain(plain(line));
});
