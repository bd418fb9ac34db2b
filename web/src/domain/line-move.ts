import { min } from '#shared/money/divide.ts';
import { size, type Price } from '#shared/money/units.ts';
import { closingTrade } from '#shared/perps/side.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import type { ChartLine } from './chart-lines.ts';
import { exitResult, fillOf, worstStopResult, type ExitResult } from './exit-result.ts';
import type { TicketContext } from './ticket/context.ts';

/** What a line would mean at another price. */
export interface LineMove {
  /** What the closed part of the position comes to there; null where nothing is closed or it is not known. */
  readonly result: ExitResult | null;
  /** `wrongSide`: the exchange refuses an exit there. `atOnce`: the price of now already meets it. */
  readonly note: 'wrongSide' | 'atOnce' | null;
  /** The same for a stop-loss of the position with all its slippage; null for everything else. */
  readonly worst: ExitResult | null;
  /** The price that an exit's side is measured from. */
  readonly measuredFrom: Price | null;
}

const isExit = (line: ChartLine): boolean => line.kind === 'takeProfit' || line.kind === 'stopLoss';

/** The side of what an exit closes: its entry's, or the position's. */
function heldSide(line: ChartLine, position: PositionDto | undefined): 'long' | 'short' | null {
  const { order } = line;
  if (order === null) return position?.side ?? null;
  const buys = order.exit_kind === null ? order.side === 'buy' : order.side === 'sell';
  return buys ? 'long' : 'short';
}

/** An exit of an order that rests is measured from that order's price, any other from the price of now. */
function measuredFrom({ order }: ChartLine, mark: Price | undefined): Price | null {
  if (order !== null && order.exit_kind === null) return order.price ?? order.stop_price ?? mark ?? null;
  return mark ?? null;
}

function exitNote(line: ChartLine, price: Price, from: Price | null, side: 'long' | 'short' | null): LineMove['note'] {
  if (from === null || side === null) return null;
  const wantsAbove = (line.kind === 'takeProfit') === (side === 'long');
  return (wantsAbove ? price > from : price < from) ? null : 'wrongSide';
}

/** A limit waits on the better side of the price, a stop on the worse one: beyond it, each executes at once. */
function orderNote(line: ChartLine, price: Price, mark: Price | undefined): LineMove['note'] {
  if (mark === undefined || line.order === null) return null;
  const isBuy = line.order.side === 'buy';
  const waitsBelow = line.kind === 'limit' ? isBuy : !isBuy;
  return (waitsBelow ? price >= mark : price <= mark) ? 'atOnce' : null;
}

/** An order against the position closes it, or a part: what that part comes to. */
function closingResult(line: ChartLine, price: Price, context: TicketContext): ExitResult | null {
  const { order } = line;
  const { position } = context;
  if (order === null || position === undefined || order.side !== closingTrade(position.side)) return null;
  const left = size(order.quantity - order.filled_quantity);
  const basis = { context: { ...context, position }, size: min(left, position.size) };
  return exitResult(basis, price, line.kind === 'limit' ? 'limit' : 'market');
}

/** What a line means at a price: where an exit would end the position, and whether the exchange would take it there. */
export function moveOf(line: ChartLine, price: Price, context: TicketContext, slippageBps: bigint): LineMove {
  const mark = context.live?.price;
  if (!isExit(line))
    return {
      result: closingResult(line, price, context),
      worst: null,
      note: orderNote(line, price, mark),
      measuredFrom: null,
    };
  const { position } = context;
  const from = measuredFrom(line, mark);
  const note = exitNote(line, price, from, heldSide(line, position));
  const ofPosition = position !== undefined && (line.order === null || line.order.exit_kind !== null);
  if (!ofPosition) return { result: null, worst: null, note, measuredFrom: from };
  const part = line.order === null ? position.size : min(line.order.quantity, position.size);
  const basis = { context: { ...context, position }, size: part };
  const kind = line.kind === 'takeProfit' ? 'takeProfit' : 'stopLoss';
  return {
    result: exitResult(basis, price, fillOf[kind]),
    worst: kind === 'stopLoss' ? worstStopResult(basis, price, slippageBps) : null,
    note,
    measuredFrom: from,
  };
}
