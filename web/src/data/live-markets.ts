import { ExchangeStream, type StreamMessage, type StreamState } from '#sdk/index.ts';
import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { CandleDto, MarketStatsDto } from '#shared/protocol/market.ts';
import type { PriceData } from '#shared/protocol/ws.ts';
import { createStore } from 'solid-js/store';

import { candleChannel, type CandleInterval } from '../domain/candles.ts';

/** What the public stream of one market says now. */
export interface LiveMarket {
  price: PriceData | undefined;
  /** The price before, for the direction of the last change. */
  previousPrice: bigint | undefined;
  stats: MarketStatsDto | undefined;
  state: StreamState;
}

type CandleListener = (bars: readonly CandleDto[], complete: boolean) => void;

const silent: LiveMarket = {
  price: undefined,
  previousPrice: undefined,
  stats: undefined,
  state: 'closed',
};

/** Address of a socket of this origin. */
export function socketUrl(path: string, location: Pick<Location, 'protocol' | 'host'> = window.location): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${path}`;
}

/** One stream per market: prices and statistics of all of them, candles of whichever a chart asks for. */
export function createLiveMarkets() {
  const [markets, setMarkets] = createStore<Record<MarketSymbol, LiveMarket>>(
    Object.fromEntries(MARKET_SYMBOLS.map((symbol) => [symbol, { ...silent }])) as Record<MarketSymbol, LiveMarket>,
  );
  const candleListeners = new Map<string, Set<CandleListener>>();

  const receive = (symbol: MarketSymbol, message: StreamMessage) => {
    switch (message.kind) {
      case 'price':
        if (message.data !== null) setMarkets(symbol, nextPrice(markets[symbol], message.data));
        return;
      case 'stats':
        setMarkets(symbol, 'stats', message.data);
        return;
      case 'candles': {
        const bars = message.type === 'snapshot' ? message.data : [message.data];
        for (const listen of candleListeners.get(`${symbol}/${message.channel}`) ?? [])
          listen(bars, message.type === 'snapshot');
        return;
      }
      default:
        return;
    }
  };

  const streams = new Map(
    MARKET_SYMBOLS.map((symbol) => [
      symbol,
      new ExchangeStream({
        url: socketUrl(`/ws/market/${symbol}`),
        channels: ['price', 'stats'],
        onMessage: (message) => receive(symbol, message),
        onState: (state) => setMarkets(symbol, 'state', state),
      }),
    ]),
  );

  return {
    markets,
    open: () => streams.forEach((stream) => stream.open()),
    close: () => streams.forEach((stream) => stream.close()),
    /** The network is back: skip the waits. */
    hurry: () => streams.forEach((stream) => stream.reconnectNow()),
    /** Hears the bars of one interval. @returns a function that stops it. */
    watchCandles: (symbol: MarketSymbol, interval: CandleInterval, listen: CandleListener): (() => void) => {
      const channel = candleChannel(interval);
      const key = `${symbol}/${channel}`;
      const listeners = candleListeners.get(key) ?? new Set();
      candleListeners.set(key, listeners.add(listen));
      streams.get(symbol)?.subscribe([channel]);
      return () => {
        listeners.delete(listen);
        if (listeners.size > 0) return;
        candleListeners.delete(key);
        streams.get(symbol)?.unsubscribe([channel]);
      };
    },
  };
}

export type LiveMarkets = ReturnType<typeof createLiveMarkets>;

/** A later price of the market; an older one changes nothing. */
export function nextPrice(market: LiveMarket, price: PriceData): LiveMarket {
  if (market.price !== undefined && price.publish_time < market.price.publish_time) return market;
  const changed = market.price !== undefined && market.price.price !== price.price;
  return { ...market, price, previousPrice: changed ? market.price?.price : market.previousPrice };
}
