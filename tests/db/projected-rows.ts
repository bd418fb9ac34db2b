import type { Database } from '#db/client.ts';
import { Trader, price8, quote6, size8 } from './position-events.ts';

let traders = 0;
/** A trader nobody else in a test file is. */
export const aTrader = (symbol?: string): Trader => new Trader(`Trader${(traders += 1)}`.padEnd(44, 'x'), symbol);

/** Opens 10 SOL at 150 with 75 margin (20×), increases, adds margin, reduces, is liquidated in part and then closed by liquidation. */
export const aLife = (trader: Trader): Trader =>
  trader
    .openAccount()
    .deposit(quote6(500))
    .createPosition()
    .increase('long', size8(10), price8(150), quote6(75))
    .increase('long', size8(5), price8(153), quote6(38.25))
    .addMargin(quote6(11.75))
    .reduce(size8(5), price8(155), { funding: -quote6(0.5), borrow: quote6(0.25) })
    .liquidate(size8(4), price8(144))
    .liquidate(size8(6), price8(143), { liquidator: trader.owner });

const ROW_QUERIES = [
  `SELECT id, user_id, market_symbol, side, size, entry_price, current_price, unrealized_pnl, margin_used, leverage, created_at, closed_at,
    is_active, position_seq, opened_seq FROM trading_positions ORDER BY id`,
  'SELECT * FROM position_history ORDER BY id',
  'SELECT * FROM fills ORDER BY id',
  'SELECT * FROM liquidations ORDER BY id',
  'SELECT * FROM funding_payments ORDER BY id',
  'SELECT * FROM transfers ORDER BY id',
  'SELECT * FROM projected_events ORDER BY signature, index_in_transaction',
  'SELECT stream, next_seq FROM projection_streams ORDER BY stream',
];

/** Every projected row, but for when it was written. */
export async function projectedRows(database: Database): Promise<readonly unknown[]> {
  const tables: unknown[] = [];
  for (const query of ROW_QUERIES) {
    const [result] = await database.transaction({ role: 'projector' }, (orm) => [orm.execute(query)]);
    tables.push(result.rows);
  }
  return tables;
}

/** What `projectedRows` answers before anything was applied. */
export const noRows: readonly unknown[] = ROW_QUERIES.map(() => []);
