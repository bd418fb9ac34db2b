import { bps, indexValue, type Bps, type Price } from '#shared/money/units.ts';
import type { Indexes } from '#shared/perps/equity.ts';
import type { MarketConfig, PositionState } from '#shared/perps/types.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import { positionStateOf } from '../ticket/market-state.ts';

/** What decides about a liquidation, and what it costs. */
export type LiquidationConfig = Pick<
  MarketConfig,
  'maintenanceMarginBps' | 'liquidationTargetBps' | 'liquidationFeeBps' | 'minLiquidationBps' | 'minPositionNotional'
>;

/** An open position with what its market says about liquidations, as the shared mathematics takes it. */
export interface Held {
  readonly position: PositionDto;
  readonly state: PositionState;
  readonly config: LiquidationConfig;
  /** Null before the first price. */
  readonly mark: Price | null;
}

/** What is owed lies in the position's sums (`positionStateOf`), so the market's indexes stand at 0. */
export const indexes: Indexes = { fundingIndex: indexValue(0n), borrowIndex: indexValue(0n) };

const ofBps = (value: number): Bps => bps(BigInt(value));

/** Null until the exchange has read the market's parameters from the chain. */
export function holdPosition(
  position: PositionDto,
  market: MarketDto | undefined,
  mark: Price | null | undefined,
): Held | null {
  const parameters = market?.parameters;
  if (parameters === undefined || parameters === null) return null;
  return {
    position,
    state: positionStateOf(position, parameters.payoff_cap_bps),
    config: {
      maintenanceMarginBps: ofBps(parameters.maintenance_margin_bps),
      liquidationTargetBps: ofBps(parameters.liquidation_target_bps),
      liquidationFeeBps: ofBps(parameters.liquidation_fee_bps),
      minLiquidationBps: ofBps(parameters.min_liquidation_bps),
      minPositionNotional: parameters.min_position_notional,
    },
    mark: mark ?? null,
  };
}
