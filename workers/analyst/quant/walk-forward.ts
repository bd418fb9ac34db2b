/**
 * A probability from scores, and how far it can be trusted: weights are fitted on the past alone, tried on the stretch of past that
 * followed, and what they claimed there is compared with what happened (docs/analyst.md).
 */
import type { Features } from './features.ts';
import { fitWeights, type Sample, scoreOf } from './logistic-regression.ts';
import { clamp, logistic, logit, studentT975 } from './statistics.ts';

/** Bars before the first case: what the longest score needs, and two to spare. */
const warmUpBars = 50;
/** Horizons of past after the warm-up below which nothing is estimated. */
const horizonsMin = 14;
/** Part of the past that only teaches; the rest is forecast, in `folds` stretches, each from what lies before it. */
const teachingPart = 0.4;
const folds = 6;
/**
 * Weights are believed, before any data, to be normal with a standard deviation of 0.2 logits for a score of 1: five points of
 * probability, which would be a large edge. The penalty is one over its square.
 */
const penalty = 1 / 0.2 ** 2;
/**
 * Outcomes of an even coin that the base rate starts from: as if it were known to ±2 points. A market that doubles in a year at a
 * volatility of 60 % rises in 50.5 % of its hours and 52.4 % of its days; a past of some days that shows more has had luck.
 */
const evenOutcomes = 624;
/** Horizons of a block of cases that count as one when errors are measured: cases less than a horizon apart share their outcome. */
const blockHorizons = 2;
/** Blocks below which the error is not known. */
const blocksMin = 4;

/** One market of a panel. Markets end at the same bar; a shorter one starts later. */
export interface PanelMarket {
  readonly close: readonly number[];
  readonly features: readonly (Features | null)[];
}

export interface Panel {
  /** The market that is asked for. */
  readonly own: PanelMarket;
  /** Markets whose past is learnt from too. */
  readonly others: readonly PanelMarket[];
  /** Mean correlation of the others with it, 0 to 1: markets that move as one teach as one. */
  readonly relation: number;
  readonly horizonBars: number;
}

export interface Estimate {
  /** How often the price was higher after the horizon, drawn towards a half. */
  readonly baseRate: number;
  /** What the weights claim before they are shrunk. */
  readonly raw: number;
  /** Calibrated: the base rate, and of the claim's distance from it what the trial has confirmed. */
  readonly probability: number;
  /** Part of the claimed distance that the trial found in the outcomes; 1: the claims were right, 0 or less: worthless. */
  readonly skill: number;
  /** Its standard error. */
  readonly skillError: number;
  /** How far the probability may lie from the truth by that error, at 95 %. */
  readonly error: number;
  /** Blocks of past on which the claims were tried. */
  readonly blocks: number;
  readonly weights: readonly number[];
}

/** Bars that an estimate needs. */
export const barsNeeded = (horizonBars: number): number => warmUpBars + (horizonsMin + 1) * horizonBars;

/** The estimate at the newest bar; null where there are fewer than `barsNeeded`, or the scores of now are not known. */
export function estimate(panel: Panel): Estimate | null {
  const { own, horizonBars } = panel;
  const last = own.close.length - 1;
  const features = own.features[last];
  if (features === undefined || features === null || own.close.length < barsNeeded(horizonBars)) return null;
  const { weights, baseRates } = learn(panel, last);
  const baseRate = baseRates[0] ?? 0.5;
  const raw = logistic(logit(baseRate) + scoreOf(weights, features));
  const { skill, skillError, blocks } = trial(panel, last);
  // What is believed of the skill before the trial is normal around 0 with variance 1; after it:
  const believed = clamp(skill / (1 + skillError ** 2), 0, 1);
  const believedError = skillError / Math.sqrt(1 + skillError ** 2);
  const distance = raw - baseRate;
  const probability = baseRate + believed * distance;
  const error = studentT975(blocks - 1) * believedError * Math.abs(distance);
  return { baseRate, raw, probability, skill, skillError, error, blocks, weights };
}

const marketsOf = ({ own, others }: Panel): readonly PanelMarket[] => [own, ...others];
const shiftOf = ({ own }: Panel, market: PanelMarket): number => market.close.length - own.close.length;

