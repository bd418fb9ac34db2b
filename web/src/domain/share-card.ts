import { divCeil, divRound } from '#shared/money/divide.ts';
import { ENTRY_VALUE_PER_QUOTE, price, type Price, type Quote, type Size } from '#shared/money/units.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import type { Side } from '#shared/perps/types.ts';
import type { FillDto, ReceiptDto } from '#shared/protocol/fills.ts';

import { fillEventOf, isOpening } from './fill-event.ts';
import type { PositionView } from './position-view.ts';

/** What a share card tells of a position or of one execution. Every figure is one of the tables'. */
export interface ShareCard {
  readonly symbol: MarketSymbol;
  readonly side: Side;
  /** A position as it stands; an execution that opened one or added to it; one that closed it or a part. */
  readonly stage: 'open' | 'opened' | 'closed';
  /** Hundredths. Open: live; opened: as ordered; closed: value at the entry over margin. Null without a price or equity. */
  readonly leverageE2: bigint | null;
  readonly entry: Price;
  /** The mark of an open position, the fill price of a closed one; null before the first price, and for an opening. */
  readonly exit: Price | null;
  /** Before fees, funding and price impact, as the tables show it; null where there is no `exit`. */
  readonly pnl: Quote | null;
  /** `pnl` over the margin of what it was made with, as two integers: nothing is rounded before it is shown. */
  readonly roe: { readonly part: bigint; readonly of: bigint } | null;
  readonly size: Size;
  /** Of the mark or of the execution; null where neither is known. */
  readonly at: Date | null;
}

/** A position at the price that `view` values it by, which was published at `publishTime` (seconds since 1970). */
export function cardOfPosition(view: PositionView, publishTime: number | undefined): ShareCard {
  const { symbol, side, size, entry_price: entry, margin_used: margin } = view.position;
  return {
    ...{ symbol, side, size, entry, stage: 'open', leverageE2: view.leverageE2 },
    exit: view.mark,
    pnl: view.pnl,
    roe: view.pnl === null ? null : { part: view.pnl, of: margin },
    at: view.mark === null || publishTime === undefined ? null : secondsDate(publishTime),
  };
}

/**
 * An execution, with what its receipt states about the position before it. The return of a closed part is its realized PnL over its share of
 * the position's margin. Undefined while the receipt is not there, or where it is of another version of the program.
 */
export function cardOfFill(fill: FillDto, receipt: ReceiptDto | undefined): ShareCard | undefined {
  if (receipt === undefined) return undefined;
  try {
    const evidence = fillEventOf(fill, receipt)?.evidence;
    if (evidence === undefined) return undefined;
    const shared = { symbol: fill.symbol, size: fill.quantity, at: secondsDate(fill.publish_time) };
    if (isOpening(evidence)) {
      const { side, leverageE2 } = evidence;
      return { ...shared, side, leverageE2, stage: 'opened', entry: fill.price, exit: null, pnl: null, roe: null };
    }
    const { before } = evidence;
    return {
      ...shared,
      side: before.side,
      stage: 'closed',
      leverageE2: before.margin > 0n ? divCeil(before.entryValue * 100n, before.margin * ENTRY_VALUE_PER_QUOTE) : null,
      entry: price(divRound(before.entryValue, before.size)),
      exit: fill.price,
      pnl: fill.realized_pnl,
      roe: { part: fill.realized_pnl * before.size, of: before.margin * fill.quantity },
    };
  } catch {
    // Evidence of another version of the program: there is no card rather than a wrong one.
    return undefined;
  }
}

const secondsDate = (seconds: number): Date => new Date(seconds * 1_000);
