import type { AccountState, PositionState } from './perps/types.ts';

/** A wallet's account on chain with its open positions, by market symbol. */
export interface AccountView {
  readonly owner: string;
  /** Null until the trading account exists on chain. */
  readonly account: AccountState | null;
  readonly positions: readonly {
    readonly symbol: string;
    readonly positionId: string;
    readonly openedAtMs: number;
    readonly position: PositionState;
  }[];
  /** Realised profit and loss since the account opened, quote 1e-6. */
  readonly realizedPnl: bigint;
}

export interface RiskAlert {
  readonly id: string;
  readonly kind: 'margin_warning' | 'liquidated' | 'closed_at_cap' | 'closed_by_request' | 'exit_failed';
  readonly symbol: string;
  readonly positionId: string;
  readonly message: string;
  readonly signature: string | null;
  readonly createdAtMs: number;
}
