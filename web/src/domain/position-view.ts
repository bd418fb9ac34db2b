import { bps, entryValue, quote, type Price, type Quote } from '#shared/money/units.ts';
import { notional } from '#shared/perps/notional.ts';
import { isCapped, unrealizedPnl } from '#shared/perps/pnl.ts';
import { positionReserve } from '#shared/perps/reserve.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

/** A position at the live price, as its row shows it. */
export interface PositionView {
  readonly position: PositionDto;
  /** Null before the first price. */
  readonly mark: Price | null;
  readonly notional: Quote | null;
  readonly pnl: Quote | null;
  /** Margin, profit and loss, less what is owed. */
  readonly equity: Quote | null;
  /** |mark − liquidation price|, 1e-8 USD; null where no price liquidates it. */
  readonly liquidationDistance: bigint | null;
  /** The profit has reached its cap. */
  readonly capped: boolean;
  /** Past half of the way from the entry to the liquidation. */
  readonly atRisk: boolean;
}

/** Values a position at a price. The profit is capped by the reserve, as at its closing. */
export function viewPosition(
  position: PositionDto,
  mark: Price | undefined,
  payoffCapBps: number | undefined,
): PositionView {
  if (mark === undefined) return { position, ...withoutMark };
  const value = entryValue(position.size * position.entry_price);
  const reserve = payoffCapBps === undefined ? unlimited : positionReserve(value, bps(BigInt(payoffCapBps)));
  const held = { side: position.side, size: position.size, entryValue: value, reserve };
  const pnl = unrealizedPnl(held, mark);
  const liquidation = position.liquidation_price;
  const distance = liquidation === null ? null : position.side === 'long' ? mark - liquidation : liquidation - mark;
  return {
    position,
    mark,
    notional: notional(position.size, mark),
    pnl,
    equity: quote(position.margin_used + pnl - position.funding_owed - position.borrow_owed),
    liquidationDistance: distance,
    capped: isCapped(held, mark),
    atRisk: distance !== null && liquidation !== null && distance * 2n < span(position.entry_price, liquidation),
  };
}

const withoutMark = {
  mark: null,
  notional: null,
  pnl: null,
  equity: null,
  liquidationDistance: null,
  capped: false,
  atRisk: false,
} as const;

/** More than any position can win. */
const unlimited = quote(10n ** 18n);

const span = (entry: Price, liquidation: Price): bigint =>
  entry > liquidation ? entry - liquidation : liquidation - entry;

/** Sum of the live profits; null while one of them has no price. */
export function totalPnl(views: readonly PositionView[]): Quote | null {
  let sum = 0n;
  for (const view of views) {
    if (view.pnl === null) return null;
    sum += view.pnl;
  }
  return quote(sum);
}
