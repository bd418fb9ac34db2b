import { spanWords } from './quant/reasoning.ts';
import { formatDecimal } from '#shared/money/decimal.ts';
import { displayDecimal } from '#shared/money/format.ts';
import {
  BPS_SCALE,
  type Price,
  PRICE_SCALE,
  price as toPrice,
  QUOTE_DECIMALS,
  RATE_SCALE,
  SIZE_DECIMALS,
  SIZE_SCALE,
} from '#shared/money/units.ts';
import { equity } from '#shared/perps/equity.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import type { FigureDto } from '#shared/protocol/ai.ts';
import { currentBorrowRate, currentFundingRate } from '#shared/protocol/present/market.ts';
import { healthFigures, shownLiquidationPrice } from '#shared/protocol/present/risk-health.ts';
import type { AnalysisDraft } from './draft.ts';
import { barsOf } from './quant/bars.ts';
import { BAR_MS, type Horizon, HORIZON_MS, type QuantCandle } from './quant/contract.ts';
import { normalCdf } from './quant/statistics.ts';
import { decimalText } from './quant/units.ts';
import { volatilitySeries } from './quant/volatility.ts';

/** What a risk assessment is made of: the position as the program counts it, and how much its market moves. */
export interface RiskInput {
  readonly symbol: string;
  readonly horizon: Horizon;
  readonly nowMs: number;
  /** Of `BAR_MS[horizon]`, oldest first. */
  readonly candles: readonly QuantCandle[];
  readonly market: MarketState;
  readonly price: Price;
  /** Null where the trader holds none in this market. */
  readonly position: PositionState | null;
}

/** A chance of liquidation from which the advice is to close. */
const closeFromTouchBps = 2_000;
const wholeBps = 10_000;
const hoursPerDay = 24;
/** Usual moves that a new position should stand. */
const movesToStand = 3;

const percentText = (share: number): string => decimalText(share * 100, 2);
const usdcText = (amount: bigint): string =>
  displayDecimal(amount, QUOTE_DECIMALS, { places: 2, rounding: 'floor', group: '' });

/** Sentences and the figures that they cite, written together. */
class Report {
  readonly figures: FigureDto[] = [];
  readonly #sentences: string[] = [];

  /** Keeps a figure; answers it as a sentence shows it. */
  cite(id: string, label: string, value: string, unit: string): string {
    this.figures.push({ id, label, value, unit });
    const shown = unit === '%' || unit === 'x' ? `${value}${unit}` : `${value} ${unit}`;
    return `${shown.trim()} [${id}]`;
  }

  say(sentence: string): void {
    this.#sentences.push(sentence);
  }

  get text(): string {
    return this.#sentences.join(' ');
  }
}

/**
 * How far a position is from its liquidation, measured in what its market usually moves over the horizon. The chance to touch the liquidation
 * price on the way is 2·(1 − Φ(d ÷ σ)): the reflection principle for a random walk without drift.
 */
export function riskDraft(input: RiskInput): AnalysisDraft {
  const { position } = input;
  const sigma = horizonVolatility(input);
  if (position === null || position.size === 0n) return withoutPosition(input, sigma);
  return ofPosition({ ...input, position }, sigma);
}

function withoutPosition({ symbol, market, horizon }: RiskInput, sigma: number | null): AnalysisDraft {
  const report = new Report();
  report.say(`You hold no position in ${symbol}, so nothing of yours is at risk in it.`);
  if (sigma !== null) {
    const maintenance = shareOf(market.config.maintenanceMarginBps);
    const leverage = Math.max(1, Math.min(Number(market.config.maxLeverage), 1 / (movesToStand * sigma + maintenance)));
    const usual = report.cite('volatility', `Usual move in ${horizon}`, percentText(sigma), '%');
    const margin = report.cite('maintenance_margin', 'Maintenance margin', percentText(maintenance), '%');
    const most = report.cite(
      'leverage_to_stand',
      'Leverage that stands three usual moves',
      decimalText(leverage, 1),
      'x',
    );
    report.say(
      `The price usually moves ${usual} in ${spanWords[horizon]}, and a position is liquidated at a margin of ${margin}.`,
    );
    report.say(`A new one of at most ${most} would stand three such moves against it.`);
  }
  const confidenceBps = sigma === null ? 0 : wholeBps;
  return {
    recommendation: 'hold',
    confidenceBps,
    probabilityUpBps: null,
    reasoning: report.text,
    figures: report.figures,
  };
}

type HeldRisk = RiskInput & { readonly position: PositionState };

