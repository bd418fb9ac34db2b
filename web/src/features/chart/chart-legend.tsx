import type { MarketDefinition } from '#shared/markets.ts';
import type { CandleDto } from '#shared/protocol/market.ts';
import { For, Show, type JSX } from 'solid-js';

import type { FillMark } from '../../domain/fill-marks.ts';
import { directionOf, formatPrice, formatShare, formatSize, formatSizeSum } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';

const fields = ['open', 'high', 'low', 'close'] as const;

/** The bar under the crosshair, or the newest one, in figures over the drawing. The table beside it tells the same aloud. */
export function ChartLegend(props: {
  readonly bar: CandleDto;
  readonly market: MarketDefinition;
  readonly marks: readonly FillMark[];
}): JSX.Element {
  const t = texts.chart.legend;
  const change = () => props.bar.close - props.bar.open;
  const tone = () => ({ up: 'text-up', down: 'text-down', flat: 'text-ink-2' })[directionOf(change())];
  const markText = (mark: FillMark) => {
    const [size, price] = [
      formatSize(mark.size, props.market.sizeDecimals),
      formatPrice(mark.price, props.market.priceDecimals),
    ];
    return mark.side === 'buy' ? texts.chart.bought(size, price) : texts.chart.sold(size, price);
  };
  return (
    <div class="chart-legend" aria-hidden="true" data-testid="chart-legend">
      <p>
        <For each={fields}>
          {(field) => (
            <span>
              {t[field]}{' '}
              <span class={`legend-price ${tone()}`}>{formatPrice(props.bar[field], props.market.priceDecimals)}</span>
            </span>
          )}
        </For>
        <span class={`legend-change ${tone()}`}>{formatShare(change(), props.bar.open, 2, true)}</span>
        <span>
          {t.volume} <span class="text-ink-2">{formatSizeSum(props.bar.volume, props.market.sizeDecimals)}</span>
        </span>
      </p>
      <Show when={props.marks.length > 0}>
        <p>
          <For each={props.marks}>
            {(mark) => <span class={mark.side === 'buy' ? 'text-up' : 'text-down'}>{markText(mark)}</span>}
          </For>
        </p>
      </Show>
    </div>
  );
}
