import { abs, mulDivCeil } from '#shared/money/divide.ts';
import { ENTRY_VALUE_PER_QUOTE, SIZE_SCALE, quote, size as toSize, type Price } from '#shared/money/units.ts';
import { sideOf } from '#shared/perps/side.ts';

import { exitResult, fillOf, type ExitBasis } from '../exit-result.ts';
import type { TicketContext } from './context.ts';
import type { TicketReceipt } from './receipt.ts';
import type { ExitKind, TicketState } from './state.ts';
import type { TicketSummary } from './summary.ts';

/** What the exits of an order would close: the part that it opens, at the price it opens it. */
export interface TicketExits extends ExitBasis {
  /** Of the position after the order; null where no price liquidates it, or it is not known. */
  readonly liquidationPrice: Price | null;
  /** No size is entered yet: shares of the margin are right, amounts mean nothing. */
  readonly nominal: boolean;
}

/** Basis of the exits; null where the order opens nothing or nothing can be computed. */
export function exitBasisOf(
  state: Pick<TicketState, 'side'>,
  context: TicketContext,
  summary: TicketSummary,
  receipt: TicketReceipt,
): TicketExits | null {
  if (context.market.parameters === null || !summary.opens) return null;
  const side = sideOf(state.side);
  const { opens, fillPrice, marginAdded, liquidationPrice } = receipt;
  if (opens !== null && opens > 0n && fillPrice !== null && marginAdded !== null && marginAdded > 0n)
    return {
      ...openedBasis(context, { ...nothingOwed, side, size: opens, entry_price: fillPrice, margin_used: marginAdded }),
      ...{ liquidationPrice, nominal: false },
    };
  const { tradePrice, leverageE2 } = summary;
  if (tradePrice === null || leverageE2 === null || leverageE2 === 0n) return null;
  const margin = quote(mulDivCeil(SIZE_SCALE * tradePrice, 100n, leverageE2 * ENTRY_VALUE_PER_QUOTE));
  const one = { ...nothingOwed, side, size: toSize(SIZE_SCALE), entry_price: tradePrice, margin_used: margin };
  return { ...openedBasis(context, one), liquidationPrice: null, nominal: true };
}

const nothingOwed = { funding_owed: quote(0n), borrow_owed: quote(0n), command_seq: 0 };

/** The market as it is once the part is open: its impact of closing counts from there. */
function openedBasis({ market, live, stats }: TicketContext, position: ExitBasis['context']['position']): ExitBasis {
  const long = stats?.long_open_interest ?? market.long_open_interest ?? 0n;
  const short = stats?.short_open_interest ?? market.short_open_interest ?? 0n;
  const added = { long: 0n, short: 0n, [position.side]: position.size };
  const after = {
    long_open_interest: toSize(long + added.long),
    short_open_interest: toSize(short + added.short),
  };
  return { context: { market, live, stats: after, position }, size: position.size };
}

/** The price that the exchange measures an order's exits from: the one it waits for, else the price of now. */
export function exitReference({ limitPrice, stopPrice }: TicketSummary, oracle: Price | undefined): Price | undefined {
  return limitPrice ?? stopPrice ?? oracle;
}

/** Which side of the entry an exit lies on. */
export const exitLiesAbove = (side: TicketState['side'], exit: ExitKind): boolean =>
  (side === 'buy') === (exit === 'takeProfit');

/** A stop-loss that the liquidation comes before protects nothing. */
export const isBehindLiquidation = ({ liquidationPrice, context }: TicketExits, stopLoss: Price): boolean =>
  liquidationPrice !== null &&
  (context.position.side === 'long' ? stopLoss <= liquidationPrice : stopLoss >= liquidationPrice);

/** What is won for each unit that is risked, all costs of closing counted, hundredths; null where nothing is won or nothing risked. */
export function rewardToRiskE2(basis: ExitBasis, takeProfit: Price | null, stopLoss: Price | null): bigint | null {
  if (takeProfit === null || stopLoss === null) return null;
  const gain = exitResult(basis, takeProfit, fillOf.takeProfit)?.net ?? 0n;
  const loss = exitResult(basis, stopLoss, fillOf.stopLoss)?.net ?? 0n;
  return gain <= 0n || loss >= 0n ? null : (gain * 100n) / abs(loss);
}
