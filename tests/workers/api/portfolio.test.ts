import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FillDto, FundingPaymentDto } from '#shared/protocol/fills.ts';
import type {
  BalanceDto,
  DelegateDto,
  PoolDto,
  PoolHolderDto,
  PortfolioPointDto,
  TransferDto,
} from '#shared/protocol/portfolio.ts';
import type { PoolPointDto } from '#shared/protocol/pool.ts';
import { createDatabase } from '#db/client.ts';
import { createPortfolioRepository } from '#db/repositories/portfolio.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { systemClock } from '../../../workers/platform/clock.ts';
import { snapshotEveryMs, takeSnapshots, walletsPerSlice } from '../../../workers/risk/snapshots.ts';
import { sweep } from '../../../workers/risk/sweep.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { solPriceIs } from '../risk/market-control.ts';
import { settings } from './caller.ts';
import { ApiTrader, type Plain } from './trader.ts';

const historyOf = (who: ApiTrader, query = '') =>
  who.expect<Plain<PortfolioPointDto>[]>(200, 'GET', `/api/portfolio/history${query}`);
const portfolio = () =>
  createPortfolioRepository(
    createDatabase({ databaseUrl: settings().DATABASE_URL, httpEndpoint: settings().DATABASE_HTTP_ENDPOINT }),
  );

let trader: ApiTrader;
beforeAll(async () => {
  // Standing still: what the trader is down by is what trading costs, whatever the market does meanwhile.
  await solPriceIs(150n);
  trader = await ApiTrader.open(1_000);
  await trader.place({ quantity: 2, leverage: 20 });
  await trader.place({ side: 'sell', quantity: 0.5, reduce_only: true });
});
afterAll(resetHermes);

