import type { CatalogKind } from './catalog.ts';

/** Tables the exchange adds to the seed document's. */
export const ADDED_TABLES = [
  'dead_letters',
  'fills',
  'funding_payments',
  'liquidations',
  'projected_events',
  'projection_streams',
  'risk_alerts',
  'transfers',
] as const;

/** What the exchange adds to the tables of the seed document, and its functions. */
export const ADDITIONS: Readonly<Record<CatalogKind, readonly string[]>> = {
  extensions: [],
  rowSecurity: [],
  triggers: [],
  columns: [
    'position_history.position_seq',
    'trading_orders.attempts',
    'trading_orders.client_order_id',
    'trading_orders.eligible_from',
    'trading_orders.error_code',
    'trading_orders.expires_at',
    'trading_orders.fee',
    'trading_orders.leverage',
    'trading_orders.max_slippage_bps',
    'trading_orders.reduce_only',
    'trading_orders.stage',
    'trading_orders.time_in_force',
    'trading_orders.updated_at',
    'trading_orders.version',
    'trading_positions.opened_seq',
    'trading_positions.position_seq',
  ],
  constraints: [
    'portfolio_snapshots portfolio_snapshots_user_id_snapshot_time_key',
    'position_history position_history_position_id_position_seq_key',
    'trading_orders trading_orders_fee_check',
    'trading_orders trading_orders_leverage_check',
    'trading_orders trading_orders_max_slippage_bps_check',
    'trading_orders trading_orders_stage_check',
    'trading_orders trading_orders_time_in_force_check',
  ],
  indexes: [
    'market_data market_data_symbol_bucket_key',
    'portfolio_snapshots portfolio_snapshots_user_id_snapshot_time_key',
    'position_history position_history_position_id_position_seq_key',
    'trading_orders idx_orders_unfinished',
    'trading_orders idx_orders_user_id_client_order_id',
    'trading_orders idx_orders_user_id_created_at',
    'trading_positions idx_positions_user_id_created_at',
  ],
  policies: [
    'portfolio_snapshots "Projector writes portfolio snapshots"',
    'position_history "Projector writes position history"',
    'trading_orders "Projector can link orders to positions"',
    'trading_orders "Projector can view orders"',
    'trading_positions "Projector writes positions"',
    'users "Projector can insert users"',
    'users "Projector can view users"',
    'users "Writer can insert the signed-in user"',
  ],
  functions: ['advance_projection_streams(jsonb)', 'prune_market_data(timestamp with time zone,integer)'],
};
