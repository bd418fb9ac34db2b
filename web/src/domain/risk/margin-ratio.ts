import { divCeil, divFloor } from '#shared/money/divide.ts';
import { BPS_SCALE, FINE_VALUE_PER_QUOTE, quote, type Price, type Quote } from '#shared/money/units.ts';
import { equityQ, isLiquidatable, maintenanceMargin } from '#shared/perps/equity.ts';
import { liquidationPrice, warningMarginBps } from '#shared/perps/liquidation.ts';

import { indexes, type Held } from './held.ts';

export type Health = 'healthy' | 'warning' | 'liquidatable';

/** How a position stands against its maintenance margin at a price. */
export interface MarginRatio {
  /** Equity over maintenance margin in basis points, rounded down: 10,000 is where the liquidation begins. */
  readonly ratioBps: bigint;
  /** Rounded down. */
  readonly equity: Quote;
  /** Rounded up. */
  readonly maintenance: Quote;
  readonly health: Health;
  /** Null: no price liquidates it. */
  readonly liquidationPrice: Price | null;
  /** From the price to the liquidation price in basis points of the price, signed as the price would move; null with it. */
  readonly moveBps: bigint | null;
}

/** The liquidation test of the program at a price, with how far it is from both of its ends. */
export function marginRatioAt({ state, config }: Held, price: Price): MarginRatio {
  const { maintenanceMarginBps } = config;
  const equity = equityQ(state, indexes, price);
  const maintenance = maintenanceMargin(state.size, price, maintenanceMarginBps);
  const liquidation = liquidationPrice(state, indexes, maintenanceMarginBps);
  const healthAt = (): Health => {
    if (isLiquidatable(state, indexes, price, maintenanceMarginBps)) return 'liquidatable';
    return isLiquidatable(state, indexes, price, warningMarginBps(maintenanceMarginBps)) ? 'warning' : 'healthy';
  };
  return {
    ratioBps: maintenance === 0n ? 0n : divFloor(equity * BPS_SCALE, maintenance),
    equity: quote(divFloor(equity, FINE_VALUE_PER_QUOTE)),
    maintenance: quote(divCeil(maintenance, FINE_VALUE_PER_QUOTE)),
    health: healthAt(),
    liquidationPrice: liquidation,
    moveBps: liquidation === null ? null : moveTo(liquidation, price),
  };
}

/** The move from one price to another in basis points, rounded towards no move: it is never farther than shown. */
export function moveTo(target: Price, from: Price): bigint {
  const distance = target - from;
  return distance < 0n ? -divFloor(-distance * BPS_SCALE, from) : divFloor(distance * BPS_SCALE, from);
}

/** All positions together; null while one of them has no price. */
export interface AccountMargin {
  readonly equity: Quote;
  readonly maintenance: Quote;
  /** The position nearest to its liquidation. */
  readonly worst: { readonly held: Held; readonly margin: MarginRatio } | null;
}

export function accountMargin(positions: readonly Held[]): AccountMargin | null {
  let [equity, maintenance] = [0n, 0n];
  let worst: AccountMargin['worst'] = null;
  for (const held of positions) {
    if (held.mark === null) return null;
    const margin = marginRatioAt(held, held.mark);
    equity += margin.equity;
    maintenance += margin.maintenance;
    if (worst === null || margin.ratioBps < worst.margin.ratioBps) worst = { held, margin };
  }
  return { equity: quote(equity), maintenance: quote(maintenance), worst };
}

/** The left end of the scale is the maintenance margin, each step to the right doubles the ratio. */
export const scaleDoublings = 6;
export const scaleTicks = [100, 200, 400, 800, 1_600, 3_200, 6_400] as const;

/** Where a ratio lies on the scale, 0 to 1: pixels alone. */
export function scalePosition(ratioBps: bigint): number {
  if (ratioBps <= BPS_SCALE) return 0;
  return Math.min(1, Math.log2(Number(ratioBps) / Number(BPS_SCALE)) / scaleDoublings);
}
