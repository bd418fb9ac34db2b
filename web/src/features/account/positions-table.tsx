import { marketOf } from '#shared/markets.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { A } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, createEffect, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import {
  formatLeverage,
  formatPrice,
  formatQuote,
  formatShare,
  formatSize,
  unknownFigure,
} from '../../domain/format.ts';
import { carryAt } from '../../domain/carry.ts';
import { viewPosition } from '../../domain/position-view.ts';
import { texts } from '../../i18n/index.ts';
import { Notice, PanelState, SkeletonRows } from '../../ui/panel-state.tsx';
import { Signed } from '../../ui/signed.tsx';
import { AccountGate } from './account-gate.tsx';
import { ClosePosition } from './close-position.tsx';
import { SideTag } from './side-tag.tsx';

/** Digits of what is owed and of what an hour costs. */
const carryPlaces = 4;

/** Columns, each of a figure and what belongs to it below; on a narrow desk the derived ones give way. */
const columns = [
  { label: texts.positions.market, class: '' },
  { label: texts.positions.sizeAndValue, class: '' },
  { label: texts.positions.entryAndMark, class: '' },
  { label: texts.positions.liquidation, class: '' },
  { label: texts.positions.margin, class: 'derived' },
  { label: texts.positions.funding, class: 'derived', hint: texts.positions.fundingHint },
  { label: texts.positions.borrow, class: 'derived', hint: texts.positions.borrowHint },
  { label: texts.positions.pnl, class: '' },
] as const;

/** Open positions, valued at every tick. */
export function PositionsTable(): JSX.Element {
  const desk = useDesk();
  const t = texts.positions;
  const positions = () => desk.own.account.positions;
  const address = () => desk.session.address();
  const accrued = useQuery(() => ({
    ...desk.queries.positions(address() ?? ''),
    enabled: address() !== undefined && (positions()?.length ?? 0) > 0,
  }));
  createEffect(() => desk.own.learnOwed(accrued.data ?? []));
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
                  <th scope="col" class={column.class} title={'hint' in column ? column.hint : undefined}>
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
  const market = () => markets.data?.find((candidate) => candidate.symbol === position().symbol);
  const live = () => desk.live.markets[position().symbol];
  return {
    view: () => viewPosition(position(), live().price?.price, market()?.parameters?.payoff_cap_bps),
    /** Cost per hour at the rates of now; null while price or rates are not known. */
    carry: () => {
      const price = live().price?.price;
      const funding = live().stats?.funding_rate ?? market()?.funding_rate;
      const borrow = live().stats?.borrow_rate ?? market()?.borrow_rate;
      if (price === undefined || funding === undefined || funding === null || borrow === undefined || borrow === null)
        return null;
      return carryAt(position(), price, { funding, borrow });
    },
  };
}

function PositionRow(props: { readonly position: PositionDto }): JSX.Element {
  const t = texts.positions;
  const { view, carry } = usePositionView(() => props.position);
  const market = () => marketOf(props.position.symbol);
  const price = (value: bigint | null) => (value === null ? unknownFigure : formatPrice(value, market().priceDecimals));
  const cell = (value: bigint | null) => (value === null ? unknownFigure : formatQuote(value));
  const distance = () => {
    const { liquidationDistance, mark } = view();
    return liquidationDistance === null || mark === null ? '' : t.distance(formatShare(liquidationDistance, mark, 2));
  };
  return (
    <tr data-testid="position" data-symbol={props.position.symbol}>
      <td data-label={t.market}>
        <Pair
          over={
            <A href={`/trade/${props.position.symbol}`} class="font-semibold hover:text-accent">
              {props.position.symbol}
            </A>
          }
          under={
            <>
              <SideTag side={props.position.side} />
              <span class="ml-2 text-ink-3">
                {props.position.leverage === null ? '' : formatLeverage(BigInt(props.position.leverage))}
              </span>
              <Show when={view().capped}>
                <span class="tag ml-2" data-tone="warn" title={t.cappedHint}>
                  {t.capped}
                </span>
              </Show>
            </>
          }
        />
      </td>
      <td data-label={t.sizeAndValue}>
        <Pair
          over={
            <>
              {formatSize(props.position.size, market().sizeDecimals)} <span class="text-ink-3">{market().base}</span>
            </>
          }
          under={cell(view().notional)}
        />
      </td>
      <td data-label={t.entryAndMark}>
        <Pair
          over={price(props.position.entry_price)}
          under={<span data-testid="position-mark">{price(view().mark)}</span>}
        />
      </td>
      <td data-label={t.liquidation} classList={{ 'text-warn': view().atRisk }}>
        <Pair
          over={
            <span data-testid="position-liquidation">
              {props.position.liquidation_price === null ? unknownFigure : price(props.position.liquidation_price)}
            </span>
          }
          under={distance()}
        />
      </td>
      <td data-label={t.margin} class="derived">
        {formatQuote(props.position.margin_used, { rounding: 'floor' })}
      </td>
      <td data-label={t.funding} class="derived" data-testid="position-funding">
        <Owed owed={props.position.funding_owed} hourly={carry()?.funding} />
      </td>
      <td data-label={t.borrow} class="derived" data-testid="position-borrow">
        <Owed owed={props.position.borrow_owed} hourly={carry()?.borrow} />
      </td>
      <td data-label={t.pnl}>
        <Pair
          over={
            <span data-testid="position-pnl">
              <Signed value={view().pnl} text={formatQuote(view().pnl ?? 0n, { plus: true })} arrow />
            </span>
          }
          under={
            <Signed value={view().pnl} text={formatShare(view().pnl ?? 0n, props.position.margin_used, 2, true)} />
          }
        />
      </td>
      <td>
        <ClosePosition position={props.position} />
      </td>
    </tr>
  );
}

/** A figure and what belongs to it, one above the other. */
function Pair(props: { readonly over: JSX.Element; readonly under: JSX.Element }): JSX.Element {
  return (
    <span class="pair">
      <span>{props.over}</span>
      <span>{props.under}</span>
    </span>
  );
}

/** What a position owes so far, as it changes its equity, and what an hour more costs. Small figures, hence more digits. */
function Owed(props: { readonly owed: bigint; readonly hourly: bigint | undefined }): JSX.Element {
  const signed = (paid: bigint) => formatQuote(-paid, { places: carryPlaces, plus: true, rounding: 'floor' });
  return (
    <Pair
      over={<Signed value={-props.owed} text={signed(props.owed)} />}
      under={props.hourly === undefined ? unknownFigure : texts.positions.perHour(signed(props.hourly))}
    />
  );
}
