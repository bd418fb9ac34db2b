import { formatDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS, SIZE_DECIMALS, price, size } from '#shared/money/units.ts';
import type { AmendOrderRequest, OrderDto } from '#shared/protocol/orders.ts';
import { createSignal } from 'solid-js';

import type { PendingCommand } from '../../data/commands.ts';
import { useDesk } from '../../data/desk.ts';
import { readDecimalInput } from '../../domain/decimal-input.ts';
import { exitReach, type ExitReach } from '../../domain/exits.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';

/** What of an order can be changed in its line. */
export type AmendField = 'price' | 'stopPrice' | 'quantity';
export type AmendTexts = Readonly<Record<AmendField, string>>;

/** An open order as its line shows it. */
export interface OrderRow {
  readonly order: OrderDto;
  readonly command: () => PendingCommand | undefined;
  /** Of an exit: what it closes of its position as it is now. */
  readonly reach: () => ExitReach | null;
  /** What is being typed over the figures; undefined while nothing is. */
  readonly editing: () => AmendTexts | undefined;
  readonly edit: () => void;
  readonly type: (field: AmendField, text: string) => void;
  readonly discard: () => void;
  /** Why it cannot be saved; undefined when it can. */
  readonly problem: () => string | undefined;
  readonly save: () => Promise<void>;
  readonly cancel: () => Promise<void>;
}

const textOf = (value: bigint | null, decimals: number): string =>
  value === null ? '' : formatDecimal(value, decimals);

const textsOf = (order: OrderDto): AmendTexts => ({
  price: textOf(order.price, PRICE_DECIMALS),
  stopPrice: textOf(order.stop_price, PRICE_DECIMALS),
  quantity: textOf(order.quantity, SIZE_DECIMALS),
});

/** What was changed; null where a figure is missing. */
function changeOf(order: OrderDto, typed: AmendTexts): AmendOrderRequest | null {
  const limit = order.price === null ? null : readDecimalInput(typed.price, PRICE_DECIMALS);
  const stop = order.stop_price === null ? null : readDecimalInput(typed.stopPrice, PRICE_DECIMALS);
  const quantity = readDecimalInput(typed.quantity, SIZE_DECIMALS);
  const isMissing = (held: bigint | null, next: bigint | null) => held !== null && (next === null || next === 0n);
  if (isMissing(order.price, limit) || isMissing(order.stop_price, stop) || isMissing(order.quantity, quantity))
    return null;
  return {
    ...(limit === null || limit === order.price ? {} : { price: price(limit) }),
    ...(stop === null || stop === order.stop_price ? {} : { stop_price: price(stop) }),
    ...(quantity === null || quantity === order.quantity ? {} : { quantity: size(quantity) }),
  };
}

/** Makes the lines of open orders: each can be edited in place, and says what is on its way. */
export function useOrderRow(): (order: OrderDto) => OrderRow {
  const desk = useDesk();
  const t = tableTexts.orderRow;
  return (order) => {
    const [editing, setEditing] = createSignal<AmendTexts | undefined>();
    const problem = () => {
      const typed = editing();
      return typed !== undefined && changeOf(order, typed) === null ? t.invalid : undefined;
    };
    return {
      order,
      command: () => desk.commands.of(order.order_id),
      reach: () =>
        exitReach(
          order,
          desk.own.account.positions?.find(({ id }) => id === order.position_id),
        ),
      editing,
      edit: () => setEditing(textsOf(order)),
      type: (field, text) => setEditing((typed) => typed && { ...typed, [field]: text }),
      discard: () => setEditing(undefined),
      problem,
      save: async () => {
        const typed = editing();
        const change = typed === undefined ? null : changeOf(order, typed);
        if (change === null) return;
        setEditing(undefined);
        if (Object.keys(change).length === 0) return;
        const kept = await desk.commands.run({
          subject: order.order_id,
          failed: t.amendFailed,
          send: (key) => desk.client.orders.amend(order.order_id, change, key),
        });
        // What was typed is not lost with a refusal.
        if (kept === undefined) setEditing(typed);
      },
      cancel: async () => {
        await desk.commands.run({
          subject: order.order_id,
          failed: recordTexts.orders.cancelFailed,
          send: (key) => desk.client.orders.cancel(order.order_id, key),
        });
      },
    };
  };
}
