/** What answers of the analyst were worth, as numbers and as a Markdown report. */
import { type Horizon, HORIZON_MS, HORIZONS } from '../../workers/analyst/quant/contract.ts';
import type { Answer, BacktestRun } from './analyst-backtest.ts';

/** One line of the report: the answers of a market and horizon, or of all markets. */
export interface Score {
  readonly answers: number;
  /** Answers whose horizons do not overlap. */
  readonly independent: number;
  /** Part of the answers whose likelier direction was right; probabilities of exactly a half count half. */
  readonly hitRate: number;
  /** Brier scores (Brier 1950): mean squared distance of the probability from the outcome; less is better. */
  readonly brier: number;
  readonly brierBase: number;
  readonly brierClaim: number;
  readonly trades: number;
  /** Sums of returns after fees and spread, basis points. */
  readonly analystReturn: number;
  readonly lastMoveReturn: number;
  /** What following every likelier direction would have brought, held back by nothing. */
  readonly everyReturn: number;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const meanOf = (values: readonly number[]): number => sum(values) / values.length;
const outcome = ({ move }: Answer): number => (move > 0 ? 1 : 0);
const brierOf = (answers: readonly Answer[], forecast: (answer: Answer) => number): number =>
  meanOf(answers.map((answer) => (forecast(answer) - outcome(answer)) ** 2));

/** Basis points after costs of taking a side: 1 long, −1 short, 0 neither. */
const traded = ({ move, cost }: Answer, side: number): number => (side === 0 ? 0 : side * move - cost);
const sideOf = ({ direction }: Answer): number => (direction === 'buy' ? 1 : direction === 'sell' ? -1 : 0);

function hit(answer: Answer): number {
  if (answer.probability === 0.5) return 0.5;
  return answer.probability > 0.5 === answer.move > 0 ? 1 : 0;
}

/** @param answers of one horizon; at least one. */
export function scoreOf(answers: readonly Answer[]): Score {
  return {
    answers: answers.length,
    independent: independentOf(answers),
    hitRate: meanOf(answers.map(hit)),
    brier: brierOf(answers, ({ probability }) => probability),
    brierBase: brierOf(answers, ({ baseRate }) => baseRate),
    brierClaim: brierOf(answers, ({ claim }) => claim),
    trades: answers.filter((answer) => sideOf(answer) !== 0).length,
    analystReturn: sum(answers.map((answer) => traded(answer, sideOf(answer)))),
    lastMoveReturn: sum(answers.map((answer) => traded(answer, Math.sign(answer.lastMove)))),
    everyReturn: sum(answers.map((answer) => traded(answer, Math.sign(answer.probability - 0.5)))),
  };
}

function independentOf(answers: readonly Answer[]): number {
  const freeFrom = new Map<string, number>();
  let count = 0;
  for (const { symbol, horizon, nowMs } of answers) {
    if (nowMs < (freeFrom.get(symbol) ?? -Infinity)) continue;
    freeFrom.set(symbol, nowMs + HORIZON_MS[horizon]);
    count += 1;
  }
  return count;
}

/** Answers with a forecast in [from, from + width): how many, the mean forecast, and how often the price was higher. */
export interface ReliabilityBin {
  readonly from: number;
  readonly count: number;
  readonly forecast: number;
  readonly observed: number;
}

/** Width of a bin, in percentage points. */
const binPoints = 5;

export function reliabilityOf(
  answers: readonly Answer[],
  forecast: (answer: Answer) => number,
): readonly ReliabilityBin[] {
  const bins = Map.groupBy(answers, (answer) => Math.floor((forecast(answer) * 100) / binPoints + 1e-9));
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([bin, inside]) => ({
      from: (bin * binPoints) / 100,
      count: inside.length,
      forecast: meanOf(inside.map(forecast)),
      observed: meanOf(inside.map(outcome)),
    }));
}

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
const brier = (value: number): string => value.toFixed(4);
const points = (value: number): string => value.toFixed(0);

function tableOf(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = head.map((_, index) => (index === 0 ? '---' : '---:'));
  return [head, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const scoreHead = [
  'Market',
  'Answers',
  'Independent',
  'Hit rate',
  'Brier',
  'Brier of base rate',
  'Brier of claim',
  'Trades',
  'Return',
  'Always hold',
  'Last move continues',
  'Every likelier side',
];

/** How far a coin's hit rate lies from a half, 19 times of 20, over the answers that do not overlap. */
const luckOf = ({ independent }: Score): number => 1.96 * Math.sqrt(0.25 / independent);

function scoreLine(name: string, answers: readonly Answer[]): string[] {
  const score = scoreOf(answers);
  return [
    name,
    String(score.answers),
    String(score.independent),
    `${percent(score.hitRate)} ± ${points(luckOf(score) * 100)}`,
    brier(score.brier),
    brier(score.brierBase),
    brier(score.brierClaim),
    String(score.trades),
    points(score.analystReturn),
    '0',
    points(score.lastMoveReturn),
    points(score.everyReturn),
  ];
}

function reliabilityTable(name: string, bins: readonly ReliabilityBin[]): string {
  const lines = bins.map(({ from, count, forecast, observed }) => [
    `${points(from * 100)}–${points(from * 100 + binPoints)} %`,
    String(count),
    percent(forecast),
    percent(observed),
  ]);
  return tableOf([name, 'Answers', 'Mean forecast', 'Price was higher'], lines);
}

function sectionOf(horizon: Horizon, { answers, missing }: BacktestRun): string {
  const own = answers.filter((answer) => answer.horizon === horizon);
  if (own.length === 0) return `## ${horizon}\n\nNot measurable on the tape. ${missing[horizon] ?? ''}`.trimEnd();
  const symbols = [...new Set(own.map(({ symbol }) => symbol))];
  const lines = symbols.map((symbol) =>
    scoreLine(
      symbol,
      own.filter((answer) => answer.symbol === symbol),
    ),
  );
  return [
    `## ${horizon}`,
    tableOf(scoreHead, [...lines, scoreLine('All', own)]),
    reliabilityTable(
      'Probability',
      reliabilityOf(own, ({ probability }) => probability),
    ),
    reliabilityTable(
      'Claim, before it is shrunk',
      reliabilityOf(own, ({ claim }) => claim),
    ),
  ].join('\n\n');
}

/** The whole report. */
export function reportOf(run: BacktestRun, tapeName: string): string {
  const intro = [
    '# Backtest of the quantitative analyst',
    '',
    `On ${tapeName}; every answer from what was known then. Returns are sums of basis points per answer, after fees and spread.`,
    'Independent: answers whose horizons do not overlap; the markets move together, so that even these count less than their number.',
    'Hit rate ±: how far a coin strays from 50 % on as many. An even coin has a Brier score of 0.2500.',
  ].join('\n');
  return `${[intro, ...HORIZONS.map((horizon) => sectionOf(horizon, run))].join('\n\n')}\n`;
}
