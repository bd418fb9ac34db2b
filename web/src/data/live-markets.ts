import { ExchangeStream, type StreamMessage, type StreamState } from '#sdk/index.ts';
import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { CandleDto, MarketStatsDto, PublicTradeDto } from '#shared/protocol/market.ts';
import type { Price } from '#shared/money/units.ts';
import type { MarketChannel, PriceData } from '#shared/protocol/ws.ts';
import { batch, createMemo, createSignal } from 'solid-js';

import { candleChannel, type CandleInterval } from '../domain/candles.ts';
import { isPriceSilent } from '../domain/price-silence.ts';
import { createServerClock } from '../domain/server-clock.ts';
import type { ApiOrigin } from './origin.ts';
import { createPaintBatch } from './paint-batch.ts';

/** What the public stream of one market says now. Each field is a signal of its own, its values are plain and whole. */
export interface LiveMarket {
  readonly price: PriceData | undefined;
  /** The price before, for the direction of the last change. */
  readonly previousPrice: bigint | undefined;
  /** The price alone: it changes when the price does, not with its time. */
  readonly mark: Price | undefined;
  readonly stats: MarketStatsDto | undefined;
  readonly state: StreamState;
  /** No price was heard for some seconds, so that what is here is old. */
  readonly silent: boolean;
}

/** What is heard of a market between two paints. */
type Heard = Partial<Pick<LiveMarket, 'price' | 'stats'>>;

/** Hears what a channel brings; `complete`: it is the channel's whole, after which what was known before may have a gap. */
type Listener<Data> = (data: readonly Data[], complete: boolean) => void;

/** One market's signals, and what sets them. */
function createLiveMarket() {
  const [quoted, setQuoted] = createSignal<Quoted>({ price: undefined, previousPrice: undefined });
  const [stats, setStats] = createSignal<MarketStatsDto | undefined>();
  const [state, setState] = createSignal<StreamState>('closed');
  const [silent, setSilent] = createSignal(false);
  const mark = createMemo(() => quoted().price?.price);
  const market: LiveMarket = {
    get price() {
      return quoted().price;
    },
    get previousPrice() {
      return quoted().previousPrice;
    },
    get mark() {
      return mark();
    },
    get stats() {
      return stats();
    },
    get state() {
      return state();
    },
    get silent() {
      return silent();
    },
  };
  const take = (heard: Heard) => {
    const { price } = heard;
    if (price !== undefined) {
      setSilent(false);
      setQuoted((before) => nextPrice(before, price));
    }
    if (heard.stats !== undefined) setStats(heard.stats);
  };
  return { market, take, setState, setSilent };
}

/** The later price of two; a stream that resumes may bring one that is known already. */
const laterPrice = (held: Heard, heard: Heard): Heard =>
  held.price !== undefined && heard.price !== undefined && heard.price.publish_time < held.price.publish_time
    ? { ...held, ...heard, price: held.price }
    : { ...held, ...heard };

const silenceCheckMs = 1_000;

/** Who listens to channels that are only subscribed to while somebody does. */
function createAudience<Data>(streamOf: (symbol: MarketSymbol) => ExchangeStream | undefined) {
  const listeners = new Map<string, Set<Listener<Data>>>();
  return {
    tell: (symbol: MarketSymbol, channel: string, data: readonly Data[], type: 'snapshot' | 'update') => {
      for (const listen of listeners.get(`${symbol}/${channel}`) ?? []) listen(data, type === 'snapshot');
    },
    /** @returns a function that stops it. */
    watch: (symbol: MarketSymbol, channel: MarketChannel, listen: Listener<Data>): (() => void) => {
      const key = `${symbol}/${channel}`;
      const heard = listeners.get(key) ?? new Set();
      listeners.set(key, heard.add(listen));
      streamOf(symbol)?.subscribe([channel]);
      return () => {
        heard.delete(listen);
        if (heard.size > 0) return;
        listeners.delete(key);
        streamOf(symbol)?.unsubscribe([channel]);
      };
    },
  };
}

