import type { MarketSymbol } from '#shared/markets.ts';
import { Show, createEffect, onCleanup, untrack, type JSX } from 'solid-js';

import { changeLayout, resetSize, type LayoutSize } from '../../data/layout-memory.ts';
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
import { createDivision } from './desk-division.ts';
import { DeskHeading } from './desk-heading.tsx';
import { ExtraPanelColumn } from './extra-panel-column.tsx';

/** The chart's times and the mark of its maker, in CSS pixels. */
const chartTimesHeight = 64;

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
  const desk = createElementSize({ width: window.innerWidth, height: 0 });
  const main = createElementSize();
  const division = createDivision(
    () => desk.size().width,
    () => main.size().height,
  );
  const t = texts.layout;
  const edge = (name: LayoutSize) => ({
    onResize: (size: number) => changeLayout({ [name]: size }),
    onReset: () => resetSize(name),
  });
  // What is filled in has to be seen: whatever asks for the ticket gets it back from the column.
  onCleanup(
    beforeTicketCommands(() => {
      if (untrack(division.isCovered)) changeLayout({ extraFolded: true });
    }),
  );
  // Toasts stand over the chart, above its times and the tables: no key lies there.
  const root = document.documentElement.style;
  createEffect(() => root.setProperty('--notices-bottom', `${division.tablesHeight() + chartTimesHeight}px`));
  onCleanup(() => root.removeProperty('--notices-bottom'));
  return (
    <div
      ref={desk.measure}
      class="desk"
      style={division.style()}
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
