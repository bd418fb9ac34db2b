import { max } from '#shared/money/divide.ts';
import {
  FINE_VALUE_PER_QUOTE,
  QUOTE_MAX,
  bps,
  entryValue,
  fineValue,
  indexValue,
  quote,
  size,
  type Price,
} from '#shared/money/units.ts';
import { positionReserve } from '#shared/perps/reserve.ts';
import { EMPTY_TOTALS, oppositeSide, sideSign } from '#shared/perps/side.ts';
import type { MarketConfig, MarketState, PositionState, SideTotals } from '#shared/perps/types.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';

import type { TicketContext } from './context.ts';

/**
 * Market and position as far as the screen knows them, in the form the shared mathematics works on. The market's indexes are put at 0 and
 * what is owed goes into the position's sums, so that nothing but the roundings of displayed figures differs from the chain's own state.
 */

type Parameters = NonNullable<MarketDto['parameters']>;

const nothing = quote(0n);

/** Who gets which share of a fee, and what keepers and settlements look at, changes nothing for the trader: 0 here. */
const configOf = (parameters: Parameters): MarketConfig => ({
  maxLeverage: BigInt(parameters.max_leverage),
  maintenanceMarginBps: bps(BigInt(parameters.maintenance_margin_bps)),
  liquidationFeeBps: bps(BigInt(parameters.liquidation_fee_bps)),
  keeperShareBps: bps(0n),
  liquidationTargetBps: bps(BigInt(parameters.liquidation_target_bps)),
  minLiquidationBps: bps(BigInt(parameters.min_liquidation_bps)),
  keeperRewardMin: nothing,
  feeBps: bps(BigInt(parameters.fee_bps)),
  poolFeeShareBps: bps(0n),
  insuranceFeeShareBps: bps(0n),
  kBps: bps(BigInt(parameters.k_bps)),
  payoffCapBps: bps(BigInt(parameters.payoff_cap_bps)),
  weightBps: bps(0n),
  maxUtilisationBps: bps(BigInt(parameters.max_utilisation_bps)),
  maxLongOi: parameters.max_long_open_interest,
  maxShortOi: parameters.max_short_open_interest,
  minPositionNotional: parameters.min_position_notional,
  skewScale: parameters.skew_scale,
  maxSkewBps: bps(BigInt(parameters.max_skew_bps)),
  fundingSkewScale: parameters.funding_skew_scale,
  maxFundingRate: parameters.max_funding_rate,
  borrowBase: parameters.borrow_base,
  borrowSlope: parameters.borrow_slope,
  maxAccrualSeconds: 0n,
  minSettleQuote: nothing,
});

const oracleOf = (market: MarketDto, parameters: Parameters): MarketState['oracle'] => ({
  receiverProgram: '',
  priceAccount: market.price_account,
  feedId: market.feed_id,
  minSignatures: 1,
  maxStalenessSeconds: BigInt(parameters.max_staleness_seconds),
  maxConfidenceBps: bps(BigInt(parameters.max_confidence_bps)),
  maxEmaDivergenceBps: bps(BigInt(parameters.max_ema_divergence_bps)),
});

/** What the mathematics has to know of a position. */
export type HeldPosition = Pick<
  PositionDto,
  'side' | 'size' | 'entry_price' | 'margin_used' | 'funding_owed' | 'borrow_owed' | 'command_seq'
>;

/** The open position; its entry value is what its displayed entry price says. */
export function positionStateOf(position: HeldPosition, payoffCapBps: number): PositionState {
  const entry = entryValue(position.size * position.entry_price);
  const sign = sideSign(position.side);
  return {
    side: position.side,
    size: position.size,
    entryValue: entry,
    margin: position.margin_used,
    reserve: positionReserve(entry, bps(BigInt(payoffCapBps))),
    fundingSum: fineValue(-sign * position.funding_owed * FINE_VALUE_PER_QUOTE),
    borrowSum: fineValue(-position.borrow_owed * FINE_VALUE_PER_QUOTE),
    seq: BigInt(position.command_seq),
    payoutOwed: nothing,
  };
}

/** One side's sums: its open interest, and of the rest what the trader's own position puts in. */
function totalsOf(openInterest: bigint, price: Price, held: PositionState | null): SideTotals {
  const open = size(max(openInterest, held?.size ?? 0n));
  return { ...EMPTY_TOTALS, ...(held ?? {}), size: open, entryValue: entryValue(open * price) };
}

/** Null until the exchange has read the market from the chain. */
export function marketStateOf(
  { market, stats }: Pick<TicketContext, 'market' | 'stats'>,
  price: Price,
  held: PositionState | null,
): MarketState | null {
  if (market.parameters === null) return null;
  const side = held?.side ?? 'long';
  const openInterest = {
    long: stats?.long_open_interest ?? market.long_open_interest ?? 0n,
    short: stats?.short_open_interest ?? market.short_open_interest ?? 0n,
  };
  const own = totalsOf(openInterest[side], price, held);
  // The reserves of both sides are one figure: it stands on the trader's own.
  const reserve = quote(max(market.reserved ?? 0n, held?.reserve ?? 0n));
  const totals = {
    [side]: { ...own, reserve },
    [oppositeSide(side)]: totalsOf(openInterest[oppositeSide(side)], price, null),
  } as Record<'long' | 'short', SideTotals>;
  return {
    status: market.parameters.status,
    oracle: oracleOf(market, market.parameters),
    config: configOf(market.parameters),
    price: null,
    fundingIndex: indexValue(0n),
    borrowIndex: indexValue(0n),
    accruedAt: 0n,
    ...totals,
    backing: market.backing ?? quote(QUOTE_MAX),
    insuranceAccrued: nothing,
    treasuryAccrued: nothing,
    insuranceDebt: nothing,
    payoutsOwed: nothing,
    badDebt: nothing,
    badDebtUncovered: nothing,
    feesCollected: nothing,
  };
}
