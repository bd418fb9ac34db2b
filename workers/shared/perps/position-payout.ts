/** Paying later what a liquidation could not pay at once (docs/mathematics.md, "The life of a position"). */
import { max, min } from '../money/divide.ts';
import { type Quote, quote } from '../money/units.ts';
import { u64 } from './checked.ts';
import { requireThat } from './errors.ts';
import type { InsuranceState } from './ledger.ts';
import type { TradeState } from './position-open.ts';
import { reserved } from './reserve.ts';

export interface OwedPaid extends TradeState {
  readonly insurance: InsuranceState | null;
  /** Credited to the trader's collateral. */
  readonly paid: Quote;
}

/**
 * Pays what is owed to a trader as far as there is money for it: first from what the backing has above the reserves, which are other traders'
 * possible profits, then by a loan of insurance, where it is given. The position itself and its `seq` do not change.
 * Errors: NothingOwed; PoolShort where nothing can be paid.
 */
export function payOwed(state: TradeState, insurance: InsuranceState | null = null): OwedPaid {
  const { market, position, account } = state;
  requireThat(position.payoutOwed > 0n, 'NothingOwed');
  const fromPool = min(position.payoutOwed, max(0n, market.backing - reserved(market)));
  const lent = insurance === null ? 0n : min(position.payoutOwed - fromPool, insurance.balance);
  const paid = fromPool + lent;
  requireThat(paid > 0n, 'PoolShort');
  return {
    market: {
      ...market,
      backing: quote(market.backing - fromPool),
      insuranceDebt: quote(u64(market.insuranceDebt + lent)),
      payoutsOwed: quote(u64(market.payoutsOwed - paid)),
    },
    position: { ...position, payoutOwed: quote(position.payoutOwed - paid) },
    account: { ...account, collateral: quote(u64(account.collateral + paid)) },
    insurance: insurance === null ? null : { ...insurance, balance: quote(insurance.balance - lent) },
    paid: quote(paid),
  };
}
