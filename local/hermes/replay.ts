import { ControlRefused } from '../http/control.ts';
import { type Feed, feeds } from '../tape/feeds.ts';
import { PricePath } from '../tape/path.ts';
import type { Tape } from '../tape/tape.ts';
import { BarHistory } from './bar-history.ts';
import type { ControlCommand, ServiceMode } from './controls.ts';
import { type HermesOptions, tapePosition } from './options.ts';
import { priceExponent, type PriceTick } from './price-tick.ts';
import { TapeClock } from './tape-clock.ts';
import { TickLog } from './tick-log.ts';

export const tickMs = 400;
/** How far back a restarted server makes up the ticks it missed, so that its chart has no hole. */
const catchUpMsMax = 2 * 3_600_000;
const priceScale = 10 ** -priceExponent;

interface Override {
  readonly price: bigint;
  readonly ema: bigint;
  readonly conf: bigint;
}

interface Line {
  readonly feed: Feed;
  readonly path: PricePath;
  readonly bars: BarHistory;
  readonly log: TickLog;
  latest: PriceTick | undefined;
  override: Override | undefined;
  /** Confidence in bps of the price, instead of the tape's. */
  confidenceBps: number | undefined;
}

/** The replay: the tape's prices at the present time, and the faults that were asked for. */
export class Replay {
  readonly #tape: Tape;
  readonly #options: HermesOptions;
  readonly #now: () => number;
  readonly #lines: ReadonlyMap<string, Line>;
  #clock: TapeClock;
  #slot = 0;
  #stale = false;
  #mode: ServiceMode = 'ok';

