import { formatDecimal } from '#shared/money/decimal.ts';
import { QUOTE_DECIMALS } from '#shared/money/units.ts';
import type { FundingPaymentDto } from '#shared/protocol/fills.ts';
import type { JSX } from 'solid-js';

import { fundingHistory, useHistory } from '../../data/history-queries.ts';
import { formatDateTime, formatQuote } from '../../domain/format.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Signed } from '../../ui/signed.tsx';
import type { Column } from './data-table.tsx';
import { HistoryTable } from './history-table.tsx';
import { tableMarket } from './table-tools.tsx';
import { TransactionKey } from './transaction-key.tsx';

/** Digits of a payment: cents would show nothing. */
const places = 4;
const t = tableTexts.fundingTable;

/** What a payment did to the trader's equity: received is a plus. */
const Received = (props: { readonly value: bigint }): JSX.Element => (
  <Signed value={props.value} text={formatQuote(props.value, { places, plus: true, rounding: 'floor' })} />
);
const usdc = (value: bigint) => formatDecimal(value, QUOTE_DECIMALS);

const columns: readonly Column<FundingPaymentDto>[] = [
  {
    id: 'market',
    label: recordTexts.positions.market,
    cell: (payment) => <span class="font-semibold">{payment.symbol}</span>,
    csv: [
      { name: 'time', value: (payment) => payment.created_at },
      { name: 'symbol', value: (payment) => payment.symbol },
    ],
  },
  {
    id: 'time',
    label: recordTexts.fills.time,
    cellClass: 'text-ink-2',
    cell: (payment) => formatDateTime(new Date(payment.created_at)),
  },
  {
    id: 'funding',
    label: recordTexts.fills.funding,
    cell: (payment) => <Received value={-payment.funding} />,
    csv: [{ name: 'funding_paid', value: (payment) => usdc(payment.funding) }],
  },
  {
    id: 'borrow',
    label: recordTexts.fills.borrow,
    cell: (payment) => <Received value={-payment.borrow} />,
    csv: [{ name: 'borrow_paid', value: (payment) => usdc(payment.borrow) }],
  },
  {
    id: 'total',
    label: t.total,
    cell: (payment) => <Received value={-payment.funding - payment.borrow} />,
    csv: [{ name: 'net', value: (payment) => usdc(-payment.funding - payment.borrow) }],
  },
  {
    id: 'transaction',
    label: recordTexts.fills.transaction,
    cellClass: 'text-ink-2',
    cell: (payment) => <TransactionKey signature={payment.transaction_hash} />,
    csv: [
      { name: 'position_id', value: (payment) => payment.position_id },
      { name: 'transaction_hash', value: (payment) => payment.transaction_hash },
      { name: 'id', value: (payment) => payment.id },
    ],
  },
];

/** Funding and borrow as they were settled, newest first. */
export function FundingTable(): JSX.Element {
  const history = useHistory(fundingHistory, tableMarket);
  return (
    <HistoryTable
      name={t.title}
      file="funding"
      history={history}
      columns={columns}
      empty={{ title: t.empty, text: t.emptyText }}
      rowTestId="funding-payment"
      rowData={({ symbol }) => ({ symbol })}
    />
  );
}
