import { mulDivFloor } from '#shared/money/divide.ts';
import { PRICE_SCALE, bps, price, quote, type Price, type Quote } from '#shared/money/units.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { firstMintShares, mintShares, redeemPayout } from '#shared/perps/pool.ts';
import type { PoolDto, PoolHolderDto } from '#shared/protocol/portfolio.ts';

export type PoolAction = 'deposit' | 'withdraw';

/** Why a request cannot be placed, in the order in which it is told. */
export type PoolIssue = 'pending' | 'unpriced' | 'amount' | 'shares' | 'tooSmall';

export interface PoolPreview {
  /** USDC per share at which it would execute now. */
  readonly price: Price;
  /** Shares received by a deposit, USDC paid out by a withdrawal after the fee. */
  readonly receives: Quote;
  /** USDC that stay with the pool; 0 for a deposit. */
  readonly fee: Quote;
  /** Own shares afterwards, and all of them. */
  readonly sharesAfter: Quote;
  readonly supplyAfter: Quote;
}

export interface PoolRequestView {
  readonly preview: PoolPreview | null;
  /** Null: it can be asked for. */
  readonly issue: PoolIssue | null;
}

const refusedWith = (issue: PoolIssue): PoolRequestView => ({ preview: null, issue });

/**
 * What a request would bring if it executed at the prices of now, by the program's own mathematics: minting counts the pool as rich as its
 * prices allow, redeeming as poor. `amount` is USDC of a deposit and shares of a withdrawal.
 */
export function previewPool(
  pool: PoolDto,
  holder: PoolHolderDto | undefined,
  { action, amount }: { readonly action: PoolAction; readonly amount: bigint | null },
): PoolRequestView {
  if (holder?.pending !== undefined && holder.pending !== null) return refusedWith('pending');
  const equity = action === 'deposit' ? pool.mint_equity : pool.equity;
  if (equity === null || (pool.total_shares > 0n && equity <= 0n)) return refusedWith('unpriced');
  if (amount === null || amount === 0n) return refusedWith('amount');
  const own = holder?.shares ?? 0n;
  if (action === 'withdraw') return previewRedeem(pool, own, { shares: amount, equity });
  try {
    return previewMint(pool, own, { deposit: quote(amount), equity });
  } catch (error) {
    if (error instanceof PerpError) return refusedWith('tooSmall');
    throw error;
  }
}

/** USDC per share, rounded down; 1 before the first deposit. */
const perShare = (equity: bigint, supply: bigint): Price =>
  price(supply === 0n ? PRICE_SCALE : mulDivFloor(equity, PRICE_SCALE, supply));

function previewMint(
  { total_shares: supply }: PoolDto,
  own: bigint,
  { deposit, equity }: { readonly deposit: Quote; readonly equity: Quote },
): PoolRequestView {
  const minted = supply === 0n ? firstMintShares(deposit) : mintShares(deposit, supply, equity);
  const preview = {
    price: perShare(equity, supply),
    receives: quote(minted),
    fee: quote(0n),
    sharesAfter: quote(own + minted),
    supplyAfter: quote(supply === 0n ? deposit : supply + minted),
  };
  return { preview, issue: null };
}

function previewRedeem(
  { total_shares: supply, redemption_fee_bps: feeBps }: PoolDto,
  own: bigint,
  { shares, equity }: { readonly shares: bigint; readonly equity: Quote },
): PoolRequestView {
  const payout = redeemPayout(shares, supply, equity, bps(BigInt(feeBps)));
  const gross = redeemPayout(shares, supply, equity, bps(0n));
  const left = (of: bigint): Quote => quote(of > shares ? of - shares : 0n);
  const preview = {
    price: perShare(equity, supply),
    receives: payout,
    fee: quote(gross - payout),
    sharesAfter: left(own),
    supplyAfter: left(supply),
  };
  return { preview, issue: shares > own ? 'shares' : null };
}

/**
 * What a request on its way would bring at the prices of now: shares for a deposit, USDC after the fee for a withdrawal. Null while the
 * pool has no price, or where it would bring nothing.
 */
export function worthOfRequest(pool: PoolDto, { kind, amount }: NonNullable<PoolHolderDto['pending']>): Quote | null {
  const action = kind === 'mint' ? 'deposit' : 'withdraw';
  return previewPool(pool, undefined, { action, amount }).preview?.receives ?? null;
}