/** 1 where the close was higher a horizon later; bars are counted in the market's own series. */
const outcomeAt = ({ close }: PanelMarket, bar: number, horizonBars: number): 0 | 1 =>
  (close[bar + horizonBars] ?? NaN) > (close[bar] ?? NaN) ? 1 : 0;

/** Weights and base rates (of the panel's markets, in order) from what was known when bar `known` of the own market ended. */
export function learn(panel: Panel, known: number): { weights: number[]; baseRates: number[] } {
  const { horizonBars, others, relation } = panel;
  const weight = 1 / (horizonBars * (1 + others.length * relation));
  const samples: Sample[] = [];
  const baseRates = marketsOf(panel).map((market) => {
    const knownHere = known + shiftOf(panel, market);
    const baseRate = baseRateOf(market, knownHere, horizonBars);
    const offset = logit(baseRate);
    for (let bar = 0; bar + horizonBars <= knownHere; bar++) {
      const features = market.features[bar];
      if (features) samples.push({ features, offset, outcome: outcomeAt(market, bar, horizonBars), weight });
    }
    return baseRate;
  });
  const count = panel.own.features[panel.own.close.length - 1]?.length ?? 0;
  return { weights: fitWeights(samples, count, penalty), baseRates };
}

/** (ups + 312) / (outcomes + 624), where outcomes that overlap count in part. */
function baseRateOf(market: PanelMarket, known: number, horizonBars: number): number {
  let [ups, count] = [0, 0];
  for (let bar = 0; bar + horizonBars <= known; bar++) {
    ups += outcomeAt(market, bar, horizonBars);
    count += 1;
  }
  return (ups / horizonBars + evenOutcomes / 2) / (count / horizonBars + evenOutcomes);
}

/** Sums of one block of cases: claims squared, and claims times outcomes, both less the base rate. */
interface Block {
  claimed: number;
  found: number;
}

/**
 * Forecasts the later part of the past in stretches, each with weights from before it, and asks how much of what they claimed was found:
 * the slope of (outcome − base rate) on (claim − base rate) through 0, with an error that takes the cases of a block as one
 * (cluster-robust: Liang & Zeger 1986).
 */
function trial(panel: Panel, last: number): { skill: number; skillError: number; blocks: number } {
  const { horizonBars } = panel;
  const lastKnown = last - horizonBars;
  const firstTried = warmUpBars + horizonBars + Math.ceil((lastKnown - warmUpBars - horizonBars) * teachingPart);
  const span = lastKnown + 1 - firstTried;
  const blocks = new Map<number, Block>();
  for (let fold = 0; fold < folds; fold++) {
    const from = firstTried + Math.floor((span * fold) / folds);
    const to = firstTried + Math.floor((span * (fold + 1)) / folds);
    const { weights, baseRates } = learn(panel, from);
    for (const [order, market] of marketsOf(panel).entries()) {
      const shift = shiftOf(panel, market);
      const baseRate = baseRates[order] ?? 0.5;
      for (let bar = from; bar < to; bar++) {
        const features = market.features[bar + shift];
        if (!features) continue;
        const claim = logistic(logit(baseRate) + scoreOf(weights, features)) - baseRate;
        const key = Math.floor((bar - firstTried) / (blockHorizons * horizonBars));
        const block = blocks.get(key) ?? { claimed: 0, found: 0 };
        block.claimed += claim ** 2;
        block.found += claim * (outcomeAt(market, bar + shift, horizonBars) - baseRate);
        blocks.set(key, block);
      }
    }
  }
  return slopeOf([...blocks.values()]);
}

/** No skill and no bound on its error where nothing was claimed, or on too few blocks. */
function slopeOf(blocks: readonly Block[]): { skill: number; skillError: number; blocks: number } {
  const count = blocks.length;
  const claimed = blocks.reduce((sum, block) => sum + block.claimed, 0);
  if (count < blocksMin || claimed === 0) return { skill: 0, skillError: 1e6, blocks: Math.max(count, blocksMin) };
  const skill = blocks.reduce((sum, block) => sum + block.found, 0) / claimed;
  const squares = blocks.reduce((sum, block) => sum + (block.found - skill * block.claimed) ** 2, 0);
  const skillError = Math.sqrt((squares * count) / (count - 1)) / claimed;
  return { skill, skillError, blocks: count };
}
