import { formatDecimal } from '#shared/money/decimal.ts';
import { ENTRY_VALUE_PER_QUOTE, QUOTE_DECIMALS } from '#shared/money/units.ts';
import type { Refusal } from '#shared/protocol/error-codes.ts';
import { type ProgramErrorName, refusalOfProgramError } from '../chain/program-errors.ts';

/** What of an order its refusal may be about. */
export interface RefusedTrade {
  /** Traded quantity, 1e-8 of the base asset. */
  readonly size: bigint;
  /** 1e-8 USD per base unit. */
  readonly price: bigint;
  /** The market's, 1e-6 USD. */
  readonly minPositionNotional: bigint;
}

/** Below this, 1e-6 USD, a charge of the smallest amount there is weighs a basis point or more of what is traded. */
const roundedNotionalMax = 10_000n;

/** The refusal of a program error in the caller's words, with the bound that was missed and what to do. */
export function explainRefusal(name: ProgramErrorName, { size, price, minPositionNotional }: RefusedTrade): Refusal {
  const refusal = refusalOfProgramError(name);
  const minimum = `${formatDecimal(minPositionNotional, QUOTE_DECIMALS)} USD`;
  if (name === 'BelowMinNotional') {
    const message = `The position would be below the market's minimum notional of ${minimum}. Raise the quantity.`;
    return { ...refusal, message };
  }
  if (name === 'SlippageExceeded' && size * price < roundedNotionalMax * ENTRY_VALUE_PER_QUOTE) {
    const message = `The quantity is too small: what it costs rounds up to whole 0.000001 USDC, beyond the price you accept. Raise it; a position has at least ${minimum}.`;
    return { ...refusal, message };
  }
  return refusal;
}
