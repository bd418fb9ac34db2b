import type { MarketSymbol } from '#shared/markets.ts';
import type { Price } from '#shared/money/units.ts';
import { createEffect, createSignal, on, type Accessor } from 'solid-js';

import { useDesk, type Desk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { keyStep, lineIdOf, snapPrice, type ChartLine } from '../../domain/chart-lines.ts';
import { formatPrice } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { habitualSlippageBps } from '../ticket/ticket-memory.ts';

/** A line on its way to another price. */
export interface Moving {
  readonly line: ChartLine;
  readonly price: Price;
  readonly stage: 'dragging' | 'deciding' | 'sending';
  /** With which an order of the line executes, where it has a slippage. */
  readonly slippageBps: bigint;
}

/** Tells the exchange, and the desk what it answered. @returns the id of the line as it is then. @throws ApiError */
async function send(desk: Desk, { line, price, slippageBps }: Moving): Promise<string> {
  const { target } = line;
  if (target === null) return line.id;
  if (target.of === 'order') {
    desk.own.learnOrder(await desk.client.orders.amend(target.orderId, { [target.field]: price }));
    return line.id;
  }
  const exits = await desk.client.positions.setExits(target.positionId, {
    [target.field]: price,
    ...(target.field === 'stop_loss' ? { max_slippage_bps: Number(slippageBps) } : {}),
  });
  for (const exit of exits) desk.own.learnOrder(exit);
  const set = exits.find((exit) => exit.exit_kind === target.field);
  return set === undefined ? line.id : lineIdOf(set, target.field === 'take_profit' ? 'price' : 'stop_price');
}

/**
 * Moves one line at a time: dragged or stepped, then applied or taken back. While the exchange is asked the line stays where it was put; a
 * refusal brings it back and says why.
 */
export function useLineMoves(
  symbol: Accessor<MarketSymbol>,
  lines: Accessor<readonly ChartLine[]>,
  places: Accessor<number>,
) {
  const desk = useDesk();
  const [moving, setMoving] = createSignal<Moving | undefined>();

  const isSending = () => moving()?.stage === 'sending';
  const drop = () => void setMoving(undefined);
  createEffect(on(symbol, drop, { defer: true }));
  // An order that was filled or cancelled meanwhile takes its line along.
  createEffect(() => {
    const current = moving();
    if (current === undefined || current.stage === 'sending' || current.line.target?.of === 'position') return;
    if (!lines().some(({ id, target }) => id === current.line.id && target !== null)) drop();
  });

  const put = (line: ChartLine, price: Price, stage: 'dragging' | 'deciding') => {
    if (line.target === null || isSending()) return;
    const slippageBps = line.order === null ? habitualSlippageBps() : BigInt(line.order.max_slippage_bps);
    setMoving({ line, price: snapPrice(price, places()), stage, slippageBps });
  };

  return {
    moving,
    /** Where a line is shown: where it was put, or where it is. */
    priceOf: (line: ChartLine): Price => {
      const current = moving();
      return current?.line.id === line.id ? current.price : line.price;
    },
    drag: (line: ChartLine, price: Price) => put(line, price, 'dragging'),
    /** Let go: now it is decided. Back at its old place there is nothing to decide. */
    release: () => {
      const current = moving();
      if (current === undefined || current.stage !== 'dragging') return;
      const stays = current.line.target?.of === 'order' && current.price === current.line.price;
      setMoving(stays ? undefined : { ...current, stage: 'deciding' });
    },
    /** Puts a line somewhere, to be decided. */
    place: (line: ChartLine, price: Price) => put(line, price, 'deciding'),
    /** One key press up (1) or down (−1). */
    step: (line: ChartLine, direction: 1 | -1) => {
      const current = moving();
      const from = current?.line.id === line.id ? current.price : line.price;
      put(line, snapPrice(from + BigInt(direction) * keyStep(from, places()), places()), 'deciding');
    },
    cancel: () => {
      if (!isSending()) drop();
    },
    /** Asks the exchange. @returns the id of the line that shows what came of it. */
    apply: async (): Promise<string | undefined> => {
      const current = moving();
      if (current === undefined || current.stage === 'sending') return undefined;
      const t = texts.chart.move;
      setMoving({ ...current, stage: 'sending' });
      try {
        const id = await send(desk, current);
        // A new exit is an order, which is told of by itself.
        const title = t.done(current.line.label, formatPrice(current.price, places()));
        if (current.line.target?.of === 'order') desk.notices.show({ tone: 'neutral', title, text: '' });
        return id;
      } catch (error) {
        desk.notices.show({ tone: 'warn', title: t.failed, text: errorText(error) });
        return current.line.id;
      } finally {
        drop();
      }
    },
  };
}

export type LineMoves = ReturnType<typeof useLineMoves>;
