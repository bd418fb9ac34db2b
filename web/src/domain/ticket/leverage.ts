import { LEVERAGE_DECIMALS } from '#shared/money/units.ts';

import { readDecimalInput } from '../decimal-input.ts';
import type { TicketContext } from './context.ts';
import { cushioned, leastLeverage } from './estimate.ts';
import { summarizeTicket } from './summary.ts';
import type { TicketState } from './state.ts';

/**
 * What the leverage of a ticket becomes where it follows the size: the least that free collateral pays for, and never less than was chosen.
 * Undefined where it stays: it is locked, nothing is opened, or leverage is not what is missing.
 */
export function leverageFor(state: TicketState, context: TicketContext): string | undefined {
  if (state.leverageLocked || context.available === undefined) return undefined;
  const { size, tradePrice, rests, opens, against } = summarizeTicket(state, context);
  if (!opens || against) return undefined;
  const payable = state.orderType === 'market' ? cushioned(context.available) : context.available;
  const least = leastLeverage(context, { side: state.side, size, tradePrice, rests }, payable);
  if (least === null) return undefined;
  const chosenE2 = readDecimalInput(state.leverageChosenText, LEVERAGE_DECIMALS);
  const text = chosenE2 !== null && chosenE2 >= least * 100n ? state.leverageChosenText : least.toString();
  return text === state.leverageText ? undefined : text;
}
