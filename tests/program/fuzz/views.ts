/** Decoded accounts as the shared mathematics sees them: what decides here is not the program. */
import { type Bps, type Price, bps, price } from '#shared/money/units.ts';
import { accrue } from '#shared/perps/accrual.ts';
import { equityQCapped } from '#shared/perps/equity.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { acceptUpdate } from '#shared/perps/oracle.ts';
import type { PriceUpdate } from '#shared/perps/price-update.ts';
import type { MarketState, OracleConfig, OraclePrice } from '#shared/perps/types.ts';
import type { AccountOf } from '#support/program/client.ts';
import { marketOf as mirrored, positionOf } from '#support/program/mirror.ts';

export type MarketAccount = AccountOf<'market'>;
export type PositionAccount = AccountOf<'position'>;

const finePerQuote = 10n ** 20n;
const b = (value: number): Bps => bps(BigInt(value));

const oracleOf = ({ oracle }: MarketAccount): OracleConfig => ({
  receiverProgram: oracle.receiverProgram,
  priceAccount: oracle.priceAccount,
  feedId: Buffer.from(oracle.feedId).toString('hex'),
  minSignatures: oracle.minSignatures,
  maxStalenessSeconds: BigInt(oracle.maxStalenessSeconds),
  maxConfidenceBps: b(oracle.maxConfidenceBps),
  maxEmaDivergenceBps: b(oracle.maxEmaDivergenceBps),
});

const priceOf = (stored: MarketAccount['price']): OraclePrice => ({
  price: price(stored.price),
  conf: price(stored.conf),
  ema: price(stored.ema),
  publishTime: stored.publishTime,
});

/** Whether a plain enum has this variant. */
export const is = (value: object, variant: string): boolean => variant in value;

export function statusOf({ status }: MarketAccount): MarketState['status'] {
  if (is(status, 'active')) return 'active';
  return is(status, 'halted') ? 'halted' : 'reduce_only';
}

/** A market as the mathematics sees it, with what decides whether it accepts a price. */
export const marketOf = (market: MarketAccount): MarketState => ({
  ...mirrored(market),
  status: statusOf(market),
  oracle: oracleOf(market),
  price: market.price.price === 0n ? null : priceOf(market.price),
});

/** The price a market would accept now, or the name of the error that refuses it. */
export function acceptance(market: MarketAccount, update: PriceUpdate | undefined, now: bigint): OraclePrice | string {
  if (update === undefined) return 'OracleWrongAccount';
  try {
    const last = market.price.price === 0n ? null : priceOf(market.price);
    // After a change of the oracle only the time of the last price is kept.
    if (update.publishTime < market.price.publishTime) return 'OracleOutOfOrder';
    return acceptUpdate(update, oracleOf(market), last, now);
  } catch (error) {
    if (error instanceof PerpError) return error.code;
    throw error;
  }
}

/** The market brought to now at this price. */
export const accrued = (market: MarketAccount, at: Price, now: bigint): MarketState =>
  accrue(marketOf(market), at, now);

/** What a position is worth to its owner, with what the exchange still owes him, 1e-26 USD: never less than nothing. */
export function worth(position: PositionAccount | undefined, market: MarketState, at: Price): bigint {
  if (position === undefined) return 0n;
  const state = positionOf(position);
  const owed = position.payoutOwed * finePerQuote;
  if (state.size === 0n) return owed + state.margin * finePerQuote;
  const equity = equityQCapped(state, market, at);
  return owed + (equity > 0n ? equity : 0n);
}

/** 1e-6 USDC in 1e-26 USD. */
export const fine = (amount: bigint): bigint => amount * finePerQuote;
