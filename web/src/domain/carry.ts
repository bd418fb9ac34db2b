import { divCeil, max } from '#shared/money/divide.ts';
import { RATE_SCALE, bps, entryValue, quote, size, type Price, type Quote, type Rate } from '#shared/money/units.ts';
import { borrowRate } from '#shared/perps/borrow.ts';
import { fundingRate } from '#shared/perps/funding.ts';
import { notional } from '#shared/perps/notional.ts';
import { positionReserve } from '#shared/perps/reserve.ts';
import { sideSign } from '#shared/perps/side.ts';
import type { Side } from '#shared/perps/types.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import type { TicketContext } from './ticket/context.ts';

/** What holding a position costs in an hour at the rates of now; a negative funding is received. */
export interface HourlyCarry {
  readonly funding: Quote;
  readonly borrow: Quote;
}

type Carried = Pick<PositionDto, 'side' | 'size' | 'entry_price'>;

/** Cost per hour of a position at given rates, rounded against the trader. */
export function carryAt(
  position: { readonly side: Side; readonly size: bigint },
  price: Price,
  rates: { readonly funding: Rate; readonly borrow: Rate },
): HourlyCarry {
  const held = notional(size(position.size), price);
  return {
    funding: quote(divCeil(sideSign(position.side) * held * rates.funding, RATE_SCALE)),
    borrow: quote(divCeil(held * rates.borrow, RATE_SCALE)),
  };
}

const signedSize = (position: Carried | null | undefined): bigint =>
  position === null || position === undefined ? 0n : sideSign(position.side) * position.size;

/** Cost per hour of the position after an order, at the rates the order leaves behind: it moves skew and reserves itself. */
export function hourlyCarry(
  { market, stats, position: before }: TicketContext,
  after: Carried,
  price: Price,
): HourlyCarry | null {
  const { parameters } = market;
  if (parameters === null) return null;
  const long = stats?.long_open_interest ?? market.long_open_interest ?? 0n;
  const short = stats?.short_open_interest ?? market.short_open_interest ?? 0n;
  const skew = long - short - signedSize(before) + signedSize(after);
  const reserveOf = (position: Carried | undefined): bigint =>
    position === undefined
      ? 0n
      : positionReserve(entryValue(position.size * position.entry_price), bps(BigInt(parameters.payoff_cap_bps)));
  const reserved = quote(max(0n, (market.reserved ?? 0n) - reserveOf(before) + reserveOf(after)));
  const backing = market.backing ?? quote(0n);
  return carryAt(after, price, {
    funding: fundingRate(skew, parameters.funding_skew_scale, parameters.max_funding_rate),
    borrow: borrowRate(parameters.borrow_base, parameters.borrow_slope, reserved, backing),
  });
}
