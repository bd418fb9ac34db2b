import { divCeil, divFloor, divRound, max } from '#shared/money/divide.ts';
import { displayDecimal } from '#shared/money/format.ts';
import {
  BPS_SCALE,
  ENTRY_VALUE_PER_QUOTE,
  price as toPrice,
  quote,
  size as toSize,
  type Price,
  type Quote,
  type Size,
} from '#shared/money/units.ts';
import { skewOf } from '#shared/perps/accrual.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { fillPrice } from '#shared/perps/fill.ts';
import { notional } from '#shared/perps/notional.ts';
import { openCosts } from '#shared/perps/position-open.ts';
import { reserved } from '#shared/perps/reserve.ts';
import { openingTrade, sideSign } from '#shared/perps/side.ts';
import type { MarketState, OraclePrice, Side } from '#shared/perps/types.ts';

import type { TicketContext } from './ticket/context.ts';
import { marketStateOf } from './ticket/market-state.ts';

/**
 * What takes the place of an order book: nobody rests on the other side here, the pool fills at the oracle price plus a spread, and who
 * widens the skew pays an impact. Each figure is of an opening by someone without a position, by the mathematics of the program.
 */

/** A market at a price, in the form the shared mathematics works on. */
export interface DepthState {
  readonly market: MarketState;
  readonly oracle: OraclePrice;
}

export type DepthContext = Pick<TicketContext, 'market' | 'live' | 'stats'>;

/** Null until market and price are known. */
export function depthState(known: DepthContext): DepthState | null {
  const { live } = known;
  if (live === undefined) return null;
  const context = { ...known, position: undefined, available: undefined, stage: 'visitor' } as const;
  const market = marketStateOf(context, live.price, null);
  const oracle = { price: live.price, conf: live.confidence, ema: live.ema, publishTime: 0n };
  return market === null ? null : { market, oracle };
}

/** What a trade of one size costs. */
export interface Quoted {
  readonly side: Side;
  readonly size: Size;
  /** At the oracle price. */
  readonly notional: Quote;
  /** What a unit comes to, impact included: a buy rounded up, a sell down. */
  readonly averagePrice: Price;
  readonly impact: Quote;
  readonly fee: Quote;
  /** Average price against the oracle price, hundredths of a basis point, never negative. */
  readonly costE2Bps: bigint;
}

const fineBps = 1_000_000n;

/** Price of an opening of this size. Null where the program fills nothing. */
export function quoteSize({ market, oracle }: DepthState, side: Side, size: Size): Quoted | null {
  if (size === 0n) return null;
  try {
    const { fillPrice, impact, fee } = openCosts(market, oracle, { side, size, leverageE2: 100n });
    const value = size * fillPrice;
    const charge = impact * ENTRY_VALUE_PER_QUOTE;
    const averagePrice = side === 'long' ? divCeil(value + charge, size) : divFloor(value - charge, size);
    return {
      side,
      size,
      notional: notional(size, oracle.price),
      averagePrice: toPrice(averagePrice),
      impact,
      fee,
      costE2Bps: divRound((averagePrice - oracle.price) * sideSign(side) * fineBps, oracle.price),
    };
  } catch (error) {
    if (error instanceof PerpError) return null;
    throw error;
  }
}

/** The size that is worth so much at the oracle price, rounded down. */
export const sizeWorth = ({ oracle }: DepthState, worth: Quote): Size =>
  toSize(divFloor(worth * ENTRY_VALUE_PER_QUOTE, oracle.price));

/** What the limits of a market leave to be opened on one side. */
export type RoomLimit = 'status' | 'openInterest' | 'skew' | 'pool';

export interface Room {
  readonly side: Side;
  readonly size: Size;
  readonly notional: Quote;
  /** The limit that binds; null where nothing does. */
  readonly limit: RoomLimit | null;
}

/** More than a size can be: 1e-8 base units of a u64. */
const sizeBound = toSize(2n ** 63n);

