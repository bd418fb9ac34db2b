import { quote, type Quote } from '#shared/money/units.ts';
import type { PositionCostsDto, PositionDto } from '#shared/protocol/positions.ts';

/** One kind of cost: what was realised since the opening, and what is owed on top of it. Negative is received. */
export interface Cost {
  readonly paid: Quote;
  readonly owed: Quote;
  readonly total: Quote;
}

/** What holding and trading a position has cost from its opening until now. */
export interface PositionCostsView {
  readonly funding: Cost;
  readonly borrow: Cost;
  readonly fees: Quote;
  readonly impact: Quote;
  /** All of it. */
  readonly total: Quote;
}

const costOf = (paid: Quote, owed: Quote): Cost => ({ paid, owed, total: quote(paid + owed) });

/** Undefined until what was paid is known, or where it is of another position. */
export function viewCosts(
  position: Pick<PositionDto, 'id' | 'funding_owed' | 'borrow_owed'>,
  costs: PositionCostsDto | undefined,
): PositionCostsView | undefined {
  if (costs === undefined || costs.position_id !== position.id) return undefined;
  const funding = costOf(costs.funding_paid, position.funding_owed);
  const borrow = costOf(costs.borrow_paid, position.borrow_owed);
  const { fees_paid: fees, impact_paid: impact } = costs;
  return { funding, borrow, fees, impact, total: quote(funding.total + borrow.total + fees + impact) };
}