describe('the portfolio of a trader', () => {
  it('is noted by the sweep as the balance shows it, once per five minutes however often the sweep comes', async () => {
    await until('the fills are in the database', async () => {
      const fills = await trader.expect<unknown[]>(200, 'GET', '/api/trading/fills');
      return fills.length === 2;
    });
    const at = Date.now();
    // A round that another test's sweep finished in these five minutes saw nothing of this trader.
    await until('a round has passed', async () => {
      const parts = { chain: chainOf(settings()), portfolio: portfolio(), clock: systemClock };
      let cursor: string | null = null;
      do {
        const snapshotOf = (symbol: string) => env.MARKETS.getByName(symbol).snapshot();
        ({ next: cursor } = await takeSnapshots({ ...parts, snapshotOf }, cursor));
      } while (cursor.includes(' '));
      return (await historyOf(trader)).length > 0;
    });
    await sweep(env, at);
    const points = await historyOf(trader, '?interval=5m');
    expect(points.length).toBeLessThanOrEqual(1 + Math.ceil((Date.now() - at) / snapshotEveryMs));
    const [point] = points;
    expect(Date.parse(point?.time ?? '') % snapshotEveryMs).toBe(0);
    const balance = await trader.expect<Plain<BalanceDto>>(200, 'GET', '/api/portfolio/balance');
    expect(point).toMatchObject({ available_balance: balance.available_balance, margin_used: balance.margin_used });
    expect(point?.total_balance).toBeCloseTo(balance.total_balance, -1);
    expect(point?.trading_fees_paid).toBeGreaterThan(0);
    expect(point?.drawdown).toBeGreaterThan(0);
    expect(point?.drawdown_bps).toBe(Math.ceil(((point?.drawdown ?? 0) / 1_000) * 10_000));
  });

  it('is read in slices that a later sweep goes on behind, each wallet once per round', async () => {
    const seen: string[] = [];
    const all = portfolio();
    // The time stands: the next round does not begin in the middle of this one.
    const nowMs = Date.now();
    const parts = {
      ...{ chain: chainOf(settings()), clock: { nowMs: () => nowMs }, snapshotOf: () => Promise.resolve(null) },
      portfolio: {
        totals: all.totals,
        record: () => Promise.resolve(),
        wallets: async (after: string | null, limit: number) => {
          const slice = await all.wallets(after, limit);
          seen.push(...slice.map(({ wallet }) => wallet));
          return slice;
        },
      },
    };
    for (let count = 0; count < walletsPerSlice + 1; count++) await ApiTrader.signedIn();
    const { next, visited } = await takeSnapshots(parts, null);
    expect(visited).toBeGreaterThan(walletsPerSlice);
    expect(new Set(seen).size).toBe(visited);
    expect(await takeSnapshots(parts, next)).toEqual({ next, visited: 0, recorded: 0 });
    const [round = ''] = next.split(' ');
    const resumed = await takeSnapshots(parts, `${round} ${seen[walletsPerSlice] ?? ''}`);
    expect(resumed).toMatchObject({ next: round, visited: visited - walletsPerSlice - 1 });
  });

  it('is nobody else’s: history, funding and export of another are empty', async () => {
    const other = await ApiTrader.signedIn();
    expect(await historyOf(other)).toEqual([]);
    expect(await other.expect(200, 'GET', '/api/trading/funding')).toEqual([]);
    const csv = await other.expect<string>(200, 'GET', '/api/portfolio/export.csv');
    expect(csv.split('\r\n')).toHaveLength(2);
  });

  it('is exported line by line as a file, in the order of time', async () => {
    const { headers, body } = await trader.call<string>('GET', '/api/portfolio/export.csv');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('content-disposition')).toBe(`attachment; filename="quantdesk-${trader.address}.csv"`);
    const [header = '', ...lines] = body.trimEnd().split('\r\n');
    const columns = header.split(',');
    const rows = lines.map((line) => Object.fromEntries(line.split(',').map((cell, at) => [columns[at] ?? '', cell])));
    expect(rows.map(({ type, side }) => `${type} ${side}`)).toEqual(['deposit ', 'fill buy', 'fill sell']);
    expect(rows[0]?.net).toBe('1000');
    const result = rows.slice(1).reduce((sum, row) => sum + Number(row.net), 0);
    const [point] = await historyOf(trader, '?interval=5m');
    expect(result).toBeCloseTo((point?.net_realized_pnl ?? 0) - (point?.trading_fees_paid ?? 0), 6);
    const later = await trader.expect<string>(200, 'GET', '/api/portfolio/export.csv?from=4000000000');
    expect(later).toBe(`${header}\r\n`);
    expect((await trader.call('GET', '/api/portfolio/export.csv?from=yesterday')).status).toBe(400);
  });

  it('has one meaning per name: what executions state adds up to the balance and to the history', async () => {
    const fills = await trader.expect<Plain<FillDto>[]>(200, 'GET', '/api/trading/fills');
    const sum = (of: (fill: Plain<FillDto>) => number) => fills.reduce((total, fill) => total + of(fill), 0);
    const balance = await trader.expect<Plain<BalanceDto>>(200, 'GET', '/api/portfolio/balance');
    const [point] = await historyOf(trader, '?interval=5m');
    const net = sum(({ realized_pnl, funding, borrow, impact }) => realized_pnl - funding - borrow - impact);
    expect(balance.realized_pnl).toBeCloseTo(
      sum(({ realized_pnl }) => realized_pnl),
      6,
    );
    expect(point?.net_realized_pnl).toBeCloseTo(net, 6);
    expect(point).not.toHaveProperty('realized_pnl');
    expect(1_000 + net - sum(({ fee }) => fee) + balance.unrealized_pnl).toBeCloseTo(balance.total_balance, 4);
  });

  it('shows the funding and borrow that a trade realised, by market', async () => {
    const rows = await trader.expect<Plain<FundingPaymentDto>[]>(200, 'GET', '/api/trading/funding?symbol=SOL-PERP');
    const [fill] = await trader.expect<{ funding: number; borrow: number; transaction_hash: string }[]>(
      200,
      'GET',
      '/api/trading/fills?limit=1',
    );
    const { transaction_hash, funding, borrow } = fill ?? expect.fail();
    const expected = funding === 0 && borrow === 0 ? [] : [{ transaction_hash, funding, borrow, symbol: 'SOL-PERP' }];
    expect(rows).toMatchObject(expected);
    expect(await trader.expect(200, 'GET', '/api/trading/funding?symbol=BTC-PERP')).toEqual([]);
  });
});

