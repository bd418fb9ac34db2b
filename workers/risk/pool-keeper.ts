import { PublicKey } from '@solana/web3.js';
import type { MarketSymbol } from '#shared/markets.ts';
import type { ChainMarket } from '../chain/accounts.ts';
import type { Chain } from '../chain/chain.ts';
import { type PoolRequest, type PoolRequestState, readPoolRequest } from '../chain/pool-accounts.ts';
import { createTokenAccount } from '../chain/token-account.ts';
import { sendAsAnyone } from './send-anyone.ts';

/** Whether a market holds a position that is to be liquidated or closed at its cap. @throws when the market does not answer. */
export type HasUrgent = (symbol: MarketSymbol) => Promise<boolean>;

/** What came of one look at a holder's pool request. */
export type PoolAttempt =
  /** Executed inside its window, or released after it. */
  | {
      readonly kind: 'landed';
      readonly action: 'executed' | 'released';
      readonly signature: string;
      readonly units: number;
    }
  /** Not now: look again then. */
  | { readonly kind: 'wait'; readonly untilMs: number; readonly why: string }
  /** Nothing is pending, or nothing more can be done for it. */
  | { readonly kind: 'over'; readonly why: string };

/** Last publish time that executes a request, after the first (the program's POOL_REQUEST_WINDOW_SECONDS). */
export const poolWindowSeconds = 10;
/** From the end of the window until the release (the program's POOL_REQUEST_COOLDOWN_SECONDS). */
const cooldownSeconds = 60;
/** A price of the window is accepted for this long after it (the program's POOL_PRICE_AGE_SECONDS_MAX). */
const latePriceSeconds = 5;
/** The chain's clock may be behind ours by this much. */
const clockLagSeconds = 2;
const retryMs = 500;
const releaseRetryMs = 30_000;
/** A release is tried for this long; the next look at the account, whoever asks for it, tries once more. */
const releaseTriedForMs = 3_600_000;
const priceWaitMs = 2_000;
/** Ceiling for settling sixteen markets and a redemption that draws on all of them. */
const computeUnitsMax = 800_000;
/**
 * The least that is worth a token account created for the holder, 1e-6: the fee of such a redemption is more than the account's rent, so
 * that closing the account again and again earns nothing. Below it the holder opens one himself, or the request lapses.
 */
const tokenAccountWorthMin = 1_000_000_000n;

/**
 * Looks at a holder's pool request once and does what is due: executes it inside its window, at prices of the window, or releases it after.
 * Idempotent: the chain's state decides, and a request that is gone is refused by the program. @throws ChainUnavailable, AccountMalformed
 */
export async function attendPoolRequest(
  chain: Chain,
  owner: string,
  nowMs: () => number,
  hasUrgent: HasUrgent,
): Promise<PoolAttempt> {
  const holder = new PublicKey(owner);
  const state = await readPoolRequest(chain, holder);
  if (state.request === null) return { kind: 'over', why: 'nothing is pending' };
  const fromMs = state.request.executableFrom * 1000;
  const closesMs = fromMs + (poolWindowSeconds + latePriceSeconds) * 1000;
  const releasedMs = fromMs + (poolWindowSeconds + cooldownSeconds + clockLagSeconds) * 1000;
  const now = nowMs();
  if (now < fromMs) return wait(fromMs, 'its window is not open yet');
  if (now < closesMs) return execute(chain, holder, state, state.request, { nowMs, hasUrgent });
  if (now < releasedMs) return wait(releasedMs, 'it lapsed and is not released yet');
  return release(chain, holder, state, state.request, { nowMs, untilMs: releasedMs + releaseTriedForMs });
}

async function execute(
  chain: Chain,
  holder: PublicKey,
  state: PoolRequestState,
  request: PoolRequest,
  { nowMs, hasUrgent }: { readonly nowMs: () => number; readonly hasUrgent: HasUrgent },
): Promise<PoolAttempt> {
  const open = state.markets.flatMap(([symbol, market]) => (hasOpenInterest(market) ? [symbol] : []));
  const prices = await Promise.all(
    open.map((symbol) => chain.oracle.ensure(symbol, request.executableFrom, priceWaitMs)),
  );
  if (prices.includes(null)) return wait(nowMs() + retryMs, 'a market has no price of the window yet');
  // Shares are worth what the positions say, and one that should be closed says the wrong thing.
  if ((await Promise.all(open.map(hasUrgent))).includes(true)) {
    return wait(nowMs() + retryMs, 'a position waits for its liquidation or close');
  }
  const payout = request.kind === 'redeem';
  const instructions = poolTransaction(chain, holder, state, request, payout, chain.keeper);
  if (instructions === null) return wait(nowMs() + retryMs, 'the holder has no USDC account');
  const settlements = open.map((symbol) => chain.instructions.settleMarket(symbol));
  const sent = await sendAsAnyone(chain, holder, [...settlements, ...instructions], computeUnitsMax);
  return sent.kind === 'landed' ? { ...sent, action: 'executed' } : wait(nowMs() + retryMs, sent.why);
}

async function release(
  chain: Chain,
  holder: PublicKey,
  state: PoolRequestState,
  request: PoolRequest,
  bounds: { readonly nowMs: () => number; readonly untilMs: number },
): Promise<PoolAttempt> {
  const instructions = poolTransaction(chain, holder, state, request, request.kind === 'mint', null);
  if (instructions === null) return later('the holder has no USDC account', bounds);
  const sent = await sendAsAnyone(chain, holder, instructions, computeUnitsMax);
  return sent.kind === 'landed' ? { ...sent, action: 'released' } : later(sent.why, bounds);
}

/** Executes or releases; with the creation of the account a payout goes to, where it is missing. Null: it is missing and not worth it. */
function poolTransaction(
  chain: Chain,
  holder: PublicKey,
  { hasTokenAccount, markets }: PoolRequestState,
  request: PoolRequest,
  isPaidOut: boolean,
  keeper: PublicKey | null,
) {
  const { addresses, instructions } = chain;
  const tokens = addresses.usdcAccount(holder);
  const symbols = markets.map(([symbol]) => symbol);
  if (hasTokenAccount) return [instructions.executePoolRequest(holder, tokens, symbols, keeper)];
  if (!isPaidOut) return [instructions.executePoolRequest(holder, null, symbols, keeper)];
  if (request.amount < tokenAccountWorthMin) return null;
  const payer = chain.feePayer(holder).publicKey;
  return [
    createTokenAccount(payer, tokens, holder, addresses.usdcMint),
    instructions.executePoolRequest(holder, tokens, symbols, keeper),
  ];
}

const hasOpenInterest = ({ long, short }: ChainMarket): boolean => long.size > 0n || short.size > 0n;

const wait = (untilMs: number, why: string): PoolAttempt => ({ kind: 'wait', untilMs, why });

const later = (why: string, bounds: { readonly nowMs: () => number; readonly untilMs: number }): PoolAttempt =>
  bounds.nowMs() < bounds.untilMs ? wait(bounds.nowMs() + releaseRetryMs, why) : { kind: 'over', why };