/** Up to here `checkSkew` passes: a trade may widen the skew to its limit, and may always lessen it, or turn it to the same width. */
function skewRoom({ market }: DepthState, side: Side): Size {
  const { skewScale, maxSkewBps } = market.config;
  if (skewScale === 0n) return sizeBound;
  const own = sideSign(side) * skewOf(market);
  const limit = divFloor(maxSkewBps * skewScale, BPS_SCALE);
  return toSize(own >= 0n ? max(0n, limit - own) : -own + max(limit, -own));
}

/** Up to here `checkReserve` passes: what the pool may still set aside, over what a unit takes of it. */
function poolRoom({ market, oracle }: DepthState, side: Side): Size {
  const { config, backing } = market;
  const free = divFloor(backing * config.maxUtilisationBps, BPS_SCALE) - reserved(market);
  if (free <= 0n) return toSize(0n);
  const fill = fillPrice(openingTrade(side), oracle.price, oracle.conf, config.kBps);
  return toSize(divFloor(free * BPS_SCALE * ENTRY_VALUE_PER_QUOTE, fill * config.payoffCapBps));
}

/** What can still be opened on a side, whoever pays for it, and what keeps it from being more; nothing at a price that fills nothing. */
export function roomOf(state: DepthState, side: Side): Room {
  try {
    return roomOfSide(state, side);
  } catch (error) {
    if (error instanceof PerpError) return { side, size: toSize(0n), notional: quote(0n), limit: 'status' };
    throw error;
  }
}

export type Rooms = Readonly<Record<Side, Room>>;

export const roomsOf = (state: DepthState): Rooms => ({ long: roomOf(state, 'long'), short: roomOf(state, 'short') });

function roomOfSide(state: DepthState, side: Side): Room {
  const { market, oracle } = state;
  const { config } = market;
  const none = { side, size: toSize(0n), notional: quote(0n) };
  if (market.status !== 'active') return { ...none, limit: 'status' };
  const oiMax = side === 'long' ? config.maxLongOi : config.maxShortOi;
  const limits: readonly (readonly [RoomLimit, Size])[] = [
    ['openInterest', toSize(max(0n, oiMax - market[side].size))],
    ['skew', skewRoom(state, side)],
    ['pool', poolRoom(state, side)],
  ];
  const [first, ...others] = limits;
  if (first === undefined) return { ...none, limit: null };
  const [limit, size] = others.reduce((least, each) => (each[1] < least[1] ? each : least), first);
  return { side, size, notional: notional(size, oracle.price), limit };
}

/** Points of a side's curve, the first at the smallest size, the last at the end of the room or of what is asked for. */
export function impactCurve(state: DepthState, side: Side, upTo: Size, points: number): Quoted[] {
  const count = BigInt(points);
  return Array.from({ length: points }, (_, index) => toSize(divCeil(upTo * BigInt(index + 1), count)))
    .map((size) => quoteSize(state, side, size))
    .filter((quoted) => quoted !== null);
}

/** Buying and selling the same worth: both prices, and what is between them in hundredths of a basis point of the oracle price. */
export interface SpreadAt {
  readonly worth: Quote;
  readonly buy: Quoted | null;
  readonly sell: Quoted | null;
  readonly spreadE2Bps: bigint | null;
}

/** Null prices where the market has no room for the size. */
export function spreadAt(state: DepthState, worth: Quote, rooms: Rooms): SpreadAt {
  const size = sizeWorth(state, worth);
  const within = (side: Side) => (size <= rooms[side].size ? quoteSize(state, side, size) : null);
  const [buy, sell] = [within('long'), within('short')];
  const between = buy === null || sell === null ? null : buy.averagePrice - sell.averagePrice;
  return {
    worth,
    buy,
    sell,
    spreadE2Bps: between === null ? null : divRound(between * fineBps, state.oracle.price),
  };
}

/** Hundredths of a basis point as basis points. */
export const formatE2Bps = (value: bigint): string => displayDecimal(value, 2, { places: 2 });
