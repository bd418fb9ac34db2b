import { marketOf } from '#shared/markets.ts';
import { A } from '@solidjs/router';
import { For, Show, createMemo, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import { formatPrice, formatQuote, formatShare, unknownFigure } from '../../domain/format.ts';
import type { Held } from '../../domain/risk/held.ts';
import { marginRatioAt, scaleDoublings, scalePosition, scaleTicks } from '../../domain/risk/margin-ratio.ts';
import { texts } from '../../i18n/pages.ts';
import { PagePanel } from '../../ui/page-panel.tsx';
import { Notice, PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { SideTag } from '../account/side-tag.tsx';

const t = texts.risk.ratios;

export interface HeldProps {
  readonly held: readonly Held[] | undefined;
  /** Why the positions are not known; null while they are, or are on their way. */
  readonly failed: unknown;
  readonly onRetry: () => void;
}

export const heldStatus = ({ held, failed }: HeldProps): PanelStatus => {
  if (held !== undefined) return held.length === 0 ? 'empty' : 'data';
  return failed === null ? 'loading' : 'error';
};

/** Every position against its maintenance margin, on one scale. */
export function RatiosPanel(props: HeldProps): JSX.Element {
  return (
    <PagePanel title={t.title} hint={t.hint} testId="margin-ratios">
      <PanelState
        status={heldStatus(props)}
        skeleton={<SkeletonRows rows={3} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
        errorText={errorText(props.failed)}
        onRetry={props.onRetry}
      >
        <div role="table" aria-label={t.title}>
          <div class="ratio-row ratio-head" role="row">
            <span role="columnheader">{t.position}</span>
            <span role="columnheader">{t.ratio}</span>
            <span role="columnheader" class="block">
              <span class="visually-hidden">{t.scale}</span>
              <span aria-hidden="true" class="ratio-ticks block">
                <For each={scaleTicks}>
                  {(tick, at) => <span style={{ left: `${(at() / scaleDoublings) * 100}%` }}>{tick}%</span>}
                </For>
              </span>
            </span>
            <span role="columnheader">{t.distance}</span>
            <span role="columnheader">{t.liquidation}</span>
            <span role="columnheader">{t.equity}</span>
          </div>
          <For each={props.held}>{(held) => <RatioRow held={held} />}</For>
        </div>
      </PanelState>
    </PagePanel>
  );
}

function RatioRow(props: { readonly held: Held }): JSX.Element {
  const symbol = () => props.held.position.symbol;
  const margin = createMemo(() => (props.held.mark === null ? null : marginRatioAt(props.held, props.held.mark)));
  const ratio = () => {
    const known = margin();
    return known === null ? unknownFigure : formatShare(known.ratioBps, 10_000n, 1);
  };
  const health = () => margin()?.health ?? 'healthy';
  const place = () => `${scalePosition(margin()?.ratioBps ?? 0n) * 100}%`;
  const distance = () => {
    const moveBps = margin()?.moveBps ?? null;
    if (health() === 'liquidatable') return t.beyond;
    return moveBps === null ? unknownFigure : formatShare(moveBps, 10_000n, 2, true);
  };
  const price = (value: bigint | null | undefined) =>
    value === null || value === undefined ? unknownFigure : formatPrice(value, marketOf(symbol()).priceDecimals);
  return (
    <div class="ratio-row" role="row" data-testid="ratio" data-symbol={symbol()} data-state={health()}>
      <span role="rowheader" class="flex items-center gap-2">
        <A href={`/trade/${symbol()}`} class="market-link">
          {symbol()}
        </A>
        <SideTag side={props.held.position.side} />
      </span>
      <span
        role="cell"
        class="font-semibold"
        classList={{ 'text-warn': health() === 'warning', 'text-down': health() === 'liquidatable' }}
        data-testid="margin-ratio"
      >
        {ratio()}
      </span>
      <span role="cell" class="block">
        <Show when={margin()}>
          <span
            class="ratio-scale block"
            role="img"
            aria-label={t.scaleLabel(symbol(), ratio())}
            data-health={health()}
            title={t.states[health()]}
          >
            <span class="ratio-bar" style={{ width: place() }} />
            <span class="ratio-mark" style={{ left: place() }} />
          </span>
        </Show>
      </span>
      <span role="cell" data-label={t.distance}>
        {distance()}
      </span>
      <span role="cell" data-label={t.liquidation}>
        <span class="pair">
          <span>{price(margin()?.liquidationPrice)}</span>
          <span>{`${t.mark} ${price(props.held.mark)}`}</span>
        </span>
      </span>
      <span role="cell" data-label={t.equity}>
        <Show when={margin()} fallback={unknownFigure}>
          {(known) => (
            <span class="pair">
              <span>{formatQuote(known().equity, { rounding: 'floor' })}</span>
              <span>{formatQuote(known().maintenance, { rounding: 'ceil' })}</span>
            </span>
          )}
        </Show>
      </span>
    </div>
  );
}
