/**
 * The analyst against a recorded past: at every step of the tape it is asked as the exchange would ask it then, and its answer is held
 * against what the price did. Deterministic.
 */
import { fileURLToPath } from 'node:url';
import { readMarkets } from '../network/network-file.ts';
import { PricePath } from '../../local/tape/path.ts';
import type { Tape } from '../../local/tape/tape.ts';
import { type MarketSymbol, MARKETS } from '#shared/markets.ts';
import { assess } from '../../workers/analyst/quant/assess.ts';
import {
  type Horizon,
  HORIZON_MS,
  type QuantCandle,
  type QuantDirection,
} from '../../workers/analyst/quant/contract.ts';

const localMarkets = readMarkets(fileURLToPath(new URL('../../networks/localnet.toml', import.meta.url)));
const minuteMs = 60_000;
/** Answers of longer horizons are asked for this often: their outcomes overlap, which the report counts. */
const stepMaxMs = 15 * minuteMs;
/** Seed of the path whose confidence interval makes the spread. */
const pathSeed = 1;

/** One answer and what came of it. Probabilities are parts of one, moves and costs basis points of the price. */
export interface Answer {
  readonly symbol: MarketSymbol;
  readonly horizon: Horizon;
  readonly nowMs: number;
  readonly probability: number;
  readonly baseRate: number;
  /** The probability before it was shrunk. */
  readonly claim: number;
  readonly direction: QuantDirection;
  /** Move over the horizon after the answer, and over the one before. */
  readonly move: number;
  readonly lastMove: number;
  /** Fees and spread of a round trip. */
  readonly cost: number;
}

export interface BacktestRun {
  readonly answers: readonly Answer[];
  /** Why a horizon has no answers, in the analyst's words at the end of the tape; null where it has some. */
  readonly missing: Readonly<Record<Horizon, string | null>>;
}

/** Every answer of a horizon whose outcome the tape holds, market by market, oldest first. */
export function backtest(tape: Tape, horizons: readonly Horizon[]): BacktestRun {
  const candles = candlesOf(tape);
  const answers: Answer[] = [];
  const missing: Record<Horizon, string | null> = { '15m': null, '1h': null, '4h': null, '1d': null };
  for (const horizon of horizons) {
    let given = 0;
    for (const { symbol } of MARKETS)
      for (const answer of answersOf(tape, candles, symbol, horizon)) {
        answers.push(answer);
        given += 1;
      }
    if (given === 0) missing[horizon] = missingAtEnd(tape, candles, horizon);
  }
  return { answers, missing };
}

/** A parameter of a market of the local network. */
const parameter = (symbol: MarketSymbol, name: 'fee_bps' | 'k_bps'): number =>
  Number(localMarkets.find(({ definition }) => definition.symbol === symbol)?.config.values[name]);

type Candles = Readonly<Record<string, readonly QuantCandle[]>>;

function candlesOf(tape: Tape): Candles {
  const series = MARKETS.map(({ symbol, base }) => {
    const bars = tape.bars.get(base) ?? [];
    return [symbol, bars.map(({ time, ...bar }) => ({ ...bar, time_ms: time * 1_000 }))] as const;
  });
  return Object.fromEntries(series);
}

/** The whole tape goes in every time: that nothing behind `nowMs` is looked at is the analyst's guarantee, and tested. */
function ask(candles: Candles, symbol: MarketSymbol, horizon: Horizon, nowMs: number, spreadBps: number) {
  const { [symbol]: own = [], ...others } = candles;
  const fee = parameter(symbol, 'fee_bps');
  return assess({
    symbol,
    horizon,
    now_ms: nowMs,
    candles: own,
    others,
    spread_bps: spreadBps,
    fee_bps_per_side: fee,
  });
}

function* answersOf(tape: Tape, candles: Candles, symbol: MarketSymbol, horizon: Horizon): Generator<Answer> {
  const horizonMs = HORIZON_MS[horizon];
  const startMs = tape.start * 1_000;
  const endMs = startMs + tape.minutes * minuteMs;
  const step = Math.min(horizonMs, stepMaxMs);
  const spreadAt = spreads(tape, symbol);
  const closeAt = (timeMs: number): number => candles[symbol]?.[(timeMs - startMs) / minuteMs - 1]?.close ?? NaN;
  for (let nowMs = startMs + horizonMs + step; nowMs + horizonMs <= endMs; nowMs += step) {
    const spread = spreadAt(nowMs);
    const answer = ask(candles, symbol, horizon, nowMs, spread);
    if (!answer.enough_data) continue;
    const claim = answer.figures.find(({ id }) => id === 'claim')?.value;
    yield {
      symbol,
      horizon,
      nowMs,
      probability: answer.probability_up_bps / 10_000,
      baseRate: answer.base_rate_bps / 10_000,
      claim: Number(claim) / 100,
      direction: answer.direction,
      move: (closeAt(nowMs + horizonMs) / closeAt(nowMs) - 1) * 10_000,
      lastMove: (closeAt(nowMs) / closeAt(nowMs - horizonMs) - 1) * 10_000,
      cost: 2 * parameter(symbol, 'fee_bps') + spread,
    };
  }
}

/** The spread the local exchange would have had when the last minute before `nowMs` ended: `k` of the confidence to each side. */
function spreads(tape: Tape, symbol: MarketSymbol): (nowMs: number) => number {
  const base = MARKETS.find((market) => market.symbol === symbol)?.base ?? '';
  const path = new PricePath(tape, base, pathSeed);
  return (nowMs) => {
    const { price, conf } = path.at(nowMs - tape.start * 1_000 - 1);
    return (2 * parameter(symbol, 'k_bps') * Number(conf)) / Number(price);
  };
}

function missingAtEnd(tape: Tape, candles: Candles, horizon: Horizon): string {
  const [first] = MARKETS;
  if (first === undefined) return '';
  return ask(candles, first.symbol, horizon, (tape.start + tape.minutes * 60) * 1_000, 0).missing.join(' ');
}
