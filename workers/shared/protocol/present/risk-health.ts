import { divCeil, divFloor } from '#shared/money/divide.ts';
import {
  BPS_SCALE,
  FINE_VALUE_PER_ENTRY_VALUE,
  FINE_VALUE_PER_QUOTE,
  type Price,
  price as toPrice,
  quote,
} from '#shared/money/units.ts';
import { equity, equityQCapped, isLiquidatable, maintenanceMargin } from '#shared/perps/equity.ts';
import { liquidationPrice, warningMarginBps } from '#shared/perps/liquidation.ts';
import { notional } from '#shared/perps/notional.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import { marketSymbolOf } from './fields.ts';
import { presentBalance } from './balance.ts';
import { marketAt } from './market.ts';
import type { PositionHealthDto, RiskHealthDto } from '../risk.ts';
import type { AccountView } from '#shared/account-view.ts';
import type { MarketSnapshot } from '#shared/market-snapshot.ts';

/** Largest ratio shown, bps: beyond it the figure says nothing. */
const ratioBpsMax = 10_000_000_000n;

const atMost = (bps: bigint): number =>
  Number(bps > ratioBpsMax ? ratioBpsMax : bps < -ratioBpsMax ? -ratioBpsMax : bps);

/** What a position is worth against what it needs, at a price and indexes: equity down, what it needs up, in quote; ratios in bps. */
export function healthFigures(position: PositionState, market: MarketState, price: Price) {
  const required = maintenanceMargin(position.size, price, market.config.maintenanceMarginBps);
  const exactNotional = position.size * price * FINE_VALUE_PER_ENTRY_VALUE;
  return {
    equity: equity(position, market, price),
    maintenance_margin: quote(divCeil(required, FINE_VALUE_PER_QUOTE)),
    margin_ratio: atMost(divFloor(equityQCapped(position, market, price) * BPS_SCALE, exactNotional)),
  };
}

/** A liquidation price of 0 (a short that is unhealthy at any price) is shown as the smallest price. */
export function shownLiquidationPrice(position: PositionState, market: MarketState): Price | null {
  const found = liquidationPrice(position, market, market.config.maintenanceMarginBps);
  return found === 0n ? toPrice(1n) : found;
}

/** How far a trader's positions are from their liquidation. A market without a price leaves its figures null and out of the sums. */
export function presentRiskHealth(
  view: AccountView,
  snapshotOf: (symbol: string) => MarketSnapshot | null,
  nowMs: number,
): RiskHealthDto {
  const positions = view.positions.map((held) => presentHealth(held, snapshotOf(held.symbol), nowMs));
  const sum = (values: readonly (bigint | null)[]) =>
    quote(values.reduce((all: bigint, value) => all + (value ?? 0n), 0n));
  return {
    account: presentBalance(view, snapshotOf),
    equity: sum(positions.map((position) => position.equity)),
    maintenance_margin: sum(positions.map((position) => position.maintenance_margin)),
    positions,
  };
}

function presentHealth(
  { positionId, symbol, position }: AccountView['positions'][number],
  snapshot: MarketSnapshot | null,
  nowMs: number,
): PositionHealthDto {
  const market = snapshot === null ? null : marketAt(snapshot, nowMs);
  const price = snapshot?.price?.price ?? null;
  const same = { id: positionId, symbol: marketSymbolOf(symbol), side: position.side, size: position.size };
  if (market === null || price === null) return { ...same, ...unknown, current_price: price };
  const at = shownLiquidationPrice(position, market);
  return {
    ...same,
    ...healthFigures(position, market, price),
    state: stateOf(position, market, price),
    current_price: price,
    liquidation_price: at,
    distance: at === null ? null : distanceBps(position, price, at),
    notional: notional(position.size, price),
    maintenance_ratio: Number(market.config.maintenanceMarginBps),
  };
}

const unknown = {
  ...{ state: null, liquidation_price: null, distance: null, notional: null, equity: null },
  ...{ maintenance_margin: null, margin_ratio: null, maintenance_ratio: null },
} as const;

function stateOf(position: PositionState, market: MarketState, price: Price): PositionHealthDto['state'] {
  const { maintenanceMarginBps } = market.config;
  if (isLiquidatable(position, market, price, maintenanceMarginBps)) return 'liquidatable';
  return isLiquidatable(position, market, price, warningMarginBps(maintenanceMarginBps)) ? 'warning' : 'healthy';
}

const distanceBps = ({ side }: PositionState, price: Price, liquidation: Price): number =>
  atMost(divFloor((side === 'long' ? price - liquidation : liquidation - price) * BPS_SCALE, price));
