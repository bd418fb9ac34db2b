import { marketOf } from '#shared/markets.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { formatDateTime, formatPrice, formatQuote, formatSize } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { Notice, PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { Signed } from '../../ui/signed.tsx';
import { AccountGate } from './account-gate.tsx';
import { SideTag } from './side-tag.tsx';

/** Past liquidations of this trader; each opens its receipt. */
export function LiquidationsTable(): JSX.Element {
  const desk = useDesk();
  const t = texts.liquidations;
  const address = () => desk.session.address();
  const list = useQuery(() => ({ ...desk.queries.liquidations(address() ?? ''), enabled: address() !== undefined }));
  const status = (): PanelStatus => {
    if (list.data !== undefined) return list.data.items.length === 0 ? 'empty' : 'data';
    return list.isError ? 'error' : 'loading';
  };
  return (
    <AccountGate>
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={3} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
        errorText={errorText(list.error)}
        onRetry={() => void list.refetch()}
      >
        <table class="grid-table">
          <thead>
            <tr>
              <For
                each={[
                  texts.positions.market,
                  texts.fills.time,
                  texts.fills.price,
                  texts.fills.size,
                  t.lost,
                  t.fee,
                  t.returned,
                ]}
              >
                {(label) => <th scope="col">{label}</th>}
              </For>
              <th scope="col">
                <span class="visually-hidden">{t.receipt}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            <For each={list.data?.items}>
              {(row) => (
                <tr>
                  <td data-label={texts.positions.market}>
                    <span class="mr-2 font-semibold">{row.symbol}</span>
                    <SideTag side={row.side} />
                    <span class="ml-2 text-ink-3">{row.full ? t.full : t.part}</span>
                  </td>
                  <td data-label={texts.fills.time} class="text-ink-2">
                    {formatDateTime(new Date(row.created_at))}
                  </td>
                  <td data-label={texts.fills.price}>{formatPrice(row.price, marketOf(row.symbol).priceDecimals)}</td>
                  <td data-label={texts.fills.size}>{formatSize(row.quantity, marketOf(row.symbol).sizeDecimals)}</td>
                  <td data-label={t.lost}>
                    <Signed value={row.realized_pnl} text={formatQuote(row.realized_pnl, { plus: true })} arrow />
                  </td>
                  <td data-label={t.fee}>{formatQuote(row.liquidation_fee)}</td>
                  <td data-label={t.returned}>{formatQuote(row.margin_released)}</td>
                  <td>
                    <button
                      type="button"
                      class="button button-small"
                      onClick={() => desk.showReceipt(row.transaction_hash)}
                    >
                      {t.receipt}
                    </button>
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </PanelState>
    </AccountGate>
  );
}
