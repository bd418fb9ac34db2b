import { formatDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import type { StatementLine } from '#db/repositories/statement.ts';

/** Columns of the export. Amounts are USDC with every digit; `net` is what the line changed in the equity. */
export const STATEMENT_COLUMNS = [
  ...(['time', 'type', 'status', 'symbol', 'side', 'quantity', 'price', 'net', 'fee', 'impact'] as const),
  ...(['realized_pnl', 'funding', 'borrow', 'bad_debt', 'position_id', 'order_id', 'transaction_hash', 'id'] as const),
] as const;

type Cells = Partial<Record<(typeof STATEMENT_COLUMNS)[number], string | null>>;

const usdc = (amount: bigint): string => formatDecimal(amount, QUOTE_DECIMALS);
const atPrice = (value: bigint): string => formatDecimal(value, PRICE_DECIMALS);
const units = (value: bigint): string => formatDecimal(value, SIZE_DECIMALS);

/** A line's cells in the order of the columns. */
export function statementCells(line: StatementLine): readonly (string | null)[] {
  const { id, transactionHash, createdAt } = line.row;
  const cells: Cells = {
    ...{ time: timestampOf(createdAt.getTime()), id, transaction_hash: transactionHash },
    ...cellsOf(line),
  };
  return STATEMENT_COLUMNS.map((column) => cells[column] ?? null);
}

function cellsOf(line: StatementLine): Cells {
  switch (line.kind) {
    case 'fill': {
      const { fee, impact, realizedPnl, funding, borrow, ...row } = line.row;
      return {
        ...{ type: 'fill', symbol: row.marketSymbol, side: row.side },
        ...{ quantity: units(row.quantity), price: atPrice(row.price), order_id: row.orderId },
        ...{ fee: usdc(fee), impact: usdc(impact), realized_pnl: usdc(realizedPnl), position_id: row.positionId },
        ...{ funding: usdc(funding), borrow: usdc(borrow), net: usdc(realizedPnl - funding - borrow - fee - impact) },
      };
    }
    case 'liquidation': {
      const { liquidationFee, badDebt, realizedPnl, funding, borrow, ...row } = line.row;
      return {
        ...{ type: 'liquidation', symbol: row.marketSymbol, side: row.side, position_id: row.positionId },
        ...{ quantity: units(row.quantity), price: atPrice(row.price), fee: usdc(liquidationFee) },
        ...{ realized_pnl: usdc(realizedPnl), funding: usdc(funding), borrow: usdc(borrow), bad_debt: usdc(badDebt) },
        net: usdc(realizedPnl - funding - borrow - liquidationFee + badDebt),
      };
    }
    case 'funding': {
      const { funding, borrow, marketSymbol, positionId } = line.row;
      return {
        ...{ type: 'funding', symbol: marketSymbol, position_id: positionId },
        ...{ funding: usdc(funding), borrow: usdc(borrow), net: usdc(-funding - borrow) },
      };
    }
    case 'transfer': {
      const { kind, status, amount, paid } = line.row;
      // A withdrawal leaves the collateral when it is asked for; what was not paid of one that ended otherwise came back.
      const moved = status === 'queued' ? amount : paid;
      return { type: kind, status, net: usdc(kind === 'withdrawal' ? -moved : moved) };
    }
  }
}
