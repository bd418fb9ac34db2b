import type { MarketSymbol } from '#shared/markets.ts';
import type { CandleDto } from '#shared/protocol/market.ts';
import { createEffect, createResource, createSignal, on, onCleanup, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import type { CandleInterval } from '../../domain/candles.ts';
import { texts } from '../../i18n/index.ts';
import { theme } from '../../ui/theme.ts';
import { useMarket } from '../header/use-market.ts';
import type { ChartLevel, PriceChart } from './price-chart.ts';

interface ChartCanvasProps {
  readonly symbol: MarketSymbol;
  readonly interval: CandleInterval;
  readonly bars: readonly CandleDto[];
  readonly lastBar: CandleDto | undefined;
  readonly onHover: (time: number | undefined) => void;
}

/** Draws the bars. The drawing library is loaded here, after the figures of the page are there. */
export function ChartCanvas(props: ChartCanvasProps): JSX.Element {
  const desk = useDesk();
  const market = useMarket(() => props.symbol);
  const [chart, setChart] = createSignal<PriceChart | undefined>();
  const [drawing] = createResource(() => import('./price-chart.ts'));
  let container!: HTMLDivElement;

  createEffect(
    on([() => props.symbol, drawing], ([, library]) => {
      if (library === undefined) return;
      const made = library.createPriceChart({
        container,
        priceDecimals: market().priceDecimals,
        onHover: (time) => props.onHover(time),
      });
      setChart(made);
      onCleanup(() => {
        setChart(undefined);
        made.remove();
      });
    }),
  );

  const levels = (): ChartLevel[] => {
    const position = desk.own.account.positions?.find((candidate) => candidate.symbol === props.symbol);
    if (position === undefined) return [];
    const entry: ChartLevel = { price: position.entry_price, title: texts.chart.entry, tone: 'accent' };
    if (position.liquidation_price === null) return [entry];
    return [entry, { price: position.liquidation_price, title: texts.chart.liquidation, tone: 'down' }];
  };

  createEffect(() => chart()?.setBars(props.bars));
  createEffect(() => {
    if (props.lastBar !== undefined) chart()?.updateBar(props.lastBar);
  });
  createEffect(on([() => props.interval, chart], () => chart()?.showLatest()));
  createEffect(() => {
    theme();
    chart()?.applyTheme();
    chart()?.setLevels(levels());
  });

  return <div ref={container} class="absolute inset-0" role="figure" aria-label={texts.chart.label(props.symbol)} />;
}
