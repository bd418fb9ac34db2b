import { FINE_VALUE_PER_QUOTE, bps } from '#shared/money/units.ts';
import { maintenanceMargin } from '#shared/perps/equity.ts';
import { rearmMarginBps, warningMarginBps } from '#shared/perps/liquidation.ts';

import type { PositionView } from './position-view.ts';

/** `warning` as the exchange warns; `liquidatable`: below the maintenance margin at the live price. */
export type WarningLevel = 'warning' | 'liquidatable';

/** A position that is close to its liquidation, until it recovers. */
export interface LiquidationWarning {
  readonly view: PositionView;
  readonly level: WarningLevel;
  /** The trader has seen it: out of the way until it recovers or gets worse. */
  readonly acknowledged: boolean;
}

/**
 * How close a position is to its liquidation at the live price, by the exchange's own levels. Once warned, it recovers only above the level
 * at which the exchange warns anew, so that a price at the edge does not blink.
 */
export function warningLevel(
  view: PositionView,
  maintenanceMarginBps: number,
  wasWarned: boolean,
): WarningLevel | undefined {
  const { equity, mark, position } = view;
  if (equity === null || mark === null) return undefined;
  const maintenance = bps(BigInt(maintenanceMarginBps));
  const isBelow = (level: typeof maintenance) =>
    equity * FINE_VALUE_PER_QUOTE < maintenanceMargin(position.size, mark, level);
  if (isBelow(maintenance)) return 'liquidatable';
  const level = wasWarned ? rearmMarginBps(maintenance) : warningMarginBps(maintenance);
  return isBelow(level) ? 'warning' : undefined;
}

/** The warnings of now. A position keeps its acknowledgement while it stays warned; getting worse takes it back. */
export function nextWarnings(
  before: readonly LiquidationWarning[],
  views: readonly PositionView[],
  maintenanceMarginBpsOf: (symbol: string) => number | undefined,
): LiquidationWarning[] {
  return views.flatMap((view) => {
    const known = before.find((warning) => warning.view.position.id === view.position.id);
    const maintenance = maintenanceMarginBpsOf(view.position.symbol);
    // Without a price or the market's terms, what was true stays said.
    if (view.mark === null || maintenance === undefined) return known === undefined ? [] : [known];
    const level = warningLevel(view, maintenance, known !== undefined);
    if (level === undefined) return [];
    const gotWorse = known?.level === 'warning' && level === 'liquidatable';
    return [{ view, level, acknowledged: known?.acknowledged === true && !gotWorse }];
  });
}

/** The same list with one position, or each of them, seen. */
export const acknowledge = (warnings: readonly LiquidationWarning[], positionId: string): LiquidationWarning[] =>
  warnings.map((warning) => (warning.view.position.id === positionId ? { ...warning, acknowledged: true } : warning));
