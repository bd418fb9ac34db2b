import { divCeil, divFloor, max, min } from '#shared/money/divide.ts';
import { BPS_SCALE, FINE_VALUE_PER_QUOTE, bps, quote, type Price, type Quote } from '#shared/money/units.ts';
import { equityQ, equityQCapped, initialMargin, maintenanceMargin } from '#shared/perps/equity.ts';
import { PerpError, type PerpErrorName } from '#shared/perps/errors.ts';
import { liquidationPrice } from '#shared/perps/liquidation.ts';
import { addMargin, removeMargin } from '#shared/perps/position-margin.ts';
import { effectiveLeverageE2 } from '#shared/perps/preview.ts';
import type { MarketState, OraclePrice, PositionState } from '#shared/perps/types.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import type { TicketContext } from './ticket/context.ts';
import { marketStateOf, positionStateOf } from './ticket/market-state.ts';

/** A position's margin and what hangs on it. */
export interface MarginFigures {
  readonly margin: Quote;
  /** Hundredths, rounded up. */
  readonly leverageE2: bigint;
  /** Null: no price liquidates it. */
  readonly liquidationPrice: Price | null;
  /** Free collateral. */
  readonly free: Quote;
  /** Equity over maintenance margin, basis points, rounded down: at 10,000 the liquidation begins. */
  readonly ratioBps: bigint;
}

/** A margin ratio that counts as safe: equity three times what the liquidation begins at. */
export const safeRatioBps = 30_000n;

/** What a change of margin comes to, by the mathematics of the program over what is on screen. */
export interface MarginChangeView {
  readonly before: MarginFigures;
  /** Null while no amount is entered, or where the program refuses. */
  readonly after: MarginFigures | null;
  readonly refusal: PerpErrorName | null;
  /** The most that may be removed at this price. */
  readonly removableMax: Quote;
  /** What brings the margin ratio to `safeRatioBps`, rounded up; 0 where it is there. */
  readonly toSafe: Quote;
}

interface Known {
  readonly market: MarketState;
  readonly position: PositionState;
  readonly oracle: OraclePrice;
  readonly free: Quote;
}

function knownOf(context: TicketContext, shown: PositionDto): Known | null {
  const { live, market: dto, available } = context;
  if (live === undefined || dto.parameters === null || available === undefined) return null;
  const position = positionStateOf(shown, dto.parameters.payoff_cap_bps);
  const market = marketStateOf(context, live.price, position);
  if (market === null) return null;
  const oracle = { price: live.price, conf: live.confidence, ema: live.ema, publishTime: 0n };
  return { market, position, oracle, free: available };
}

const figuresOf = ({ market, position, oracle, free }: Known): MarginFigures => ({
  margin: position.margin,
  leverageE2: effectiveLeverageE2(position, market, oracle.price),
  liquidationPrice: liquidationPrice(position, market, bps(market.config.maintenanceMarginBps)),
  free,
  ratioBps: ratioOf({ market, position, oracle }),
});

type Valued = Pick<Known, 'market' | 'position' | 'oracle'>;

const maintenanceOf = ({ market, position, oracle }: Valued) =>
  maintenanceMargin(position.size, oracle.price, bps(market.config.maintenanceMarginBps));

function ratioOf(valued: Valued): bigint {
  const maintenance = maintenanceOf(valued);
  const equity = equityQ(valued.position, valued.market, valued.oracle.price);
  return maintenance === 0n ? 0n : divFloor(equity * BPS_SCALE, maintenance);
}

function toSafeOf(known: Valued): Quote {
  const equity = equityQ(known.position, known.market, known.oracle.price);
  const missing = safeRatioBps * maintenanceOf(known) - equity * BPS_SCALE;
  return quote(max(0n, divCeil(missing, BPS_SCALE * FINE_VALUE_PER_QUOTE)));
}

/** What the initial margin leaves over, at most the whole margin. */
function removableOf({ market, position, oracle }: Known): Quote {
  const required = initialMargin(position.size, oracle.price, market.config.maxLeverage);
  const spare = divFloor(equityQCapped(position, market, oracle.price) - required, FINE_VALUE_PER_QUOTE);
  return quote(max(0n, min(spare, position.margin)));
}

/** Null while price, market or collateral are not known. A positive change adds, a negative one removes. */
export function viewMarginChange(
  context: TicketContext,
  position: PositionDto,
  change: bigint | null,
): MarginChangeView | null {
  const known = knownOf(context, position);
  if (known === null) return null;
  const shared = { before: figuresOf(known), removableMax: removableOf(known), toSafe: toSafeOf(known) };
  if (change === null || change === 0n) return { ...shared, after: null, refusal: null };
  const state = { market: known.market, position: known.position, account: { collateral: known.free, seq: 0n } };
  try {
    const moved = change > 0n ? addMargin(state, quote(change)) : removeMargin(state, known.oracle, quote(-change));
    const after = figuresOf({ ...known, position: moved.position, free: moved.account.collateral });
    return { ...shared, after, refusal: null };
  } catch (error) {
    if (error instanceof PerpError) return { ...shared, after: null, refusal: error.code };
    throw error;
  }
}
