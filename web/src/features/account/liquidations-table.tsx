import { formatDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { marketOf } from '#shared/markets.ts';
import type { LiquidationDto } from '#shared/protocol/fills.ts';
import type { JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { liquidationHistory, useHistory } from '../../data/history-queries.ts';
import { formatDateTime, formatPrice, formatQuote, formatSize } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';
import { tableTexts } from '../../i18n/tables.ts';
import { Signed } from '../../ui/signed.tsx';
import { showLiquidation } from '../receipt/shown-liquidation.ts';
import type { Column } from './data-table.tsx';
import { HistoryTable } from './history-table.tsx';
import { SideTag } from './side-tag.tsx';
import { tableMarket } from './table-tools.tsx';

const t = recordTexts.liquidations;
const usdc = (value: bigint) => formatDecimal(value, QUOTE_DECIMALS);

const columns: readonly Column<LiquidationDto>[] = [
  {
    id: 'market',
    label: recordTexts.positions.market,
    cell: (row) => (
      <>
        <span class="mr-2 font-semibold">{row.symbol}</span>
        <SideTag side={row.side} />
        <span class="ml-2 text-ink-3">{row.full ? t.full : t.part}</span>
      </>
    ),
    csv: [
      { name: 'time', value: (row) => row.created_at },
      { name: 'symbol', value: (row) => row.symbol },
      { name: 'side', value: (row) => row.side },
      { name: 'full', value: (row) => String(row.full) },
    ],
  },
  {
    id: 'time',
    label: recordTexts.fills.time,
    cellClass: 'text-ink-2',
    cell: (row) => formatDateTime(new Date(row.created_at)),
  },
  {
    id: 'price',
    label: recordTexts.fills.price,
    cell: (row) => formatPrice(row.price, marketOf(row.symbol).priceDecimals),
    csv: [{ name: 'price', value: (row) => formatDecimal(row.price, PRICE_DECIMALS) }],
  },
  {
    id: 'size',
    label: recordTexts.fills.size,
    cell: (row) => formatSize(row.quantity, marketOf(row.symbol).sizeDecimals),
    csv: [{ name: 'quantity', value: (row) => formatDecimal(row.quantity, SIZE_DECIMALS) }],
  },
  {
    id: 'pnl',
    label: t.lost,
    cell: (row) => <Signed value={row.realized_pnl} text={formatQuote(row.realized_pnl, { plus: true })} arrow />,
    csv: [
      { name: 'realized_pnl', value: (row) => usdc(row.realized_pnl) },
      { name: 'funding', value: (row) => usdc(row.funding) },
      { name: 'borrow', value: (row) => usdc(row.borrow) },
    ],
  },
  {
    id: 'fee',
    label: t.fee,
    cell: (row) => formatQuote(row.liquidation_fee, { rounding: 'ceil' }),
    csv: [{ name: 'liquidation_fee', value: (row) => usdc(row.liquidation_fee) }],
  },
  {
    id: 'returned',
    label: t.returned,
    cell: (row) => formatQuote(row.margin_released, { rounding: 'floor' }),
    csv: [{ name: 'margin_released', value: (row) => usdc(row.margin_released) }],
  },
  {
    id: 'covered',
    label: t.covered,
    hint: t.coveredHint,
    cell: (row) => formatQuote(row.bad_debt, { plus: true }),
    csv: [
      { name: 'bad_debt', value: (row) => usdc(row.bad_debt) },
      { name: 'position_id', value: (row) => row.position_id },
      { name: 'transaction_hash', value: (row) => row.transaction_hash },
      { name: 'id', value: (row) => row.id },
    ],
  },
  { id: 'receipt', label: t.receipt, isUnnamed: true, cell: (row) => <ReceiptButton row={row} /> },
];

function ReceiptButton(props: { readonly row: LiquidationDto }): JSX.Element {
  const desk = useDesk();
  return (
    <button
      type="button"
      class="button button-small"
      aria-label={tableTexts.verify.verifyLabel(`${texts.common[props.row.side]} ${props.row.symbol}`)}
      onClick={() => {
        showLiquidation(props.row);
        desk.showReceipt(props.row.transaction_hash);
      }}
      data-testid="verify-liquidation"
    >
      {tableTexts.verify.verify}
    </button>
  );
}

/** Past liquidations of this trader; each opens its receipt, computed again. */
export function LiquidationsTable(): JSX.Element {
  const history = useHistory(liquidationHistory, tableMarket);
  return (
    <HistoryTable
      name={texts.tabs.liquidations}
      file="liquidations"
      history={history}
      columns={columns}
      empty={{ title: t.empty, text: t.emptyText }}
      rowTestId="liquidation"
      rowData={({ symbol }) => ({ symbol })}
    />
  );
}
