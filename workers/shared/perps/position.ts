/** The life of a position: pure transitions over the states of market, position, account and insurance. */
import type { InsuranceState } from './ledger.ts';
import { type OpenRequest, type Opened, type TradeState, open } from './position-open.ts';
import { type Reduced, reduce } from './position-reduce.ts';
import type { OraclePrice } from './types.ts';

export * from './position-liquidate.ts';
export * from './position-margin.ts';
export * from './position-open.ts';
export * from './position-payout.ts';
export * from './position-reduce.ts';
export * from './position-settle.ts';

export interface Flipped extends TradeState {
  readonly insurance: InsuranceState | null;
  readonly closed: Reduced;
  readonly opened: Opened;
}

/**
 * Closes a position in full and opens the other side with the rest: one price, two fees, two impacts (the second with the skew after the
 * close), each bounded by the worst price. Refused as a whole where either part is. `request.size` is the size to open.
 */
export function flip(
  state: TradeState,
  oracle: OraclePrice,
  request: OpenRequest,
  insurance: InsuranceState | null = null,
): Flipped {
  const { worstPrice } = request;
  const closed = reduce(state, oracle, { size: state.position.size, worstPrice }, insurance);
  const opened = open(closed, oracle, request);
  // One instruction is one command, though it closes and opens.
  const position = { ...opened.position, seq: closed.position.seq };
  return { market: opened.market, position, account: opened.account, insurance: closed.insurance, closed, opened };
}
