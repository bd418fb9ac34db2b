import type { MarketSymbol } from '#shared/markets.ts';
import { Show, createEffect, onCleanup, untrack, type JSX } from 'solid-js';

import { changeLayout, layout, resetSize, type LayoutSize } from '../../data/layout-memory.ts';
import { boundsWithin, clampSize, type PanelBounds } from '../../domain/panel-size.ts';
import { texts } from '../../i18n/index.ts';
import { createElementSize } from '../../ui/element-size.ts';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { Separator } from '../../ui/separator.tsx';
import { Staged } from '../../ui/staged.tsx';
import { AccountTabs } from '../account/account-tabs.tsx';
import { BalancePanel } from '../balance/balance-panel.tsx';
import { ChartPanel } from '../chart/chart-panel.tsx';
import { Header } from '../header/header.tsx';
import { beforeTicketCommands } from '../ticket/ticket-commands.ts';
import { TicketPanel } from '../ticket/ticket-panel.tsx';
import { DeskHeading } from './desk-heading.tsx';
import { ExtraPanelColumn } from './extra-panel-column.tsx';
import { extraPanels, extraWidths, isExtraFolded, isTicketCovered } from './extra-panels.ts';

/** Sizes in CSS pixels: below the least of them a panel cannot be read or used. */
const sizes = {
  side: { normal: 328, narrow: 296, min: 280, max: 480 },
  tables: { normalShare: 0.31, normalMin: 196, min: 108 },
  mainWidthMin: 420,
  chartHeightMin: 180,
  /** The chart's times and the mark of its maker. */
  chartTimesHeight: 64,
  /** Up to this width of the desk, its side is the narrow one. */
  narrowMax: 1_180,
} as const;

/** What each part takes of the desk now: what the trader chose, as far as the window allows. */
function createDivision(desk: () => { readonly width: number; readonly height: number }, mainHeight: () => number) {
  const hasExtra = () => extraPanels().length > 0;
  const isFolded = () => isExtraFolded(desk().width);
  const besideSide = () => (hasExtra() ? (isFolded() ? extraWidths.folded : extraWidths.min) : 0);
  const sideBounds = (): PanelBounds =>
    boundsWithin(desk().width - besideSide(), sizes.side.min, sizes.mainWidthMin, sizes.side.max);
  const sideNormal = () => (desk().width <= sizes.narrowMax ? sizes.side.narrow : sizes.side.normal);
  const sideWidth = () => clampSize(layout().sideWidth ?? sideNormal(), sideBounds());
  const isCovered = () => hasExtra() && isTicketCovered(desk().width);
  const extraBounds = (): PanelBounds =>
    boundsWithin(desk().width - (isCovered() ? 0 : sideWidth()), extraWidths.min, sizes.mainWidthMin, extraWidths.max);
  const extraWidth = () => clampSize(layout().extraWidth ?? extraWidths.normal, extraBounds());
  const tablesBounds = (): PanelBounds => boundsWithin(mainHeight(), sizes.tables.min, sizes.chartHeightMin);
  const tablesNormal = () => Math.max(sizes.tables.normalMin, mainHeight() * sizes.tables.normalShare);
  const tablesHeight = () => clampSize(layout().tablesHeight ?? tablesNormal(), tablesBounds());
  return { hasExtra, isFolded, isCovered, sideBounds, sideWidth, extraBounds, extraWidth, tablesBounds, tablesHeight };
}

/** Stands for ticket and balance until they are built. */
function SidePlaceholder(): JSX.Element {
  return (
    <div class="panel">
      <SkeletonRows rows={9} />
    </div>
  );
}

/** Chart over tables, the ticket beside them, what joins to the right; every edge can be moved, and stays where it was put. */
export function DesktopDesk(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = createElementSize();
  const main = createElementSize();
  const division = createDivision(desk.size, () => main.size().height);
  const t = texts.layout;
  const edge = (name: LayoutSize) => ({
    onResize: (size: number) => changeLayout({ [name]: size }),
    onReset: () => resetSize(name),
  });
  const style = (): JSX.CSSProperties => ({
    // Before the first measure the sizes of the stylesheet hold, which are the same.
    ...(desk.size().width === 0 ? {} : { '--side-width': `${division.sideWidth()}px` }),
    ...(main.size().height === 0 ? {} : { '--tables-height': `${division.tablesHeight()}px` }),
    '--extra-width': `${division.isFolded() ? extraWidths.folded : division.extraWidth()}px`,
  });
  // What is filled in has to be seen: whatever asks for the ticket gets it back from the column.
  onCleanup(
    beforeTicketCommands(() => {
      if (untrack(division.isCovered)) changeLayout({ extraFolded: true });
    }),
  );
  // Toasts stand over the chart, above its times and the tables: no key lies there.
  const root = document.documentElement.style;
  createEffect(() => root.setProperty('--notices-bottom', `${division.tablesHeight() + sizes.chartTimesHeight}px`));
  onCleanup(() => root.removeProperty('--notices-bottom'));
  return (
    <div
      ref={desk.measure}
      class="desk"
      style={style()}
      data-extra={division.hasExtra() ? '' : undefined}
      data-covered={division.isCovered() ? '' : undefined}
    >
      <div class="desk-header">
        <Header symbol={props.symbol} />
      </div>
      <main id="main" tabIndex={-1} class="desk-main" ref={main.measure}>
        <DeskHeading symbol={props.symbol} />
        <ChartPanel symbol={props.symbol} />
        <Separator
          axis="y"
          label={t.tables}
          controls="desk-tables"
          size={division.tablesHeight()}
          bounds={division.tablesBounds()}
          testId="resize-tables"
          {...edge('tablesHeight')}
        />
        <div id="desk-tables" class="grid min-h-0">
          <AccountTabs />
        </div>
      </main>
      <aside id="desk-side" class="desk-side" aria-label={texts.tabs.trade}>
        <Separator
          axis="x"
          label={t.side}
          controls="desk-side"
          size={division.sideWidth()}
          bounds={division.sideBounds()}
          testId="resize-side"
          {...edge('sideWidth')}
        />
        <Staged placeholder={<SidePlaceholder />}>
          <TicketPanel symbol={props.symbol} />
          <BalancePanel />
        </Staged>
      </aside>
      <Show when={division.hasExtra()}>
        <ExtraPanelColumn folded={division.isFolded()} onFold={(folded) => changeLayout({ extraFolded: folded })}>
          <Separator
            axis="x"
            label={t.extra}
            controls="desk-extra"
            size={division.extraWidth()}
            bounds={division.extraBounds()}
            testId="resize-extra"
            {...edge('extraWidth')}
          />
        </ExtraPanelColumn>
      </Show>
    </div>
  );
}
