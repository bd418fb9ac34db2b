import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, createEffect, createMemo, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { highlighted } from '../../data/highlight.ts';
import { carryAt } from '../../domain/carry.ts';
import { exitsByPosition, noExits } from '../../domain/exits.ts';
import { marketHindrance, type MarketExit } from '../../domain/market-exit.ts';
import { openingsUnderWay, workOn } from '../../domain/pending-work.ts';
import { viewCosts, type PositionCostsView } from '../../domain/position-costs.ts';
import type { PositionView } from '../../domain/position-view.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Notice, PanelState, SkeletonRows } from '../../ui/panel-state.tsx';
import type { LineSight } from '../../ui/sight.ts';
import { askToCloseAll } from './all-at-once.ts';
import { DataTable, csvFieldsOf } from './data-table.tsx';
import { ExportMenu } from './export-menu.tsx';
import { OpeningRow } from './opening-row.tsx';
import { PositionAnnouncer } from './position-announcer.tsx';
import { positionColumns } from './position-columns.tsx';
import type { PositionRow } from './position-row.ts';
import { TableTools, ToolFocusKeeper } from './table-tools.tsx';
import { ToTicket } from './to-ticket.tsx';

/** Open positions, valued at every tick, and those on their way. */
export function PositionsTable(): JSX.Element {
  const desk = useDesk();
  const t = recordTexts.positions;
  const positions = () => desk.own.account.positions;
  const orders = () => desk.own.account.orders ?? [];
  const address = () => desk.session.address();
  const accrued = useQuery(() => ({
    ...desk.queries.positions(address() ?? ''),
    enabled: address() !== undefined && (positions()?.length ?? 0) > 0,
  }));
  createEffect(() => desk.own.learnOwed(accrued.data ?? []));
  const paid = useQuery(() => ({
    ...desk.queries.positionCosts(address() ?? ''),
    enabled: address() !== undefined && (positions()?.length ?? 0) > 0,
  }));
  const costsOf = (position: PositionDto) =>
    viewCosts(
      position,
      paid.data?.find((costs) => costs.position_id === position.id),
    );
  const rowOf = usePositionRow(orders, costsOf);
  const openings = createMemo(() => openingsUnderWay(orders(), positions() ?? []));
  const viewNow = (position: PositionDto) => desk.positionViews.of(position)();
  const columns = positionColumns(viewNow, costsOf);
  const status = () => {
    const known = positions();
    if (known === undefined) return 'loading';
    return known.length === 0 && openings().length === 0 ? 'empty' : 'data';
  };
  return (
    <>
      {/* All of them at once: one that came later would push the others aside. */}
      <Show when={positions() !== undefined}>
        <TableTools>
          <Show when={(positions()?.length ?? 0) > 0}>
            <ToolFocusKeeper />
            <button
              type="button"
              class="button button-quiet button-small"
              onClick={() => askToCloseAll(desk)}
              data-testid="close-all"
            >
              {tableTexts.actions.closeAll}
            </button>
          </Show>
          <ExportMenu file="positions" fields={csvFieldsOf(columns)} shown={() => positions() ?? []} />
        </TableTools>
      </Show>
      <Show when={positions()}>{(known) => <PositionAnnouncer positions={known()} />}</Show>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={3} />}
        empty={
          <Notice title={t.empty} text={t.emptyText}>
            <ToTicket />
          </Notice>
        }
      >
        <DataTable
          label={texts.tabs.positions}
          class="position-table paired"
          isLive
          columns={columns}
          items={positions() ?? []}
          rowOf={rowOf}
          rowTestId="position"
          rowData={({ symbol }) => ({ symbol, isHighlighted: isCited(symbol) })}
          before={<For each={openings()}>{(order) => <OpeningRow order={order} columns={columns.length} />}</For>}
        />
      </PanelState>
    </>
  );
}

/** Whether MIKEY cites the position of a market now. */
function isCited(symbol: MarketSymbol): boolean {
  const target = highlighted();
  return target?.kind === 'position' && target.symbol === symbol;
}

/** What lines show; their cells change by themselves. */
function usePositionRow(
  orders: () => readonly OrderDto[],
  costsOf: (position: PositionDto) => PositionCostsView | undefined,
) {
  const desk = useDesk();
  const markets = useQuery(() => desk.queries.markets());
  const told = createMemo(() => new Map(markets.data?.map((market) => [market.symbol, market])));
  const hindranceOf = (symbol: MarketSymbol, exit: MarketExit) =>
    createMemo(() => {
      const market = told().get(symbol);
      const { price: live, silent } = desk.live.markets[symbol];
      return market === undefined ? undefined : marketHindrance(exit, { market, live, silent });
    });
  /** Of each market and way out once, whatever number of lines shows it. */
  const hindrances = new Map(
    MARKET_SYMBOLS.map((symbol) => [
      symbol,
      { close: hindranceOf(symbol, 'close'), flip: hindranceOf(symbol, 'flip') },
    ]),
  );
  const ratesOf = (symbol: MarketSymbol) => {
    const { stats } = desk.live.markets[symbol];
    const market = told().get(symbol);
    return {
      funding: stats?.funding_rate ?? market?.funding_rate ?? null,
      borrow: stats?.borrow_rate ?? market?.borrow_rate ?? null,
    };
  };
  const exits = createMemo(() => exitsByPosition(orders()));
  /** Cost per hour at the rates of now; null while price or rates are not known. */
  const carryOf = ({ position, mark }: PositionView) => {
    const { funding, borrow } = ratesOf(position.symbol);
    return mark === null || funding === null || borrow === null ? null : carryAt(position, mark, { funding, borrow });
  };
  return (position: PositionDto, sight: LineSight): PositionRow => {
    const view = sight.shown(desk.positionViews.of(position));
    const carry = createMemo(() => carryOf(view()));
    const ownExits = createMemo(() => exits().get(position.id) ?? noExits);
    const work = createMemo(() => workOn(position, orders()));
    const costs = createMemo(() => costsOf(position));
    return {
      ...{ position, view, carry, exits: ownExits, work, costs },
      command: () => desk.commands.of(position.id),
      hindrance: (exit) => hindrances.get(position.symbol)?.[exit](),
    };
  };
}
