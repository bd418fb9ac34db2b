/** One row of each user in every table that belongs to users; `$1` is the user's id. */
export const OWN_ROWS: Readonly<Record<string, string>> = {
  trading_positions: `INSERT INTO trading_positions (id, user_id, market_symbol, side, size, entry_price, current_price, margin_used, leverage)
    VALUES ($1, $1, 'SOL-PERP', 'long', 1, 100, 100, 5, 20)`,
  trading_orders: `INSERT INTO trading_orders (user_id, order_type, side, market_symbol, quantity) VALUES ($1, 'market', 'buy', 'SOL-PERP', 1)`,
  portfolio_snapshots: `INSERT INTO portfolio_snapshots (user_id, total_balance, available_balance, margin_used, snapshot_time)
    VALUES ($1, 10, 5, 5, now())`,
  ai_analysis: `INSERT INTO ai_analysis (user_id, analysis_type, market_symbol, confidence_score, expires_at)
    VALUES ($1, 'trading_signal', 'SOL-PERP', 0.5, now())`,
  ai_usage: `INSERT INTO ai_usage VALUES (uuid_generate_v4(), $1, now(), 'chat', 'openai', 'm', 1, 1, 1, now(), now())`,
  position_history: `INSERT INTO position_history (position_id, action) VALUES ($1, 'opened')`,
  fills: `INSERT INTO fills VALUES (uuid_generate_v4(), $1, $1, NULL, 'SOL-PERP', 'buy', 1, 100, 1, 0, 0, 0, 0, 1, 1, 'sig', '{}', now())`,
  liquidations: `INSERT INTO liquidations VALUES (uuid_generate_v4(), $1, $1, 'SOL-PERP', 'long', 1, 100, true, 0, 0, 0, 1, 0, 0, 0, NULL, 1, 2, 'sig', '{}', now())`,
  transfers: `INSERT INTO transfers VALUES (uuid_generate_v4(), $1, 'deposit', 10, 10, 3, 'sig', now(), 'done', 10)`,
  funding_payments: `INSERT INTO funding_payments VALUES (uuid_generate_v4(), $1, $1, 'SOL-PERP', 1, 0, 4, 'sig', now(), 4)`,
  risk_alerts: `INSERT INTO risk_alerts VALUES (uuid_generate_v4(), $1, 'margin_warning', 'SOL-PERP', $1, 'close to liquidation', NULL, now())`,
  ai_conversations: `INSERT INTO ai_conversations VALUES ($1, $1, 'what now?', now(), now())`,
  ai_messages: `INSERT INTO ai_messages (id, conversation_id, user_id, position, role, content, created_at)
    VALUES (uuid_generate_v4(), $1, $1, 0, 'user', 'what now?', now())`,
};
