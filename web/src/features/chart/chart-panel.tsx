import type { MarketSymbol } from '#shared/markets.ts';
import type { CandleDto } from '#shared/protocol/market.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, createEffect, createSignal, onCleanup, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { barAfterPrice, candleIntervals, mergeBars, type CandleInterval } from '../../domain/candles.ts';
import { directionOf, formatDateTime, formatPrice } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { PanelState, Notice, type PanelStatus } from '../../ui/panel-state.tsx';
import { useMarket } from '../header/use-market.ts';
import { ChartCanvas } from './chart-canvas.tsx';

/** Bars told to a screen reader beside the drawing. */
const tableRows = 8;

/** Bars of the chosen market and interval: history by request, the rest by socket, the newest one by the live price. */
export function ChartPanel(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const market = useMarket(() => props.symbol);
  const [interval, setInterval] = createSignal<CandleInterval>('1m');
  const [streamed, setStreamed] = createSignal<readonly CandleDto[]>([]);
  const [hovered, setHovered] = createSignal<number | undefined>();
  const history = useQuery(() => desk.queries.candles(props.symbol, interval()));

  createEffect(() => {
    const [symbol, of] = [props.symbol, interval()];
    setStreamed([]);
    const stop = desk.live.watchCandles(symbol, of, (bars) => setStreamed((known) => mergeBars(known, bars)));
    onCleanup(stop);
  });

  const bars = () => mergeBars(history.data ?? [], streamed());
  /** The newest bar at the price of now, which may be newer than the bar's last message. */
  const lastBar = () => {
    const price = desk.live.markets[props.symbol].price;
    const last = bars().at(-1);
    return price === undefined ? last : (barAfterPrice(last, price.price, price.publish_time, interval()) ?? last);
  };
  const legendBar = () => bars().find((bar) => bar.time === hovered()) ?? lastBar();
  const status = (): PanelStatus => {
    if (bars().length > 0) return 'data';
    if (history.isError) return 'error';
    return history.isPending ? 'loading' : 'empty';
  };

  return (
    <section class="panel flex min-h-0 flex-col" aria-label={texts.chart.title}>
      <header class="flex h-9 shrink-0 items-center gap-3 px-2">
        <div role="group" aria-label={texts.chart.interval} class="flex">
          <For each={candleIntervals}>
            {(option) => (
              <button
                type="button"
                class="button button-quiet button-small"
                classList={{ 'bg-raised text-ink': option === interval() }}
                aria-pressed={option === interval()}
                onClick={() => setInterval(option)}
              >
                {option}
              </button>
            )}
          </For>
        </div>
        <Show when={legendBar()}>{(bar) => <Legend bar={bar()} places={market().priceDecimals} />}</Show>
      </header>
      <div class="relative min-h-0 flex-1" data-testid="chart">
        <PanelState
          status={status()}
          skeleton={<div class="skeleton absolute inset-3" />}
          empty={<Notice title={texts.chart.empty} text={texts.chart.emptyText} />}
          errorText={texts.chart.failedText}
          onRetry={() => void history.refetch()}
        >
          <ChartCanvas
            symbol={props.symbol}
            interval={interval()}
            bars={bars()}
            lastBar={lastBar()}
            onHover={setHovered}
          />
          <BarTable bars={bars().slice(-tableRows)} symbol={props.symbol} places={market().priceDecimals} />
        </PanelState>
      </div>
    </section>
  );
}

function Legend(props: { readonly bar: CandleDto; readonly places: number }): JSX.Element {
  const direction = () => directionOf(props.bar.close - props.bar.open);
  const t = texts.chart.legend;
  return (
    <p class="chart-legend flex gap-2.5 overflow-hidden text-1 whitespace-nowrap text-ink-3" aria-hidden="true">
      <For
        each={
          [
            [t.open, 'open'],
            [t.high, 'high'],
            [t.low, 'low'],
            [t.close, 'close'],
          ] as const
        }
      >
        {([label, field]) => (
          <span>
            {label}{' '}
            <span
              classList={{
                'text-up': direction() === 'up',
                'text-down': direction() === 'down',
                'text-ink-2': direction() === 'flat',
              }}
            >
              {formatPrice(props.bar[field], props.places)}
            </span>
          </span>
        )}
      </For>
    </p>
  );
}

/** The drawing in words: the latest bars as a table, for those who do not see it. */
function BarTable(props: {
  readonly bars: readonly CandleDto[];
  readonly symbol: string;
  readonly places: number;
}): JSX.Element {
  const t = texts.chart.legend;
  return (
    <table class="visually-hidden">
      <caption>{`${texts.chart.lastBars}, ${props.symbol}`}</caption>
      <thead>
        <tr>
          <For each={[texts.chart.time, t.open, t.high, t.low, t.close]}>{(label) => <th scope="col">{label}</th>}</For>
        </tr>
      </thead>
      <tbody>
        <For each={props.bars}>
          {(bar) => (
            <tr>
              <td>{formatDateTime(new Date(bar.time * 1_000))}</td>
              <For each={[bar.open, bar.high, bar.low, bar.close]}>
                {(price) => <td>{formatPrice(price, props.places)}</td>}
              </For>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
