import { neon } from '@neondatabase/serverless';
import { createDatabase } from '#db/client.ts';
import type { Neon } from '../../../local/neon/start.ts';

/** A row as text: amounts keep every digit. */
type Row = Readonly<Record<string, string | null>>;

/** The database, read by SQL of the test's own. */
export class Projection {
  readonly #query: (text: string, values: readonly unknown[]) => Promise<Row[]>;

  constructor({ databaseUrl, httpEndpoint }: Neon) {
    // Points the driver at the local server.
    createDatabase({ databaseUrl, httpEndpoint });
    const sql = neon(databaseUrl, { fullResults: false });
    this.#query = async (text, values) => (await sql.query(text, [...values])) as Row[];
  }

  async order(orderId: string): Promise<Row | null> {
    const query = `SELECT status, filled_quantity::text, transaction_hash, stage, version::text
      FROM trading_orders WHERE id = $1`;
    return (await this.#query(query, [orderId]))[0] ?? null;
  }

  /** Fills of a wallet, oldest first. */
  fills(wallet: string): Promise<Row[]> {
    return this.#query(
      `SELECT f.order_id::text, f.quantity::text, f.transaction_hash, f.account_seq::text FROM fills f
       JOIN users u ON u.id = f.user_id WHERE u.wallet_address = $1 ORDER BY f.account_seq`,
      [wallet],
    );
  }

  /** Size of the wallet's open position, as text; null for none. */
  async positionSize(wallet: string, symbol: string): Promise<string | null> {
    const query = `SELECT p.size::text FROM trading_positions p JOIN users u ON u.id = p.user_id
      WHERE u.wallet_address = $1 AND p.market_symbol = $2 AND p.is_active`;
    return (await this.#query(query, [wallet, symbol]))[0]?.size ?? null;
  }

  /** Deposits and withdrawals of a wallet, oldest first. */
  transfers(wallet: string): Promise<Row[]> {
    return this.#query(
      `SELECT t.kind, t.amount::text, t.transaction_hash FROM transfers t
       JOIN users u ON u.id = t.user_id WHERE u.wallet_address = $1 ORDER BY t.account_seq`,
      [wallet],
    );
  }

  liquidations(wallet: string): Promise<Row[]> {
    return this.#query(
      `SELECT l.quantity::text, l.transaction_hash, l.account_seq::text FROM liquidations l
       JOIN users u ON u.id = l.user_id WHERE u.wallet_address = $1 ORDER BY l.account_seq`,
      [wallet],
    );
  }

  alerts(wallet: string): Promise<Row[]> {
    return this.#query(
      `SELECT a.kind, a.transaction_hash FROM risk_alerts a
       JOIN users u ON u.id = a.user_id WHERE u.wallet_address = $1`,
      [wallet],
    );
  }
}