/** Looks now and then which markets have been silent for too long. */
function watchSilence(onSilent: (symbol: MarketSymbol) => void) {
  const heardAtMs = new Map<MarketSymbol, number>();
  let timer: ReturnType<typeof setInterval> | undefined;
  const look = () => {
    for (const symbol of MARKET_SYMBOLS) if (isPriceSilent(heardAtMs.get(symbol), Date.now())) onSilent(symbol);
  };
  return {
    heard: (symbol: MarketSymbol) => heardAtMs.set(symbol, Date.now()),
    heardAtMs: (): number | undefined => (heardAtMs.size === 0 ? undefined : Math.max(...heardAtMs.values())),
    start: () => {
      timer ??= setInterval(look, silenceCheckMs);
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
    },
  };
}

type Markets = Readonly<Record<MarketSymbol, LiveMarket>>;

/** One stream per market: prices and statistics of all of them, candles of whichever a chart asks for. */
export function createLiveMarkets(api: ApiOrigin) {
  const parts = new Map(MARKET_SYMBOLS.map((symbol) => [symbol, createLiveMarket()]));
  const markets = Object.fromEntries([...parts].map(([symbol, { market }]) => [symbol, market])) as Markets;
  /** Markets tick together: one update of the screen for all of them. */
  const ticks = createPaintBatch<MarketSymbol, Heard>(
    (heard) => batch(() => heard.forEach((values, symbol) => parts.get(symbol)?.take(values))),
    laterPrice,
  );
  const streamOf = (symbol: MarketSymbol) => streams.get(symbol);
  const candles = createAudience<CandleDto>(streamOf);
  const trades = createAudience<PublicTradeDto>(streamOf);
  const serverClock = createServerClock();
  const silence = watchSilence((symbol) => parts.get(symbol)?.setSilent(true));

  const receive = (symbol: MarketSymbol, message: StreamMessage) => {
    switch (message.kind) {
      case 'price':
        if (message.data === null) return;
        silence.heard(symbol);
        ticks.hear(symbol, { price: message.data });
        return;
      case 'stats':
        ticks.hear(symbol, { stats: message.data });
        return;
      case 'candles':
        candles.tell(
          symbol,
          message.channel,
          message.type === 'snapshot' ? message.data : [message.data],
          message.type,
        );
        return;
      case 'trades':
        trades.tell(symbol, message.channel, message.type === 'snapshot' ? message.data : [message.data], message.type);
        return;
      default:
        return;
    }
  };

  const streams = new Map(
    MARKET_SYMBOLS.map((symbol) => [
      symbol,
      new ExchangeStream({
        url: `${api.socket}/ws/market/${symbol}`,
        channels: ['price', 'stats'],
        onMessage: (message) => receive(symbol, message),
        onState: (state) => parts.get(symbol)?.setState(state),
        onHello: (serverMs) => serverClock.hear(serverMs, Date.now(), performance.now()),
      }),
    ]),
  );

  return {
    markets,
    open: () => {
      streams.forEach((stream) => stream.open());
      silence.start();
    },
    close: () => {
      ticks.drop();
      streams.forEach((stream) => stream.close());
      silence.stop();
    },
    /** When the newest of all prices was heard; undefined before the first. */
    heardAtMs: silence.heardAtMs,
    /** The network is gone: nothing waits until the silence says so. */
    interrupt: () => streams.forEach((stream) => stream.interrupt()),
    /** The network is back: skip the waits. */
    hurry: () => streams.forEach((stream) => stream.reconnectNow()),
    /** The time of now by the clock of the exchange, milliseconds since 1970: what it will count an end from. */
    exchangeNowMs: (): number => Date.now() + serverClock.aheadMs(),
    /** Hears the bars of one interval. @returns a function that stops it. */
    watchCandles: (symbol: MarketSymbol, interval: CandleInterval, listen: Listener<CandleDto>): (() => void) =>
      candles.watch(symbol, candleChannel(interval), listen),
    /** Hears the trades of the exchange, newest first. @returns a function that stops it. */
    watchTrades: (symbol: MarketSymbol, listen: Listener<PublicTradeDto>): (() => void) =>
      trades.watch(symbol, 'trades', listen),
  };
}

export type LiveMarkets = ReturnType<typeof createLiveMarkets>;

/** A price and the one before it. */
type Quoted = Pick<LiveMarket, 'price' | 'previousPrice'>;

/** A later price of the market; an older one changes nothing. */
function nextPrice(before: Quoted, price: PriceData): Quoted {
  if (before.price !== undefined && price.publish_time < before.price.publish_time) return before;
  const changed = before.price !== undefined && before.price.price !== price.price;
  return { price, previousPrice: changed ? before.price?.price : before.previousPrice };
}