  /** `now` gives wall-clock milliseconds. Throws when the options name a moment the tape does not hold. */
  constructor(tape: Tape, options: HermesOptions, now: () => number) {
    this.#tape = tape;
    this.#options = options;
    this.#now = now;
    const startedAtMs = Math.min(now(), options.startedAt === undefined ? now() : options.startedAt * 1000);
    const position = tapePosition(options.at, tape);
    this.#clock = new TapeClock(position, startedAtMs, options.speed);
    this.#lines = new Map(
      feeds.map((feed): [string, Line] => {
        const path = new PricePath(tape, feed.base, options.seed);
        const bars = new BarHistory(path, position, startedAtMs);
        const untouched = { latest: undefined, override: undefined, confidenceBps: undefined };
        return [feed.id, { feed, path, bars, log: new TickLog(), ...untouched }];
      }),
    );
    for (let at = Math.max(startedAtMs, now() - catchUpMsMax); at < now() - tickMs; at += tickMs) this.#tickAt(at);
    this.#tickAt(now());
  }

  get mode(): ServiceMode {
    return this.#mode;
  }

  /** Publishes one price of every feed for the present moment. */
  tick(): void {
    this.#tickAt(this.#now());
  }

  has(feedId: string): boolean {
    return this.#lines.has(feedId);
  }

  latest(feedId: string): PriceTick | undefined {
    return this.#lines.get(feedId)?.latest;
  }

  /** The price of a moment (Unix seconds) by Pyth's uniqueness rule. */
  at(feedId: string, publishTime: number): PriceTick | undefined {
    return this.#lines.get(feedId)?.log.at(publishTime);
  }

  bars(feedId: string): BarHistory | undefined {
    return this.#lines.get(feedId)?.bars;
  }

  /** Applies a control command (not `drop`, which concerns connections). Throws `ControlRefused`. */
  apply(command: ControlCommand): void {
    const now = this.#now();
    if (command.reset) this.#reset(now);
    if (command.mode !== undefined) this.#mode = command.mode;
    if (command.stale !== undefined) this.#stale = command.stale;
    if (command.confidence !== undefined) {
      this.#line(command.confidence.base).confidenceBps = command.confidence.bps ?? undefined;
    }
    if (command.price !== undefined) this.#line(command.price.base).override = parseOverride(command.price);
    if (command.jump !== undefined) this.#clock.jump(this.#position(command.jump), now);
    if (command.paused !== undefined) this.#clock.setPaused(command.paused, now);
    if (command.speed !== undefined) this.#clock.setSpeed(command.speed, now);
  }

  /** What the control endpoint tells. */
  state(): Record<string, unknown> {
    const tapeMs = this.#clock.at(this.#now());
    return {
      mode: this.#mode,
      stale: this.#stale,
      paused: this.#clock.paused,
      speed: this.#clock.speed,
      tape_minutes: Math.floor(tapeMs / 60_000),
      tape_time: this.#tapeTime(tapeMs),
      ticks: this.#slot,
      prices: Object.fromEntries([...this.#lines.values()].map(({ feed, latest }) => [feed.base, describe(latest)])),
    };
  }

  #tickAt(wallMs: number): void {
    this.#slot++;
    const position = this.#clock.at(wallMs);
    for (const line of this.#lines.values()) {
      const tick = this.#tickOf(line, position, wallMs);
      line.latest = tick;
      line.log.record(tick);
      line.bars.record(wallMs, Number(tick.price) / priceScale);
    }
  }

  #tickOf(line: Line, position: number, wallMs: number): PriceTick {
    const before = line.latest?.publishTime ?? Math.floor(wallMs / 1000) - 1;
    const publishTime = this.#stale ? before : Math.max(before, Math.floor(wallMs / 1000));
    const { price, conf, ema } = line.override ?? line.path.at(position);
    const magnitude = price < 0n ? -price : price;
    const wide = line.confidenceBps === undefined ? conf : (magnitude * BigInt(line.confidenceBps)) / 10_000n;
    return {
      feed: line.feed,
      price,
      conf: wide,
      emaPrice: ema,
      emaConf: wide,
      expo: priceExponent,
      publishTime,
      prevPublishTime: before,
      slot: this.#slot,
    };
  }

  #line(base: string): Line {
    const line = [...this.#lines.values()].find(({ feed }) => feed.base === base);
    if (line === undefined) throw new ControlRefused(`There is no feed of ${base}`);
    return line;
  }

  #position(moment: string): number {
    try {
      return tapePosition(moment, this.#tape);
    } catch (error) {
      throw new ControlRefused(error instanceof Error ? error.message : 'Not a moment of the tape');
    }
  }

  #reset(now: number): void {
    this.#clock = new TapeClock(this.#position(this.#options.at), now, this.#options.speed);
    this.#mode = 'ok';
    this.#stale = false;
    for (const line of this.#lines.values()) {
      line.override = undefined;
      line.confidenceBps = undefined;
    }
  }

  #tapeTime(tapeMs: number): string {
    const lengthMs = this.#tape.minutes * 60_000;
    const folded = tapeMs % (2 * lengthMs);
    const place = folded < lengthMs ? folded : 2 * lengthMs - folded;
    return new Date(this.#tape.start * 1000 + place).toISOString();
  }
}

function describe(tick: PriceTick | undefined): Record<string, unknown> | null {
  if (tick === undefined) return null;
  const { price, conf, emaPrice, expo, publishTime } = tick;
  return { price: String(price), conf: String(conf), ema: String(emaPrice), expo, publish_time: publishTime };
}

const defaultConfidenceBps = 2n;

function parseOverride(command: NonNullable<ControlCommand['price']>): Override | undefined {
  if (command.usd === null) return undefined;
  const price = parseUsd(command.usd);
  const magnitude = price < 0n ? -price : price;
  const conf = command.conf === undefined ? (magnitude * defaultConfidenceBps) / 10_000n : parseUsd(command.conf);
  return { price, ema: command.ema === undefined ? price : parseUsd(command.ema), conf };
}

/** A decimal of at most 8 places to integers of 1e-8 USD. */
function parseUsd(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole + fraction.padEnd(-priceExponent, '0'));
  return text.startsWith('-') ? -units : units;
}
