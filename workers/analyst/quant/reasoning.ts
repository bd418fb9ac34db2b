/** Plain words from figures. Every sentence is chosen by what was found, and every claim names its figure as `[id]`. */
import type { Horizon, QuantFigure } from './contract.ts';
import { featureNames } from './features.ts';
import { correlationId, type Findings } from './figures.ts';

/** How a horizon is said after "the next" and "the last". */
/** How long a horizon is, in words. */
export const spanWords: Readonly<Record<Horizon, string>> = {
  ...{ '15m': '15 minutes', '1h': 'an hour' },
  ...{ '4h': '4 hours', '1d': 'a day' },
};

export const horizonWords: Readonly<Record<Horizon, string>> = {
  '15m': '15 minutes',
  '1h': 'hour',
  '4h': '4 hours',
  '1d': 'day',
};

type Cite = (id: string) => string;

/** Standard deviations, and points of the strength index, from which a price counts as stretched; Wilder's 70 and 30. */
const stretchedDeviations = 2;
const [rsiHigh, rsiLow] = [70, 30];
/** Scores below this are called flat. */
const flatScore = 0.5;
/** Text of a figure's unit; multiples and counts are read without one. */
const unitText = (unit: QuantFigure['unit']): string =>
  unit === '' || unit === 'x' || unit === 'samples' ? '' : ` ${unit}`;

