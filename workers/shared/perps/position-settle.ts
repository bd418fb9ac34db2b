/** Settling funding and borrow of an open position (docs/mathematics.md, "The life of a position"): anyone may; equity and `seq` do not change. */
import { divFloor, max, min } from '../money/divide.ts';
import { FINE_VALUE_PER_QUOTE, type Quote, fineValue, quote } from '../money/units.ts';
import { borrowOwed, fundingOwed } from './equity.ts';
import { requireThat } from './errors.ts';
import { creditPool, replaceInTotals } from './ledger.ts';
import { reserved } from './reserve.ts';
import { sideSign } from './side.ts';
import type { MarketState, PositionState } from './types.ts';

export interface Settled {
  readonly market: MarketState;
  readonly position: PositionState;
  /** Paid by the position; negative was received. */
  readonly funding: Quote;
  readonly borrow: Quote;
}

/** Whole quote units of an exact amount; what is below stays in the stored sums. */
const wholeQuote = (exact: bigint): bigint => divFloor(max(0n, exact), FINE_VALUE_PER_QUOTE);

/**
 * Realises a receipt of funding, then borrow, then funding owed, in whole quote units and at most the margin; a receipt at most what the
 * backing has above the reserves. Errors: PositionFlat, NothingToSettle (less than `minSettleQuote`, unless a margin was emptied).
 */
export function settle(market: MarketState, position: PositionState): Settled {
  requireThat(position.size > 0n, 'PositionFlat');
  const owed = fundingOwed(position, market.fundingIndex);
  const receipt = min(wholeQuote(-owed), max(0n, market.backing - reserved(market)));
  const borrow = min(wholeQuote(borrowOwed(position, market.borrowIndex)), position.margin + receipt);
  const paid = min(wholeQuote(owed), position.margin + receipt - borrow);
  const margin = position.margin + receipt - borrow - paid;
  const emptied = position.margin > 0n && margin === 0n;
  requireThat(emptied || receipt + borrow + paid >= market.config.minSettleQuote, 'NothingToSettle');
  const funding = paid - receipt;
  const after: PositionState = {
    ...position,
    margin: quote(margin),
    fundingSum: fineValue(position.fundingSum + sideSign(position.side) * funding * FINE_VALUE_PER_QUOTE),
    borrowSum: fineValue(position.borrowSum + borrow * FINE_VALUE_PER_QUOTE),
  };
  const debited = { ...market, backing: quote(market.backing - receipt) };
  return {
    market: replaceInTotals(creditPool(debited, borrow + paid), position.side, position, after),
    position: after,
    funding: quote(funding),
    borrow: quote(borrow),
  };
}
