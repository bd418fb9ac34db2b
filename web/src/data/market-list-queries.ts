import type { QuantDeskClient } from '#sdk/index.ts';
import { queryOptions } from '@tanstack/solid-query';

/** Requests of the list under way at once: opening it must not take the connection from what trades. */
const requestsMax = 3;
/** A line of the last day changes slowly. */
const lineFreshMs = 300_000;
const daySeconds = 86_400;
const quotesRefreshMs = 10_000;

/** Lets so many run at once, in the order they came; one that is no longer wanted gives its turn away. */
function createTurns(max: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async <T>(signal: AbortSignal, run: () => Promise<T>): Promise<T> => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    running += 1;
    try {
      signal.throwIfAborted();
      return await run();
    } finally {
      running -= 1;
      waiting.shift()?.();
    }
  };
}

const inTurn = createTurns(requestsMax);

/** What the list of markets reads by request while it is open. */
export function marketListQueries(client: QuantDeskClient) {
  return {
    /** Closes of the last 24 hours, hourly, oldest first. */
    dayLine: (symbol: string) =>
      queryOptions({
        queryKey: ['day-line', symbol],
        queryFn: ({ signal }) =>
          inTurn(signal, async () => {
            const from = Math.floor(Date.now() / 1_000) - daySeconds;
            const bars = await client.market.candles({ symbol, interval: '1h', from }, signal);
            return bars.map(({ close }) => close);
          }),
        staleTime: lineFreshMs,
        gcTime: lineFreshMs,
      }),
    /** The day of a market whose stream is silent. */
    stats: (symbol: string) =>
      queryOptions({
        queryKey: ['market-stats', symbol],
        queryFn: ({ signal }) => inTurn(signal, () => client.market.stats(symbol, signal)),
        refetchInterval: quotesRefreshMs,
      }),
  };
}
