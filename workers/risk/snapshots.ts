import { PublicKey } from '@solana/web3.js';
import type { PoolRepository } from '#db/repositories/pool.ts';
import type { PortfolioRepository, PortfolioSnapshot, PortfolioTotals } from '#db/repositories/portfolio.ts';
import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import { quote } from '#shared/money/units.ts';
import { presentBalance } from '#shared/protocol/present/balance.ts';
import { decodePosition, decodeUserAccount } from '../chain/accounts.ts';
import type { Chain } from '../chain/chain.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';

/** A wallet has at most one snapshot of each such time. */
export const snapshotEveryMs = 5 * 60_000;
/** Snapshots are kept as they were taken for so long, and one an hour afterwards. */
export const snapshotsKeptMs = 30 * 86_400_000;
/** An account and a position per market each: the most accounts a node gives at once is 100. */
export const walletsPerSlice = Math.floor(100 / (1 + MARKET_SYMBOLS.length));
/** No slice is begun after this time. */
const workMsMax = 6_000;

export interface SnapshotParts {
  readonly chain: Chain;
  readonly portfolio: Pick<PortfolioRepository, 'record' | 'totals' | 'wallets'>;
  /** Null where the market cannot be asked: its positions count with their margin alone. */
  readonly snapshotOf: (symbol: MarketSymbol) => Promise<Pick<MarketSnapshot, 'price'> | null>;
  readonly clock: Clock;
}

export interface SnapshotFigures {
  /** Where the next sweep goes on: `<beginning of the round, ms> <wallet>`, or the beginning alone once the round is over. */
  readonly next: string;
  readonly visited: number;
  readonly recorded: number;
}

/**
 * Notes what every wallet with collateral or positions has: a round over all wallets each five minutes, in slices that are read at one slot
 * each, as far as the time allows; the next sweep goes on from the cursor. A slice taken twice writes the same rows.
 *
 * @throws ChainUnavailable, AccountMalformed, DatabaseUnavailable.
 */
export async function takeSnapshots(parts: SnapshotParts, cursor: string | null): Promise<SnapshotFigures> {
  const { clock, portfolio } = parts;
  const untilMs = clock.nowMs() + workMsMax;
  const nowRoundMs = clock.nowMs() - (clock.nowMs() % snapshotEveryMs);
  const last = roundOf(cursor);
  if (last !== null && last.after === null && last.roundMs === nowRoundMs)
    return { next: cursor ?? '', visited: 0, recorded: 0 };
  let after = last?.after ?? null;
  const roundMs = last === null || after === null ? nowRoundMs : last.roundMs;
  let [visited, recorded] = [0, 0];
  const markets = await readMarkets(parts);
  while (clock.nowMs() < untilMs) {
    const slice = await portfolio.wallets(after, walletsPerSlice);
    recorded += await recordSlice(parts, markets, slice);
    visited += slice.length;
    after = slice.length < walletsPerSlice ? null : (slice.at(-1)?.wallet ?? null);
    if (after === null) break;
  }
  return { next: after === null ? String(roundMs) : `${roundMs} ${after}`, visited, recorded };
}

/**
 * In the first minute of an hour: snapshots, of portfolios or of the pool, past their time become one an hour. Answers how many went.
 *
 * @throws DatabaseUnavailable
 */
export async function thinOutSnapshots(
  snapshots: Pick<PortfolioRepository | PoolRepository, 'thinOut'>,
  nowMs: number,
): Promise<number> {
  const isDue = new Date(nowMs).getUTCMinutes() === 0;
  return isDue ? snapshots.thinOut(nowMs - snapshotsKeptMs) : 0;
}

/** A round that took longer than five minutes goes on to its end before the next one begins. */
function roundOf(cursor: string | null): { readonly roundMs: number; readonly after: string | null } | null {
  if (cursor === null) return null;
  const [roundMs = '', after = null] = cursor.split(' ');
  return Number.isSafeInteger(Number(roundMs)) ? { roundMs: Number(roundMs), after } : null;
}

type Markets = ReadonlyMap<string, Pick<MarketSnapshot, 'price'> | null>;

async function readMarkets({ snapshotOf }: SnapshotParts): Promise<Markets> {
  return new Map(await Promise.all(MARKET_SYMBOLS.map(async (symbol) => [symbol, await snapshotOf(symbol)] as const)));
}

async function recordSlice(
  { chain, portfolio, clock }: SnapshotParts,
  markets: Markets,
  slice: readonly { readonly id: string; readonly wallet: string }[],
): Promise<number> {
  if (slice.length === 0) return 0;
  const addresses = slice.flatMap(({ wallet }) => {
    const owner = new PublicKey(wallet);
    return [
      chain.addresses.userAccount(owner),
      ...MARKET_SYMBOLS.map((symbol) => chain.addresses.position(owner, symbol)),
    ];
  });
  const { accounts } = await chain.rpc.getAccounts(addresses.map((address) => address.toBase58()));
  const program = chain.addresses.program.toBase58();
  const perWallet = 1 + MARKET_SYMBOLS.length;
  const takenMs = clock.nowMs() - (clock.nowMs() % snapshotEveryMs);
  const held = slice.flatMap(({ id }, index) => {
    const [account = null, ...positions] = accounts.slice(index * perWallet, (index + 1) * perWallet);
    if (account === null) return [];
    const open = positions.flatMap((found, market) => {
      const position = found === null ? null : decodePosition(program, found);
      return position === null || position.size === 0n ? [] : [{ symbol: MARKET_SYMBOLS[market] ?? '', position }];
    });
    const { collateral, seq } = decodeUserAccount(program, account);
    if (collateral === 0n && open.length === 0) return [];
    const view = { account: { collateral, seq }, positions: open, realizedPnl: 0n };
    return [{ userId: id, balance: presentBalance(view, (symbol) => markets.get(symbol) ?? null) }];
  });
  const totals = await portfolio.totals(held.map(({ userId }) => userId));
  await portfolio.record(
    held.map(({ userId, balance }) => ({ userId, ...snapshotOf(balance, totals.get(userId), takenMs) })),
  );
  return held.length;
}

function snapshotOf(
  balance: ReturnType<typeof presentBalance>,
  totals: PortfolioTotals | undefined,
  snapshotTimeMs: number,
): PortfolioSnapshot {
  return {
    totalBalance: balance.total_balance,
    availableBalance: balance.available_balance,
    marginUsed: balance.margin_used,
    unrealizedPnl: balance.unrealized_pnl,
    realizedPnl: totals?.realizedPnl ?? quote(0n),
    tradingFeesPaid: totals?.tradingFeesPaid ?? quote(0n),
    snapshotTimeMs,
  };
}
