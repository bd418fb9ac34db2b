import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import type { Price } from '#shared/money/units.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { For, createMemo, createUniqueId, on, onCleanup, onMount, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatPrice } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { ticketCommands } from '../ticket/ticket-commands.ts';
import { draftExit } from './draft-exit.ts';
import type { LineMoves } from './use-line-moves.ts';

interface Choice {
  readonly text: string;
  readonly run: () => void;
}

/** A place on the chart, of which something can be made. */
export interface PickedPrice {
  readonly price: Price;
  readonly x: number;
  readonly y: number;
}

/** What can be done at a price of the chart: orders that the ticket fills in, exits of the position. Nothing here is sent at once. */
export function ChartMenu(props: {
  readonly symbol: MarketSymbol;
  readonly picked: PickedPrice;
  readonly moves: LineMoves;
  readonly onClose: () => void;
}): JSX.Element {
  const desk = useDesk();
  const labelId = createUniqueId();
  const t = texts.chart.menu;
  let list!: HTMLUListElement;
  const shown = () => formatPrice(props.picked.price, marketOf(props.symbol).priceDecimals);
  const mark = () => desk.live.markets[props.symbol].price?.price;
  const position = () => desk.own.account.positions?.find(({ symbol }) => symbol === props.symbol);

  const order = (text: string, side: 'buy' | 'sell', orderType: 'limit' | 'stop'): Choice => ({
    text,
    run: () => {
      ticketCommands.setSide(side);
      ticketCommands.fillPrice(props.symbol, props.picked.price, orderType);
      ticketCommands.focusSize();
    },
  });
  const exit = (picked: Price, now: Price | undefined, held: PositionDto | undefined): Choice[] => {
    if (held === undefined || now === undefined) return [];
    const wins = picked > now === (held.side === 'long');
    const field = wins ? 'take_profit' : 'stop_loss';
    const exists = desk.own.account.orders?.some(
      (candidate) =>
        candidate.exit_kind === field && candidate.status === 'pending' && candidate.symbol === held.symbol,
    );
    if (exists === true) return [];
    const text = wins ? t.takeProfit(shown()) : t.stopLoss(shown());
    return [{ text, run: () => props.moves.place(draftExit(held, field, now), picked) }];
  };
  /** A limit waits on the better side of the price, a stop on the worse one. As it was when the menu opened: no entry changes under the pointer. */
  const choices = createMemo(
    on(
      () => props.picked,
      (picked): Choice[] => {
        const now = mark();
        const above = now !== undefined && picked.price > now;
        return [
          above ? order(t.sellLimit(shown()), 'sell', 'limit') : order(t.buyLimit(shown()), 'buy', 'limit'),
          above ? order(t.buyStop(shown()), 'buy', 'stop') : order(t.sellStop(shown()), 'sell', 'stop'),
          ...exit(picked.price, now, position()),
        ];
      },
    ),
  );

  const items = () => [...list.querySelectorAll<HTMLElement>('[role=menuitem]')];
  const move = (step: number) => {
    const all = items();
    const at = all.findIndex((item) => item === document.activeElement);
    all[(at + step + all.length) % all.length]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(1);
    else if (event.key === 'ArrowUp') move(-1);
    else if (event.key === 'Escape' || event.key === 'Tab') props.onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onOutside = (event: PointerEvent) => {
    if (!(event.target instanceof Node) || !list.contains(event.target)) props.onClose();
  };
  onMount(() => {
    const before = document.activeElement;
    // Only now is the list in the page.
    queueMicrotask(() => items()[0]?.focus());
    document.addEventListener('pointerdown', onOutside, true);
    onCleanup(() => {
      document.removeEventListener('pointerdown', onOutside, true);
      if (document.activeElement === document.body && before instanceof HTMLElement) before.focus();
    });
  });

  return (
    <ul
      ref={list}
      role="menu"
      class="popover chart-menu"
      data-testid="chart-menu"
      aria-labelledby={labelId}
      style={{ left: `${props.picked.x}px`, top: `${props.picked.y}px` }}
      onKeyDown={onKeyDown}
    >
      <li id={labelId} role="presentation" class="px-2 py-1 text-1 text-ink-3">
        {t.label(shown())}
      </li>
      <For each={choices()}>
        {(choice) => (
          <li role="presentation">
            <button
              type="button"
              role="menuitem"
              tabIndex={-1}
              class="menu-item w-full"
              onClick={() => {
                props.onClose();
                choice.run();
              }}
            >
              {choice.text}
            </button>
          </li>
        )}
      </For>
    </ul>
  );
}
