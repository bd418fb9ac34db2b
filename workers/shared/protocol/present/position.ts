import { divCeil, divFloor, divRound, max } from '#shared/money/divide.ts';
import {
  ENTRY_VALUE_PER_QUOTE,
  FINE_VALUE_PER_QUOTE,
  type Price,
  type Quote,
  price as toPrice,
  quote,
} from '#shared/money/units.ts';
import { borrowOwed, equity, fundingOwed, maintenanceMargin } from '#shared/perps/equity.ts';
import { liquidationPrice } from '#shared/perps/liquidation.ts';
import { notional } from '#shared/perps/notional.ts';
import { unrealizedPnl } from '#shared/perps/pnl.ts';
import type { MarketState, PositionState } from '#shared/perps/types.ts';
import { marketSymbolOf, timestampOf } from './fields.ts';
import { marketAt } from './market.ts';
import type { PositionDto } from '../positions.ts';
import type { AccountView } from '#shared/account-view.ts';
import type { MarketSnapshot } from '#shared/market-snapshot.ts';

type PositionView = AccountView['positions'][number];

/**
 * An open position at the live price of its market, funding and borrow accrued until `nowMs`, by the mathematics of the program: profit rounds
 * down, what is owed up. Without a snapshot
 * (or its price) only what the position itself knows is shown.
 */
export function presentPosition(view: PositionView, snapshot: MarketSnapshot | null, nowMs: number): PositionDto {
  const { position } = view;
  const market = snapshot === null ? null : marketAt(snapshot, nowMs);
  const price = snapshot?.price?.price ?? null;
  return {
    id: view.positionId,
    symbol: marketSymbolOf(view.symbol),
    side: position.side,
    size: position.size,
    entry_price: entryPrice(position),
    current_price: price,
    margin_used: position.margin,
    ...owedOf(position, market),
    ...(market === null || price === null ? withoutPrice : valuesAt(position, market, price)),
    liquidation_price:
      market === null ? null : shownPrice(liquidationPrice(position, market, market.config.maintenanceMarginBps)),
    command_seq: Number(position.seq),
    created_at: timestampOf(view.openedAtMs),
  };
}

/** Positions of one account; `snapshotOf` answers null for a market that cannot be reached. */
export const presentPositions = (
  view: AccountView,
  snapshotOf: (symbol: string) => MarketSnapshot | null,
  nowMs: number,
): PositionDto[] => view.positions.map((position) => presentPosition(position, snapshotOf(position.symbol), nowMs));

/** entry_value / size to the nearest 1e-8; display only. */
const entryPrice = ({ entryValue, size }: PositionState): Price => toPrice(divRound(entryValue, size));

/** A liquidation price of 0 (a short that is unhealthy at any price) is shown as the smallest price. */
const shownPrice = (price: Price | null): Price | null => (price === 0n ? toPrice(1n) : price);

const withoutPrice = {
  unrealized_pnl: null,
  leverage: null,
  notional: null,
  equity: null,
  maintenance_margin: null,
} as const;

function owedOf(position: PositionState, market: MarketState | null): { funding_owed: Quote; borrow_owed: Quote } {
  if (market === null) return { funding_owed: quote(0n), borrow_owed: quote(0n) };
  return {
    funding_owed: quote(divCeil(fundingOwed(position, market.fundingIndex), FINE_VALUE_PER_QUOTE)),
    // A market seen before the position's last event may lie behind its entry: nothing was owed then.
    borrow_owed: quote(max(0n, divCeil(borrowOwed(position, market.borrowIndex), FINE_VALUE_PER_QUOTE))),
  };
}

function valuesAt(position: PositionState, market: MarketState, price: Price) {
  const worth = equity(position, market, price);
  const required = maintenanceMargin(position.size, price, market.config.maintenanceMarginBps);
  return {
    unrealized_pnl: unrealizedPnl(position, price),
    leverage: worth > 0n ? leverageE2(position.size * price, worth) : null,
    notional: notional(position.size, price),
    equity: worth,
    maintenance_margin: quote(divCeil(required, FINE_VALUE_PER_QUOTE)),
  };
}

/** Largest leverage shown, hundredths: beyond it the equity is dust. */
const leverageE2Max = 100_000_000n;

/** Exact notional (1e-16 USD) over a worth in quote, in hundredths, rounded down. */
export function leverageE2(exactNotional: bigint, worth: Quote): number {
  const hundredths = divFloor(exactNotional * 100n, worth * ENTRY_VALUE_PER_QUOTE);
  return Number(hundredths > leverageE2Max ? leverageE2Max : hundredths);
}
