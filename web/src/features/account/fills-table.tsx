import { formatDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { marketOf } from '#shared/markets.ts';
import { notional } from '#shared/perps/notional.ts';
import type { FillDto } from '#shared/protocol/fills.ts';
import type { JSX } from 'solid-js';

import { fillHistory, useHistory } from '../../data/history-queries.ts';
import { formatDateTime, formatPrice, formatQuote, formatSize } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Signed } from '../../ui/signed.tsx';
import type { Column } from './data-table.tsx';
import { openAccountDialog } from './dialogs.ts';
import { ShareIcon } from './icons.tsx';
import { HistoryTable } from './history-table.tsx';
import { SideTag } from './side-tag.tsx';
import { tableMarket } from './table-tools.tsx';
import { TransactionKey } from './transaction-key.tsx';

/** Digits of funding and borrow: cents would show nothing. */
const smallPlaces = 4;
const t = recordTexts.fills;
const small = (received: bigint) => formatQuote(received, { places: smallPlaces, plus: true, rounding: 'floor' });
const usdc = (value: bigint) => formatDecimal(value, QUOTE_DECIMALS);

const columns: readonly Column<FillDto>[] = [
  {
    id: 'market',
    label: recordTexts.positions.market,
    cell: (fill) => (
      <>
        <span class="mr-2 font-semibold">{fill.symbol}</span>
        <SideTag side={fill.side} />
      </>
    ),
    csv: [
      { name: 'time', value: (fill) => fill.created_at },
      { name: 'symbol', value: (fill) => fill.symbol },
      { name: 'side', value: (fill) => fill.side },
      { name: 'reason', value: (fill) => fill.reason },
    ],
  },
  { id: 'time', label: t.time, cellClass: 'text-ink-2', cell: (fill) => formatDateTime(new Date(fill.created_at)) },
  {
    id: 'price',
    label: t.price,
    cell: (fill) => formatPrice(fill.price, marketOf(fill.symbol).priceDecimals),
    csv: [{ name: 'price', value: (fill) => formatDecimal(fill.price, PRICE_DECIMALS) }],
  },
  {
    id: 'size',
    label: t.size,
    cell: (fill) => formatSize(fill.quantity, marketOf(fill.symbol).sizeDecimals),
    csv: [{ name: 'quantity', value: (fill) => formatDecimal(fill.quantity, SIZE_DECIMALS) }],
  },
  {
    id: 'value',
    label: t.value,
    cell: (fill) => formatQuote(notional(fill.quantity, fill.price)),
    csv: [{ name: 'value', value: (fill) => usdc(notional(fill.quantity, fill.price)) }],
  },
  {
    id: 'fee',
    label: t.fee,
    cell: (fill) => formatQuote(fill.fee, { rounding: 'ceil' }),
    csv: [{ name: 'fee', value: (fill) => usdc(fill.fee) }],
  },
  {
    id: 'impact',
    label: t.impact,
    class: 'spare',
    cell: (fill) => formatQuote(fill.impact, { rounding: 'ceil' }),
    csv: [{ name: 'impact', value: (fill) => usdc(fill.impact) }],
  },
  {
    id: 'funding',
    label: t.funding,
    class: 'derived',
    cell: (fill) => <Signed value={-fill.funding} text={small(-fill.funding)} />,
    csv: [{ name: 'funding', value: (fill) => usdc(fill.funding) }],
  },
  {
    id: 'borrow',
    label: t.borrow,
    class: 'derived',
    cell: (fill) => <Signed value={-fill.borrow} text={small(-fill.borrow)} />,
    csv: [{ name: 'borrow', value: (fill) => usdc(fill.borrow) }],
  },
  {
    id: 'pnl',
    label: t.pnl,
    cell: (fill) => <Signed value={fill.realized_pnl} text={formatQuote(fill.realized_pnl, { plus: true })} arrow />,
    csv: [{ name: 'realized_pnl', value: (fill) => usdc(fill.realized_pnl) }],
  },
  {
    id: 'transaction',
    label: t.transaction,
    class: 'derived',
    cellClass: 'text-ink-2',
    cell: (fill) => <TransactionKey signature={fill.transaction_hash} />,
    csv: [
      { name: 'order_id', value: (fill) => fill.order_id },
      { name: 'position_id', value: (fill) => fill.position_id },
      { name: 'transaction_hash', value: (fill) => fill.transaction_hash },
      { name: 'id', value: (fill) => fill.id },
    ],
  },
  {
    id: 'verify',
    label: tableTexts.verify.verify,
    isUnnamed: true,
    cell: (fill) => <FillActions fill={fill} />,
  },
];

/** What is done with an execution: computed again, and shared. */
function FillActions(props: { readonly fill: FillDto }): JSX.Element {
  const name = () => `${texts.common[props.fill.side]} ${props.fill.symbol}`;
  return (
    <span class="row-actions">
      <button
        type="button"
        class="button button-small"
        aria-label={tableTexts.verify.verifyLabel(name())}
        onClick={() => openAccountDialog({ kind: 'verifyFill', fill: props.fill })}
        data-testid="verify-fill"
      >
        {tableTexts.verify.verify}
      </button>
      <button
        type="button"
        class="button button-quiet button-small more-button"
        aria-label={tableTexts.actions.shareFill(name())}
        title={tableTexts.actions.shareFill(name())}
        onClick={() => openAccountDialog({ kind: 'shareFill', fill: props.fill })}
        data-testid="share-fill"
      >
        <ShareIcon />
      </button>
    </span>
  );
}

/** Every execution, newest first; each can be computed again. */
export function FillsTable(): JSX.Element {
  const history = useHistory(fillHistory, tableMarket);
  return (
    <HistoryTable
      name={texts.tabs.fills}
      file="fills"
      history={history}
      columns={columns}
      empty={{ title: t.empty, text: t.emptyText }}
      rowTestId="fill"
      rowData={({ symbol }) => ({ symbol })}
    />
  );
}
