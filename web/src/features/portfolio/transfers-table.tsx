import type { TransferDto } from '#shared/protocol/portfolio.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import { formatDateTime, formatQuote } from '../../domain/format.ts';
import { texts } from '../../i18n/pages.ts';
import { Notice, PanelState, SkeletonRows } from '../../ui/panel-state.tsx';
import { TransactionKey } from '../account/transaction-key.tsx';
import { listStatus, usePortfolio } from './use-record.ts';

const t = texts.portfolio.transfers;
const columns = [t.time, t.kind, t.amount, t.paid, t.status, t.transaction] as const;
const tones = { done: undefined, queued: 'warn', returned: 'accent', cancelled: undefined } as const;

/** Money in and out of the collateral, newest first. */
export function TransfersTable(): JSX.Element {
  const { queries, address, enabled } = usePortfolio();
  const transfers = useQuery(() => ({ ...queries.transfers(address()), enabled: enabled() }));
  return (
    <PanelState
      status={listStatus(transfers, transfers.data?.items)}
      skeleton={<SkeletonRows rows={3} />}
      empty={<Notice title={t.empty} text={t.emptyText} />}
      errorText={errorText(transfers.error)}
      onRetry={() => void transfers.refetch()}
    >
      <table class="grid-table">
        <thead>
          <tr>
            <For each={columns}>{(label) => <th scope="col">{label}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={transfers.data?.items}>{(row) => <Row row={row} />}</For>
        </tbody>
      </table>
    </PanelState>
  );
}

function Row(props: { readonly row: TransferDto }): JSX.Element {
  const out = () => props.row.kind === 'withdrawal';
  return (
    <tr data-testid="transfer" data-status={props.row.status}>
      <th scope="row" class="text-ink-2">
        {formatDateTime(new Date(props.row.created_at))}
      </th>
      <td data-label={t.kind}>{t.kinds[props.row.kind]}</td>
      <td data-label={t.amount}>{formatQuote(out() ? -props.row.amount : props.row.amount, { plus: true })}</td>
      <td data-label={t.paid}>{formatQuote(props.row.paid, { rounding: 'floor' })}</td>
      <td data-label={t.status}>
        <span class="tag" data-tone={tones[props.row.status]}>
          {t.statuses[props.row.status]}
        </span>
      </td>
      <td data-label={t.transaction} class="wide-cell">
        <TransactionKey signature={props.row.transaction_hash} />
      </td>
    </tr>
  );
}
