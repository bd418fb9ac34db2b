import * as z from 'zod';
import { parseDecimal } from '#shared/money/decimal.ts';
import { divRound } from '#shared/money/divide.ts';
import { decodeJson } from '#shared/money/json.ts';
import { PRICE_DECIMALS } from '#shared/money/units.ts';
import type { Clock } from '../platform/clock.ts';
import { callPolicies } from '../platform/call-policies.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { retry } from '../platform/retry.ts';
import { CANDLE_LEVELS, type Bar, type Candles } from './candles.ts';
import type { CandleInterval } from './contract.ts';

/** Resolutions as TradingView's UDF names them, and how much of each is asked for when there is nothing yet. */
const REQUESTS: Readonly<Record<CandleInterval, { readonly resolution: string; readonly barsMax: number }>> = {
  '1m': { resolution: '1', barsMax: 1_440 },
  '5m': { resolution: '5', barsMax: 1_440 },
  '15m': { resolution: '15', barsMax: 1_440 },
  '1h': { resolution: '60', barsMax: 1_440 },
  '4h': { resolution: '240', barsMax: 1_000 },
  '1d': { resolution: 'D', barsMax: 365 },
};

/** Prices of a history are decimals of any length: read with this many places, then rounded to the unit. */
const historyDecimals = 24;
const historyMax = 10n ** 34n;

const numberText = z.union([z.string(), z.number().transform(String)]);
const series = z.array(numberText).max(10_000);
const historySchema = z.discriminatedUnion('s', [
  z.object({ s: z.literal('ok'), t: z.array(z.int()).max(10_000), o: series, h: series, l: series, c: series }),
  z.object({ s: z.literal('no_data') }),
  z.object({ s: z.literal('error'), errmsg: z.string().optional() }),
]);

/** A decimal of any length to a safe integer of 1e-8; null where it is none. */
function priceOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  try {
    const fine = parseDecimal(text, { decimals: historyDecimals, min: 1n, max: historyMax });
    const value = Number(divRound(fine, 10n ** BigInt(historyDecimals - PRICE_DECIMALS)));
    return Number.isSafeInteger(value) && value > 0 ? value : null;
  } catch {
    return null;
  }
}

/**
 * Reads a history in the form of TradingView's UDF, as Pyth Benchmarks answers it. Bars that are no prices are left out.
 *
 * @throws when the answer is not of that form, or says `error`.
 */
export function readHistory(body: unknown): Bar[] {
  const answer = historySchema.parse(body);
  if (answer.s === 'error') throw new Error(`the history says: ${answer.errmsg ?? 'error'}`);
  if (answer.s === 'no_data') return [];
  return answer.t.flatMap((time, index) => {
    const prices = [answer.o, answer.h, answer.l, answer.c].flatMap((values) => priceOf(values[index]) ?? []);
    const [open, high, low, close] = prices;
    if (open === undefined || high === undefined || low === undefined || close === undefined || high < low) return [];
    return [{ time, open, high, low, close }];
  });
}

export interface CandleHistoryOptions {
  /** Base address of the server with `/v1/shims/tradingview/history`. */
  readonly url: string;
  readonly apiKey: string | undefined;
  /** `Crypto.SOL/USD`. */
  readonly pythSymbol: string;
  readonly candles: Candles;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Fills the chart's past from a price history: at the first start, and after every time without prices. */
export class CandleHistory {
  readonly #options: CandleHistoryOptions;
  #running: Promise<boolean> | null = null;

  constructor(options: CandleHistoryOptions) {
    this.#options = options;
  }

  /** Fetches what is missing since the newest bar; one run at a time. Answers whether every interval was filled. Never throws. */
  fill(): Promise<boolean> {
    this.#running ??= this.#fillAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #fillAll(): Promise<boolean> {
    const { logger } = this.#options;
    let complete = true;
    for (const { interval, seconds } of CANDLE_LEVELS) {
      try {
        await this.#fillOne(interval, seconds);
      } catch (error) {
        complete = false;
        logger.warn('chart history could not be read', { interval, error: errorMessage(error) });
      }
    }
    return complete;
  }

  async #fillOne(interval: CandleInterval, seconds: number): Promise<void> {
    const { candles, clock, apiKey, url, pythSymbol } = this.#options;
    const { resolution, barsMax } = REQUESTS[interval];
    const now = Math.floor(clock.nowMs() / 1_000);
    const from = Math.max(candles.lastStoredTime(interval) ?? 0, now - barsMax * seconds);
    const address = new URL('./v1/shims/tradingview/history', url.endsWith('/') ? url : `${url}/`);
    const query = { symbol: pythSymbol, resolution, from: String(from), to: String(now) };
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    const headers: Record<string, string> = apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` };
    const body = await retry(async (signal) => {
      const response = await fetch(address, { headers, signal });
      if (response.status !== 200) throw new Error(`the history answered with status ${response.status}`);
      return decodeJson(await response.text());
    }, callPolicies.history);
    candles.merge(interval, readHistory(body));
  }
}
