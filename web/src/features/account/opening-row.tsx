import { marketOf } from '#shared/markets.ts';
import type { OrderDto } from '#shared/protocol/orders.ts';
import type { JSX } from 'solid-js';

import { formatLeverage, formatSize } from '../../domain/format.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Pair } from './data-table.tsx';
import { SideTag } from './side-tag.tsx';
import { createLate } from './work-tag.tsx';

/** A position that an order on its way will open: it becomes one, or goes when the order ends otherwise. */
export function OpeningRow(props: { readonly order: OrderDto; readonly columns: number }): JSX.Element {
  const t = tableTexts.work;
  const isLate = createLate(() => props.order.created_at);
  const market = () => marketOf(props.order.symbol);
  const side = () => (props.order.side === 'buy' ? 'long' : 'short');
  return (
    <tr data-testid="opening" data-symbol={props.order.symbol} class="pending-row">
      <th scope="row">
        <Pair
          over={<span class="font-semibold">{props.order.symbol}</span>}
          under={
            <>
              <SideTag side={side()} />
              <span class="ml-2 text-ink-3">{formatLeverage(BigInt(props.order.leverage))}</span>
            </>
          }
        />
      </th>
      <td colSpan={props.columns - 1}>
        <span class="tag" data-tone={isLate() ? 'warn' : 'accent'} title={isLate() ? t.late : undefined}>
          {t.withStage(
            t.opening(`${formatSize(props.order.quantity, market().sizeDecimals)} ${market().base}`, side()),
            t.stages[props.order.stage],
          )}
        </span>
      </td>
    </tr>
  );
}