describe('the money and the delegation of a trader', () => {
  it('shows every deposit and withdrawal with what of it has moved', async () => {
    expect((await trader.act('withdraw', { amount: 12.5 })).status).toBe('confirmed');
    const transfersOf = () => trader.expect<Plain<TransferDto>[]>(200, 'GET', '/api/portfolio/transfers');
    const rows = await until('the withdrawal is in the database', async () => {
      const now = await transfersOf();
      return now.length === 2 && now;
    });
    expect(rows).toMatchObject([
      { kind: 'withdrawal', status: 'done', amount: 12.5, paid: 12.5 },
      { kind: 'deposit', status: 'done', amount: 1_000, paid: 1_000 },
    ]);
    const other = await ApiTrader.signedIn();
    expect(await other.expect(200, 'GET', '/api/portfolio/transfers')).toEqual([]);
  });

  it('shows the delegation as it stands on chain: given, narrowed, revoked', async () => {
    const delegateOf = () => trader.expect<Plain<DelegateDto>>(200, 'GET', '/api/portfolio/delegate');
    expect(await delegateOf()).toMatchObject({ state: 'active', turnover_cap: 10_000_000, max_slippage_bps: 200 });
    const expiresAt = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 86_400_000).toISOString();
    await trader.act('set_delegate', { expires_at: expiresAt, turnover_cap: 5_000 });
    expect(await delegateOf()).toMatchObject({ state: 'active', expires_at: expiresAt, turnover_cap: 5_000 });
    await trader.act('revoke_delegate', {});
    const none = { state: 'none', expires_at: null, turnover_cap: null, max_slippage_bps: null };
    expect(await delegateOf()).toEqual(none);
    expect(await (await ApiTrader.signedIn()).expect(200, 'GET', '/api/portfolio/delegate')).toEqual(none);
  });
});

describe('the pool', () => {
  it('is noted by the sweep as anyone reads it, once per five minutes', async () => {
    const at = Date.now();
    await sweep(env, at);
    await sweep(env, at);
    const points = await trader.expect<Plain<PoolPointDto>[]>(200, 'GET', '/api/pool/history?interval=5m', {});
    const pool = await trader.expect<Plain<PoolDto>>(200, 'GET', '/api/pool', {});
    const [point] = points;
    expect(new Set(points.map(({ time }) => time)).size).toBe(points.length);
    expect(Date.parse(point?.time ?? '')).toBe(at - (at % snapshotEveryMs));
    expect(point?.share_price).toBeCloseTo(pool.share_price ?? 0, 3);
    expect(point?.equity).toBeCloseTo((point?.share_price ?? 0) * (point?.total_shares ?? 0), -1);
  });

  it('says what minting counts it as worth, what leaving costs, and when a request executes', async () => {
    const pool = await trader.expect<Plain<PoolDto>>(200, 'GET', '/api/pool', {});
    expect(pool.mint_equity).toBeGreaterThanOrEqual(pool.equity ?? Infinity);
    expect(pool).toMatchObject({ redemption_fee_bps: expect.any(Number), request_window_seconds: 10 });
    const [sol] = pool.markets;
    expect(sol?.fees_collected).toBeGreaterThan(0);
    expect(sol?.pool_fee_share_bps).toBeGreaterThan(0);
  });
});

describe('a holder of the pool', () => {
  it('sees the request on its way, then the shares and what they stand for', async () => {
    const holderOf = () => trader.expect<Plain<PoolHolderDto>>(200, 'GET', '/api/pool/me');
    expect(await holderOf()).toEqual({ shares: 0, value: 0, pending: null });
    expect((await trader.act('add_liquidity', { amount: 250 })).status).toBe('confirmed');
    const { pending } = await holderOf();
    if (pending !== null) expect(pending).toMatchObject({ kind: 'mint', amount: 250 });
    const holder = await until(
      'the request is executed',
      async () => {
        const now = await holderOf();
        return now.shares > 0 && now;
      },
      25_000,
    );
    expect(holder.pending).toBeNull();
    expect(holder.value).toBeLessThanOrEqual(250);
    expect(holder.value).toBeGreaterThan(240);
  });
});
