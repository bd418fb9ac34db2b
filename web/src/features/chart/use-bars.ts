import type { MarketSymbol } from '#shared/markets.ts';
import type { CandleDto } from '#shared/protocol/market.ts';
import { queryOptions, useQuery } from '@tanstack/solid-query';
import { createEffect, createMemo, createSignal, on, onCleanup, untrack, type Accessor } from 'solid-js';

import { useDesk, type Desk } from '../../data/desk.ts';
import {
  barAfterPrice,
  barsFirst,
  mergeBars,
  pageBefore,
  secondsOf,
  wantsOlder,
  type CandleInterval,
} from '../../domain/candles.ts';

/** After a failed page the next one is asked for by scrolling again, but not sooner than this. */
const retryMsMin = 3_000;

const none: readonly CandleDto[] = [];

interface Sourced {
  readonly of: string;
  readonly bars: readonly CandleDto[];
}

interface Shown {
  readonly symbol: MarketSymbol;
  readonly interval: CandleInterval;
  readonly bars: readonly CandleDto[];
}

type OlderState = 'idle' | 'loading' | 'failed' | 'ended';

const newestBars = (desk: Desk, symbol: MarketSymbol, interval: CandleInterval) =>
  queryOptions({
    queryKey: ['candles', symbol, interval],
    queryFn: ({ signal }) => {
      const from = Math.floor(Date.now() / 1_000) - barsFirst * secondsOf(interval);
      return desk.client.market.candles({ symbol, interval, from }, signal);
    },
    staleTime: Infinity,
    gcTime: 60_000,
  });

/** The bars of one market and interval: the newest by request, older ones page by page, what comes by stream, and the price of now on top. */
export function useBars(symbol: Accessor<MarketSymbol>, interval: Accessor<CandleInterval>) {
  const desk = useDesk();
  const newest = useQuery(() => newestBars(desk, symbol(), interval()));
  const older = createOlderBars(symbol, interval);
  const source = createMemo(() => `${symbol()}/${interval()}`);
  /** Bars of a source: what another one brought is nothing here. */
  const [heard, setHeard] = createSignal<Sourced>({ of: '', bars: [] });
  const streamed = () => (heard().of === source() ? heard().bars : none);

  createEffect(() => {
    const [market, of, name] = [symbol(), interval(), source()];
    const stop = desk.live.watchCandles(market, of, (bars, complete) => {
      const before = untrack(streamed);
      const [known, first] = [before.at(-1), bars[0]];
      setHeard({ of: name, bars: mergeBars(before, bars) });
      // After a long interruption the stream brings its newest bars alone: what lies between is asked for.
      if (complete && known !== undefined && first !== undefined && first.time > known.time + secondsOf(of))
        void newest.refetch();
    });
    onCleanup(stop);
  });

  const history = createMemo(() => mergeBars(older.bars(), newest.data ?? []));
  /**
   * What is drawn. Nothing before the history is there, or known not to come: three bars of the stream are no chart. While another interval
   * of the same market is read, the one before stays.
   */
  const shown = createMemo((before: Shown | undefined): Shown | undefined => {
    if (!newest.isPending) return { symbol: symbol(), interval: interval(), bars: mergeBars(history(), streamed()) };
    return before?.symbol === symbol() ? before : undefined;
  });
  const bars = () => shown()?.bars ?? none;
  const shownInterval = createMemo(() => shown()?.interval ?? interval());
  const lastBar = createMemo((): CandleDto | undefined => {
    const price = desk.live.markets[symbol()].price;
    const last = bars().at(-1);
    if (price === undefined) return last;
    return barAfterPrice(last, price.price, price.publish_time, shownInterval()) ?? last;
  });

  return {
    bars,
    lastBar,
    /** The interval of `bars`. */
    interval: shownInterval,
    newest,
    olderState: older.state,
    retryOlder: () => older.load(bars()),
    /** What is on screen begins at this bar, counted from the oldest one. */
    onRange: (firstOnScreen: number) => {
      if (newest.data !== undefined && wantsOlder(firstOnScreen, bars().length)) older.loadSoon(bars());
    },
  };
}

/** Pages before the newest bars. One at a time; another market or interval begins anew, and an answer that comes late is dropped. */
function createOlderBars(symbol: Accessor<MarketSymbol>, interval: Accessor<CandleInterval>) {
  const desk = useDesk();
  const source = () => `${symbol()}/${interval()}`;
  const [read, setRead] = createSignal<Sourced>({ of: '', bars: [] });
  const bars = () => (read().of === source() ? read().bars : none);
  const [state, setState] = createSignal<OlderState>('idle');
  let request = new AbortController();
  let failedAtMs = 0;

  createEffect(
    on([symbol, interval], () => {
      request.abort();
      request = new AbortController();
      setState('idle');
    }),
  );
  onCleanup(() => request.abort());

  const load = async (known: readonly CandleDto[]): Promise<void> => {
    const [oldest] = known;
    if (oldest === undefined || state() === 'loading' || state() === 'ended') return;
    const { signal } = request;
    setState('loading');
    try {
      const range = pageBefore(oldest.time, interval());
      const page = await desk.client.market.candles({ symbol: symbol(), interval: interval(), ...range }, signal);
      if (signal.aborted) return;
      setRead({ of: source(), bars: mergeBars(page, bars()) });
      setState(page.length === 0 ? 'ended' : 'idle');
    } catch {
      if (signal.aborted) return;
      failedAtMs = Date.now();
      setState('failed');
    }
  };
  return {
    bars,
    state,
    load: (known: readonly CandleDto[]) => void load(known),
    loadSoon: (known: readonly CandleDto[]) => {
      if (state() === 'failed' && Date.now() - failedAtMs < retryMsMin) return;
      void load(known);
    },
  };
}
