/** Adding and removing margin (docs/mathematics.md, 10). */
import { type Quote, quote } from '../money/units.ts';
import { u64 } from './checked.ts';
import { requireThat } from './errors.ts';
import { replaceInTotals } from './ledger.ts';
import { type TradeState, meetsInitialMargin } from './position-open.ts';
import type { OraclePrice } from './types.ts';

/** Moves `change` from collateral to margin; negative moves it back. */
function moveMargin({ market, position, account }: TradeState, change: bigint): TradeState {
  const after = { ...position, margin: quote(u64(position.margin + change)), seq: position.seq + 1n };
  return {
    market: replaceInTotals(market, position.side, position, after),
    position: after,
    account: { ...account, collateral: quote(u64(account.collateral - change)) },
  };
}

/** Moves collateral into the margin, in every market state and at any price. Errors: PositionFlat, ZeroAmount, InsufficientCollateral. */
export function addMargin(state: TradeState, amount: Quote): TradeState {
  requireThat(state.position.size > 0n, 'PositionFlat');
  requireThat(amount > 0n, 'ZeroAmount');
  requireThat(amount <= state.account.collateral, 'InsufficientCollateral');
  return moveMargin(state, amount);
}

/**
 * Moves margin back to collateral, as far as the initial margin stays. The market is accrued; market state and EMA distance are tested by
 * the caller (`checkMayRemoveMargin`). Errors: PositionFlat, ZeroAmount, MarginTooLow.
 */
export function removeMargin(state: TradeState, oracle: OraclePrice, amount: Quote): TradeState {
  requireThat(state.position.size > 0n, 'PositionFlat');
  requireThat(amount > 0n, 'ZeroAmount');
  requireThat(amount <= state.position.margin, 'MarginTooLow');
  const after = moveMargin(state, -amount);
  requireThat(meetsInitialMargin(after.market, after.position, oracle.price), 'MarginTooLow');
  return after;
}