function ofPosition(input: HeldRisk, sigma: number | null): AnalysisDraft {
  const distance = distanceOf(input);
  const touch = touchBps(distance, sigma);
  const report = new Report();
  sayHealth(report, input);
  sayDistance(report, input, distance, sigma, touch);
  const perDay = report.cite('carry_per_day', 'Funding and borrow a day', decimalText(carryPerDay(input), 2), 'USDC');
  report.say(`At the rates of now holding it costs ${perDay} a day.`);
  const isNear = distance !== null && (distance <= 0 || (touch ?? 0) >= closeFromTouchBps);
  report.say(isNear ? 'That is close: closing it, or adding margin, takes the danger away.' : 'That leaves room.');
  return {
    recommendation: isNear ? 'close' : 'hold',
    confidenceBps: touch === null ? 0 : isNear ? touch : wholeBps - touch,
    probabilityUpBps: null,
    reasoning: report.text,
    figures: report.figures,
  };
}

function sayHealth(report: Report, { symbol, market, price, position }: HeldRisk): void {
  const { side, size } = position;
  const health = healthFigures(position, market, price);
  const base = symbol.split('-')[0] ?? '';
  const held = report.cite('position', `Your ${side} position`, formatDecimal(size, SIZE_DECIMALS), base);
  const worth = report.cite('equity', 'Its worth now', usdcText(health.equity), 'USDC');
  const ratio = report.cite('margin_ratio', 'Margin ratio', percentText(health.margin_ratio / wholeBps), '%');
  const needed = percentText(shareOf(market.config.maintenanceMarginBps));
  const least = report.cite('maintenance_margin', 'Margin ratio at which it is liquidated', needed, '%');
  report.say(`Your ${side} position of ${held} is worth ${worth}.`);
  report.say(`Its margin ratio is ${ratio}; below ${least} it is liquidated.`);
}

function sayDistance(
  report: Report,
  { market, price, position, horizon }: HeldRisk,
  distance: number | null,
  sigma: number | null,
  touch: number | null,
): void {
  if (distance === null) report.say('No price liquidates it.');
  else {
    const far = report.cite('liquidation_distance', 'Move until its liquidation', percentText(distance), '%');
    report.say(`For that the price has to move ${far} against it.`);
  }
  if (sigma === null) return report.say('How much the price usually moves is not known: its past is too short.');
  const worse = equity(position, market, shifted(price, position.side === 'long' ? -sigma : sigma));
  const usual = report.cite('volatility', `Usual move in ${horizon}`, percentText(sigma), '%');
  const left = report.cite('equity_after_move', 'Its worth after a usual move against it', usdcText(worse), 'USDC');
  report.say(`A usual move in ${spanWords[horizon]} is ${usual}; one against it would leave ${left}.`);
  if (touch === null) return;
  const chance = report.cite(
    ...(['liquidation_chance', `Chance to touch the liquidation price in ${horizon}`] as const),
    ...([percentText(touch / wholeBps), '%'] as const),
  );
  report.say(`If prices go on as they did, the chance to touch the liquidation price in that time is about ${chance}.`);
}

/** Volatility over the horizon, from that of its bars: variance grows with time. Null with too few bars. */
export function horizonVolatility({ candles, horizon, nowMs }: Pick<RiskInput, 'candles' | 'horizon' | 'nowMs'>) {
  const barMs = BAR_MS[horizon];
  const endMs = Math.floor(nowMs / barMs) * barMs;
  const ofBar = volatilitySeries(barsOf(candles, { endMs, candleMs: barMs, barMs })).at(-1) ?? NaN;
  return Number.isFinite(ofBar) && ofBar > 0 ? ofBar * Math.sqrt(HORIZON_MS[horizon] / barMs) : null;
}

/** 2·(1 − Φ(d ÷ σ)), at most 1, in basis points. Null where either is unknown. */
export function touchBps(distance: number | null, sigma: number | null): number | null {
  if (distance === null || sigma === null) return null;
  return distance <= 0 ? wholeBps : Math.min(wholeBps, Math.round(2 * (1 - normalCdf(distance / sigma)) * wholeBps));
}

/** From the price to the liquidation price, of the price; negative past it, null where no price liquidates. */
function distanceOf({ position, market, price }: HeldRisk): number | null {
  const at = shownLiquidationPrice(position, market);
  if (at === null) return null;
  return (Number(price - at) / Number(price)) * (position.side === 'long' ? 1 : -1);
}

/** USDC a day; negative where funding pays more than borrow costs. */
function carryPerDay({ position, market, price }: HeldRisk): number {
  const worth = (Number(position.size) / Number(SIZE_SCALE)) * (Number(price) / Number(PRICE_SCALE));
  const funding = Number(currentFundingRate(market)) * (position.side === 'long' ? 1 : -1);
  return ((worth * (funding + Number(currentBorrowRate(market)))) / Number(RATE_SCALE)) * hoursPerDay;
}

const shareOf = (bps: bigint): number => Number(bps) / Number(BPS_SCALE);

/** A price moved by a share of itself, at least the smallest price. */
function shifted(price: Price, share: number): Price {
  const moved = (price * BigInt(Math.round((1 + share) * wholeBps))) / BPS_SCALE;
  return toPrice(moved > 0n ? moved : 1n);
}
