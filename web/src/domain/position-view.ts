import { divCeil, min } from '#shared/money/divide.ts';
import { ENTRY_VALUE_PER_QUOTE, bps, entryValue, quote, type Price, type Quote } from '#shared/money/units.ts';
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
  /** Notional over equity now, hundredths, rounded up; null without a price or equity. */
  readonly leverageE2: bigint | null;
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
  const equity = quote(position.margin_used + pnl - position.funding_owed - position.borrow_owed);
  return {
    position,
    mark,
    notional: notional(position.size, mark),
    pnl,
    equity,
    leverageE2: equity > 0n ? divCeil(position.size * mark * 100n, equity * ENTRY_VALUE_PER_QUOTE) : null,
    liquidationDistance: distance,
    capped: isCapped(held, mark),
    atRisk: distance !== null && liquidation !== null && distance * 2n < span(position.entry_price, liquidation),
  };
}

/** The leverage that a position is turned over with unless another is typed: the live one rounded up to whole, as far as the market allows. Hundredths; null without a price or equity. */
export function turningLeverageE2(
  { leverageE2 }: Pick<PositionView, 'leverageE2'>,
  leverageMax: bigint,
): bigint | null {
  return leverageE2 === null ? null : min(divCeil(leverageE2, 100n), leverageMax) * 100n;
}

const withoutMark = {
  mark: null,
  notional: null,
  pnl: null,
  equity: null,
  leverageE2: null,
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
