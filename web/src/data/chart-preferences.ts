import { createRoot, createSignal } from 'solid-js';
import * as z from 'zod';

import { candleIntervals, type CandleInterval } from '../domain/candles.ts';
import { readRemembered, remember } from './remembered.ts';

const intervalKey = 'quantdesk.chart.interval';
const favouritesKey = 'quantdesk.favourites';
/** More than the exchange can have markets. */
const favouritesMax = 32;

const intervalSchema = z.enum(candleIntervals);
const favouritesSchema = z.array(z.string().max(32)).max(favouritesMax);

function createChartPreferences() {
  const [interval, setInterval] = createSignal<CandleInterval>(readRemembered(intervalKey, intervalSchema) ?? '5m');
  const [favourites, setFavourites] = createSignal<ReadonlySet<string>>(
    new Set(readRemembered(favouritesKey, favouritesSchema) ?? []),
  );
  return {
    chartInterval: interval,
    chooseChartInterval: (next: CandleInterval): void => {
      remember(intervalKey, next);
      setInterval(next);
    },
    favourites,
    toggleFavourite: (symbol: string): void => {
      const next = new Set(favourites());
      if (!next.delete(symbol) && next.size < favouritesMax) next.add(symbol);
      remember(favouritesKey, [...next]);
      setFavourites(next);
    },
  };
}

/** The chart's interval and the markets kept on top; remembered by this browser. */
export const { chartInterval, chooseChartInterval, favourites, toggleFavourite } = createRoot(createChartPreferences);
