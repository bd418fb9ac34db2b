// The tables of the seed document
export * from './users.ts';
export * from './trading-positions.ts';
export * from './trading-orders.ts';
export * from './market-data.ts';
export * from './portfolio-snapshots.ts';
export * from './ai-analysis.ts';
export * from './position-history.ts';
// What the exchange adds
export * from './fills.ts';
export * from './liquidations.ts';
export * from './transfers.ts';
export * from './funding-payments.ts';
export * from './risk-alerts.ts';
export * from './dead-letters.ts';
export * from './risk-events.ts';
export * from './admin-actions.ts';
export * from './pool-snapshots.ts';
export * from './ai-conversations.ts';
export * from './ai-usage.ts';
export * from './projection.ts';
export * from './roles.ts';
