import { newIdempotencyKey } from '#sdk/index.ts';
import { marketOf } from '#shared/markets.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { A } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, createSignal, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import {
  formatLeverage,
  formatPrice,
  formatQuote,
  formatShare,
  formatSize,
  unknownFigure,
} from '../../domain/format.ts';
import { viewPosition } from '../../domain/position-view.ts';
import { texts } from '../../i18n/index.ts';
import { Notice, PanelState, SkeletonRows } from '../../ui/panel-state.tsx';
import { Signed } from '../../ui/signed.tsx';
import { AccountGate } from './account-gate.tsx';
import { SideTag } from './side-tag.tsx';

/** Columns; on a narrow desk the derived ones give way. */
const columns = [
  { label: texts.positions.market, class: '' },
  { label: texts.positions.size, class: '' },
  { label: texts.positions.value, class: 'derived' },
  { label: texts.positions.entry, class: '' },
  { label: texts.positions.mark, class: '' },
  { label: texts.positions.liquidation, class: '' },
  { label: texts.positions.margin, class: 'derived' },
  { label: texts.positions.pnl, class: '' },
] as const;

/** Open positions, valued at every tick. */
export function PositionsTable(): JSX.Element {
  const desk = useDesk();
  const t = texts.positions;
  const positions = () => desk.own.account.positions;
  const status = () => {
    const known = positions();
    if (known === undefined) return 'loading';
    return known.length === 0 ? 'empty' : 'data';
  };
  return (
    <AccountGate>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={3} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
      >
        <table class="grid-table position-table">
          <thead>
            <tr>
              <For each={columns}>
                {(column) => (
                  <th scope="col" class={column.class}>
                    {column.label}
                  </th>
                )}
              </For>
              <th scope="col">
                <span class="visually-hidden">{t.close}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={positions()}>{(position) => <PositionRow position={position} />}</For>
          </tbody>
        </table>
      </PanelState>
    </AccountGate>
  );
}

function usePositionView(position: () => PositionDto) {
  const desk = useDesk();
  const markets = useQuery(() => desk.queries.markets());
  return () => {
    const market = markets.data?.find((candidate) => candidate.symbol === position().symbol);
    return viewPosition(
      position(),
      desk.live.markets[position().symbol].price?.price,
      market?.parameters?.payoff_cap_bps,
    );
  };
}

function PositionRow(props: { readonly position: PositionDto }): JSX.Element {
  const t = texts.positions;
  const view = usePositionView(() => props.position);
  const market = () => marketOf(props.position.symbol);
  const price = (value: bigint | null) => (value === null ? unknownFigure : formatPrice(value, market().priceDecimals));
  const cell = (value: bigint | null) => (value === null ? unknownFigure : formatQuote(value));
  const distance = () => {
    const { liquidationDistance, mark } = view();
    return liquidationDistance === null || mark === null
      ? undefined
      : t.distance(formatShare(liquidationDistance, mark, 2));
  };
  return (
    <tr data-testid="position" data-symbol={props.position.symbol}>
      <td data-label={t.market}>
        <A href={`/trade/${props.position.symbol}`} class="mr-2 font-semibold hover:text-accent">
          {props.position.symbol}
        </A>
        <SideTag side={props.position.side} />
        <span class="ml-2 text-ink-3">
          {props.position.leverage === null ? '' : formatLeverage(BigInt(props.position.leverage))}
        </span>
      </td>
      <td data-label={t.size}>
        <span>
          {formatSize(props.position.size, market().sizeDecimals)} <span class="text-ink-3">{market().base}</span>
        </span>
      </td>
      <td data-label={t.value} class="derived">
        {cell(view().notional)}
      </td>
      <td data-label={t.entry}>{price(props.position.entry_price)}</td>
      <td data-label={t.mark} data-testid="position-mark">
        {price(view().mark)}
      </td>
      <td data-label={t.liquidation} class="wide-cell" classList={{ 'text-warn': view().atRisk }}>
        <span>
          <span data-testid="position-liquidation">
            {props.position.liquidation_price === null ? unknownFigure : price(props.position.liquidation_price)}
          </span>
          <Show when={distance()}>
            <span class="distance" classList={{ 'text-ink-3': !view().atRisk }}>
              {distance()}
            </span>
          </Show>
        </span>
      </td>
      <td data-label={t.margin} class="derived">
        {formatQuote(props.position.margin_used, { rounding: 'floor' })}
      </td>
      <td data-label={t.pnl} class="wide-cell">
        <span>
          <span data-testid="position-pnl">
            <Signed value={view().pnl} text={formatQuote(view().pnl ?? 0n, { plus: true })} arrow />
          </span>
          <span class="ml-2 inline-block min-w-[5.2em]">
            <Signed value={view().pnl} text={formatShare(view().pnl ?? 0n, props.position.margin_used, 2, true)} />
          </span>
        </span>
      </td>
      <td>
        <CloseButton position={props.position} />
      </td>
    </tr>
  );
}

/** Closes all of a position at the next eligible price. */
function CloseButton(props: { readonly position: PositionDto }): JSX.Element {
  const desk = useDesk();
  const t = texts.positions;
  const [closing, setClosing] = createSignal(false);
  const close = async () => {
    setClosing(true);
    try {
      desk.own.learnOrder(await desk.client.positions.close(props.position.id, newIdempotencyKey()));
    } catch (error) {
      desk.notices.show({ tone: 'warn', title: t.closeFailed, text: errorText(error) });
    } finally {
      setClosing(false);
    }
  };
  return (
    <button
      type="button"
      class="button button-small min-w-[62px]"
      disabled={closing()}
      aria-label={t.closeLabel(props.position.side, props.position.symbol)}
      data-testid="close-position"
      onClick={() => void close()}
    >
      {closing() ? t.closing : t.close}
    </button>
  );
}