/** The reasoning of an assessment. @throws Error where a sentence speaks of a figure that is not there. */
export function reasoningOf(findings: Findings, figures: readonly QuantFigure[]): string {
  const byId = new Map(figures.map((figure) => [figure.id, figure]));
  const cite: Cite = (id) => {
    const figure = byId.get(id);
    if (figure === undefined) throw new Error(`there is no figure ${id}`);
    return `${figure.value}${unitText(figure.unit)} [${id}]`;
  };
  const sentences = [
    verdict(findings, cite),
    ...probabilitySentences(findings, cite),
    ...trialSentences(findings, cite),
    costSentence(findings, cite),
    trendSentence(findings, cite),
    stretchSentence(findings, cite),
    relationSentence(findings, cite),
    ...positioningSentences(findings, byId, cite),
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function verdict({ input, decision }: Findings, cite: Cite): string {
  const { direction, obstacle } = decision;
  const expected = {
    buy: 'the price is expected to rise',
    sell: 'the price is expected to fall',
    close: `the price is expected to go against the ${input.position_side ?? ''} position`,
  };
  const obstacles = {
    chance: 'what the scores say cannot be told from chance',
    contrary: 'the scores speak against the direction the price has had more often',
    cost: 'what is expected would not pay for the trade',
  };
  const why = direction === 'hold' ? obstacles[obstacle ?? 'chance'] : expected[direction];
  const answer = `${direction[0]?.toUpperCase()}${direction.slice(1)}`;
  return `${answer} ${input.symbol} at ${cite('price')} for the next ${horizonWords[input.horizon]}: ${why}.`;
}

function probabilitySentences({ features, found }: Findings, cite: Cite): string[] {
  const pushes = featureNames.map((name, index) => ({
    name,
    push: (found.weights[index] ?? 0) * (features[index] ?? 0),
  }));
  const up = found.raw >= found.baseRate;
  const [first] = pushes.sort((a, b) => (up ? b.push - a.push : a.push - b.push));
  const driver = {
    trend: 'the trend',
    reversion: 'the distance from its mean',
    acceleration: 'the acceleration',
    catch_up: 'its lag behind the other markets',
  }[first?.name ?? 'trend'];
  const past = `In the past that is known here, the price was higher after such a time in ${cite('base_rate')} of cases.`;
  const claim = `The scores of now claim ${cite('claim')}, mostly for ${driver}, ${cite(first?.name ?? 'trend')}.`;
  return [past, claim];
}

function trialSentences({ found, decision }: Findings, cite: Cite): string[] {
  const tried = `Tried on ${cite('trials')} stretches of past that they had not seen, such claims`;
  if (found.skill <= 0)
    return [
      `${tried} did not come true (${cite('skill')} of their distance from the base rate), so nothing of them is kept: the probability is ${cite('probability')}.`,
    ];
  const place =
    decision.obstacle === 'chance' ? 'no further from the base rate than that' : 'further from the base rate';
  return [
    `${tried} came true by ${cite('skill')} of their distance from the base rate; shrunk by that and by its error, the probability is ${cite('probability')}, give or take ${cite('error')}: ${place}.`,
  ];
}

function costSentence({ decision }: Findings, cite: Cite): string {
  const pays = Math.abs(decision.expected) > decision.cost ? 'less than that' : 'more than that';
  return `A move is usually ${cite('typical_move')} either way (volatility ${cite('volatility')}), and ${cite('expected_move')} is to be expected; a round trip costs ${cite('cost')}, ${pays}.`;
}

function trendSentence({ input, features }: Findings, cite: Cite): string {
  const trend = features[featureNames.indexOf('trend')] ?? 0;
  const word =
    Math.abs(trend) < flatScore ? 'There is no clear trend' : trend > 0 ? 'The trend is up' : 'The trend is down';
  return `${word}: the fast average is ${cite('ema_gap')} true ranges from the slow one, the last ${horizonWords[input.horizon]} moved by ${cite('momentum')} deviations, and MACD is ${cite('macd_histogram')} true ranges from its signal.`;
}

function stretchSentence({ own }: Findings, cite: Cite): string {
  const [rsi = NaN, z = NaN] = [own.indicators.rsi.at(-1), own.indicators.bollingerZ.at(-1)];
  const [high, low] = [rsi >= rsiHigh || z >= stretchedDeviations, rsi <= rsiLow || z <= -stretchedDeviations];
  const word = high === low ? 'not stretched' : high ? 'stretched upwards' : 'stretched downwards';
  return `It is ${word}: ${cite('bollinger')} deviations from the middle of its bands, strength index ${cite('rsi')}.`;
}

function relationSentence({ others }: Findings, cite: Cite): string {
  if (others.length === 0) return '';
  const parts = others.map(({ symbol }) => `${symbol} ${cite(correlationId(symbol))}`);
  const word = others.length > 1 ? 'Correlations' : 'Correlation';
  return `${word} with ${parts.join(', ')}; its lag behind scores ${cite('catch_up')}.`;
}

function positioningSentences({ input }: Findings, byId: ReadonlyMap<string, QuantFigure>, cite: Cite): string[] {
  const sentences: string[] = [];
  const funding = input.funding_rate_hourly_bps;
  if (funding !== undefined)
    sentences.push(
      funding === 0
        ? `Neither side pays funding (${cite('funding')} an hour).`
        : `${funding > 0 ? 'Longs pay shorts' : 'Shorts pay longs'}: funding of ${cite('funding')} an hour.`,
    );
  if (input.skew_bps !== undefined) {
    const sides = byId.has('long_interest') ? `, longs ${cite('long_interest')}, shorts ${cite('short_interest')}` : '';
    const word = input.skew_bps === 0 ? 'even' : input.skew_bps > 0 ? 'long' : 'short';
    sentences.push(`Open interest is ${word} by ${cite('skew')}${sides}.`);
  }
  for (const side of ['long', 'short'] as const) {
    if (!byId.has(`${side}_liquidation_price`)) continue;
    const of = (name: string): string => cite(`${side}_liquidation_${name}`);
    sentences.push(
      `The nearest liquidations of ${side}s are at ${of('price')}, ${of('distance')} away and reached with ${of('reached')}; ${of('notional')} of positions are within two deviations.`,
    );
  }
  if (sentences.length > 0)
    sentences.push('These have no recorded past to be tried on and do not move the probability.');
  return sentences;
}
