import { quote, type Quote } from '#shared/money/units.ts';
import type { BalanceDto } from '#shared/protocol/portfolio.ts';

import { totalPnl, type PositionView } from './position-view.ts';

export interface BalanceView {
  /** Collateral, margin and live profit together. */
  readonly equity: Quote;
  readonly free: Quote;
  readonly marginInUse: Quote;
  readonly unrealized: Quote;
  readonly realized: Quote;
  /** Σ notional over equity in hundredths; null without equity. */
  readonly leverageE2: bigint | null;
}

const hundredths = 100n;

/** The account at the live prices; where a market has none, at what the exchange told last. */
export function viewBalance(balance: BalanceDto, positions: readonly PositionView[]): BalanceView {
  const unrealized = totalPnl(positions) ?? balance.unrealized_pnl;
  const equity = quote(balance.available_balance + balance.margin_used + unrealized);
  const exposure = positions.reduce((sum, view) => sum + (view.notional ?? 0n), 0n);
  return {
    equity,
    free: balance.available_balance,
    marginInUse: balance.margin_used,
    unrealized,
    realized: balance.realized_pnl,
    leverageE2: equity > 0n ? (exposure * hundredths) / equity : null,
  };
}
