import type { MarketDefinition } from '#shared/markets.ts';
import type { CandleDto } from '#shared/protocol/market.ts';
import { For, Index, createMemo, type JSX } from 'solid-js';

import { barTime } from '../../domain/bar-time.ts';
import { formatPrice, formatShare, formatSizeSum } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { Signed } from '../../ui/signed.tsx';

/** Bars of the table in place of the drawing, newest first: more are read nowhere. */
const rowsShownMax = 240;
/** Bars told to a screen reader beside the drawing. */
const rowsBesideMax = 8;

/** The drawing in words: for those who do not see it beside it, for all who ask for it in its place. */
export function BarTable(props: {
  readonly bars: readonly CandleDto[];
  readonly market: MarketDefinition;
  /** Bars are days. */
  readonly daily: boolean;
  readonly shown: boolean;
}): JSX.Element {
  const t = texts.chart.columns;
  const rows = createMemo(() => props.bars.slice(-(props.shown ? rowsShownMax : rowsBesideMax)).toReversed());
  return (
    <div
      classList={{ 'visually-hidden contain-strict': !props.shown, 'absolute inset-0 overflow-auto': props.shown }}
      role={props.shown ? 'region' : undefined}
      aria-label={props.shown ? texts.chart.lastBars : undefined}
      tabIndex={props.shown ? 0 : undefined}
    >
      <table class="grid-table bar-table" data-testid="bar-table">
        <caption class="visually-hidden">{`${texts.chart.lastBars}, ${props.market.symbol}`}</caption>
        <thead>
          <tr>
            <For each={[t.time, t.open, t.high, t.low, t.close, t.change, t.volume(props.market.base)]}>
              {(label) => <th scope="col">{label}</th>}
            </For>
          </tr>
        </thead>
        <tbody>
          {/* By place: the newest bar grows every second, which changes its figures and makes no line anew. */}
          <Index each={rows()}>
            {(bar) => (
              <tr>
                <th scope="row">{barTime(bar().time, props.daily)}</th>
                <For each={['open', 'high', 'low', 'close'] as const}>
                  {(field) => <td data-label={t[field]}>{formatPrice(bar()[field], props.market.priceDecimals)}</td>}
                </For>
                <td data-label={t.change}>
                  <Signed
                    value={bar().close - bar().open}
                    text={formatShare(bar().close - bar().open, bar().open, 2, true)}
                  />
                </td>
                <td data-label={t.volume(props.market.base)}>
                  {formatSizeSum(bar().volume, props.market.sizeDecimals)}
                </td>
              </tr>
            )}
          </Index>
        </tbody>
      </table>
    </div>
  );
}
