import { channelKindOf, channelSchemas, type MarketChannel, marketChannels } from '#shared/protocol/ws.ts';
import type { PublicTradeDto } from '#shared/protocol/market.ts';
import { presentCandle, presentPriceData, presentStats } from '#shared/protocol/present/market.ts';
import { toWire } from '#shared/protocol/wire.ts';
import type { Clock } from '../platform/clock.ts';
import type { SocketHub } from '../platform/fan-out/socket-hub.ts';
import { type Candles, CANDLE_LEVELS } from './candles.ts';
import type { Candle, CandleInterval, MarketSnapshot } from './contract.ts';
import type { TradeTape } from './trade-tape.ts';

/** A running bar is told at most this often; the live price is in `price`. */
const candlePauseMs = 1_000;
/** Bars of a snapshot: the running one and those a client may have missed while it read the history over REST. */
const candlesInSnapshot = 3;

const channelOf = (interval: CandleInterval): MarketChannel => `candles:${interval}`;
const intervalOf = (channel: MarketChannel): CandleInterval | null =>
  channel.startsWith('candles:') ? (channel.slice('candles:'.length) as CandleInterval) : null;

/** What the sockets of a market are told, in the words of the protocol. Nothing is published twice without a change of state. */
export class MarketChannels {
  readonly #hub: SocketHub;
  readonly #clock: Clock;
  #candlesToldAtMs = 0;
  #lastState: MarketSnapshot['priceState'] | null = null;

  constructor(hub: SocketHub, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
  }

  price(snapshot: MarketSnapshot): void {
    const data = presentPriceData(snapshot);
    if (data === null) return;
    this.#lastState = snapshot.priceState;
    this.#hub.publish('price', toWire(channelSchemas.price.update, data));
  }

  /** A price that ages, or is refused, changes its state without a tick. */
  stateMayHaveChanged(snapshotOf: () => MarketSnapshot): void {
    const snapshot = snapshotOf();
    if (snapshot.priceState !== this.#lastState) this.price(snapshot);
  }

  /** Ended bars at once, running ones with a pause in between. */
  candles(ended: readonly { interval: CandleInterval; candle: Candle }[], candles: Candles): void {
    for (const { interval, candle } of ended) this.#candle(interval, candle);
    const now = this.#clock.nowMs();
    if (ended.length === 0 && now - this.#candlesToldAtMs < candlePauseMs) return;
    this.#candlesToldAtMs = now;
    for (const { interval } of CANDLE_LEVELS) {
      const running = candles.current(interval);
      if (running !== null) this.#candle(interval, running);
    }
  }

  trade(trade: PublicTradeDto): void {
    this.#hub.publish('trades', toWire(channelSchemas.trades.update, trade));
  }

  stats(snapshot: MarketSnapshot): void {
    this.#hub.publish('stats', toWire(channelSchemas.stats.update, presentStats(snapshot)));
  }

  #candle(interval: CandleInterval, candle: Candle): void {
    this.#hub.publish(channelOf(interval), toWire(channelSchemas.candles.update, presentCandle(candle)));
  }
}

/** What snapshots of a market's channels are made from. */
export interface MarketChannelSources {
  readonly snapshot: () => MarketSnapshot;
  readonly candles: Candles;
  readonly tape: TradeTape;
}

/** The whole of a channel now. @throws RangeError for a channel no market has. */
export function marketChannelSnapshot(channel: string, sources: MarketChannelSources): unknown {
  const known = marketChannels.find((candidate) => candidate === channel);
  if (known === undefined) throw new RangeError(`no market has a channel ${channel}`);
  switch (channelKindOf(known)) {
    case 'price':
      return toWire(channelSchemas.price.snapshot, presentPriceData(sources.snapshot()));
    case 'trades':
      return toWire(channelSchemas.trades.snapshot, sources.tape.latest());
    case 'stats':
      return toWire(channelSchemas.stats.snapshot, presentStats(sources.snapshot()));
    default: {
      const interval = intervalOf(known);
      const request = { interval: interval ?? '1m', fromSeconds: 0, toSeconds: Number.MAX_SAFE_INTEGER };
      const latest = sources.candles.list(request).slice(-candlesInSnapshot);
      return toWire(channelSchemas.candles.snapshot, latest.map(presentCandle));
    }
  }
}
