import { expect, it } from 'vitest';
import { quote } from '#shared/money/units.ts';
import { createPortfolioRepository } from '#db/repositories/portfolio.ts';
import { createProjectionRepository } from '#db/repositories/projection.ts';
import { createStatementRepository } from '#db/repositories/statement.ts';
import type { StatementLine } from '#db/repositories/statement.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { testPersonalData } from '#support/database/personal-data.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { csvCell, csvLine } from '../../workers/shared/csv.ts';
import { presentPortfolioPoint } from '../../workers/api/present-portfolio.ts';
import { statementCells } from '../../workers/api/present-statement.ts';
import { userIdOf } from '../../workers/platform/ids.ts';
import { positionAddressOf, price8, quote6, size8, Trader } from './position-events.ts';

const hourMs = 3_600_000;
const at = Date.UTC(2025, 5, 12, 20, 0, 0);
let wallets = 0;
const aWallet = (): string => `Folio${String((wallets += 1)).padStart(4, '0')}`.padEnd(44, 'x');

describeOnDatabases('a portfolio', (get) => {
  const portfolio = () => createPortfolioRepository(get().database);
  const aUser = () => createUserRepository(get().database, testPersonalData).signIn(aWallet(), at);
  const snapshot = (userId: string, minutes: number, total: bigint, result = 0n) => ({
    ...{ userId, totalBalance: quote(total), availableBalance: quote(1n), marginUsed: quote(2n) },
    ...{ unrealizedPnl: quote(-3n), realizedPnl: quote(result + 8n), tradingFeesPaid: quote(5n) },
    snapshotTimeMs: at + minutes * 60_000,
  });

  it('has one snapshot per moment, and gives the last of each interval, newest first', async () => {
    const { id } = await aUser();
    await portfolio().record([snapshot(id, 0, 10n), snapshot(id, 5, 11n), snapshot(id, 70, -5n)]);
    await portfolio().record([snapshot(id, 5, 99n)]);
    const { rows, nextCursor } = await portfolio().history(id, { bucketSeconds: 3_600 });
    expect(rows.map(({ totalBalance }) => totalBalance)).toEqual([0n, 11n]);
    expect(rows[1]).toMatchObject({ unrealizedPnl: -3n, tradingFeesPaid: 5n, snapshotTimeMs: at + 300_000 });
    expect(nextCursor).toBeNull();
  });

  it('pages through its history without a gap or a repetition, whatever the size of a page', async () => {
    const { id } = await aUser();
    await portfolio().record(Array.from({ length: 40 }, (_, index) => snapshot(id, index * 5, BigInt(index))));
    const all = (await portfolio().history(id, { bucketSeconds: 900 })).rows;
    expect(all.map(({ totalBalance }) => totalBalance)).toEqual(
      Array.from({ length: 14 }, (_, index) => BigInt(Math.min(39, 41 - index * 3))),
    );
    for (const limit of [1, 5, 13]) {
      const paged = [];
      let cursor: string | null = null;
      do {
        const page = await portfolio().history(id, { bucketSeconds: 900, limit, cursor });
        paged.push(...page.rows);
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(paged).toEqual(all);
    }
  });

  it('measures the drawdown from the best result ever, over all pages, and never from deposits or withdrawals', async () => {
    const { id } = await aUser();
    const results = [-40n, 100n, 250n, 50n, 300n, 299n];
    // A withdrawal in between: the equity falls, the result does not.
    const equity = [1_000n, 1_000n, 1_000n, 500n, 500n, 500n];
    await portfolio().record(results.map((result, index) => snapshot(id, index * 60, equity[index] ?? 0n, result)));
    const drawdowns = [];
    let cursor: string | null = null;
    do {
      const page = await portfolio().history(id, { bucketSeconds: 3_600, limit: 2, cursor });
      drawdowns.push(...page.rows.map(presentPortfolioPoint).map((point) => [point.drawdown, point.drawdown_bps]));
      cursor = page.nextCursor;
    } while (cursor !== null);
    // ceil(40/1040), 0, 0, ceil(200/700), 0, ceil(1/501) in basis points.
    expect(drawdowns.toReversed()).toEqual([
      [40n, 385],
      [0n, 0],
      [0n, 0],
      [200n, 2858],
      [0n, 0],
      [1n, 20],
    ]);
  });

  it('keeps the last snapshot of each hour once they are old, and every one before', async () => {
    const { id } = await aUser();
    const minutes = [0, 5, 55, 60, 115, 125];
    await portfolio().record(minutes.map((minute) => snapshot(id, minute, 1n)));
    const kept = async () =>
      (await portfolio().history(id, { bucketSeconds: 300 })).rows.map((row) => (row.snapshotTimeMs - at) / 60_000);
    await portfolio().thinOut(at);
    expect(await kept()).toEqual(minutes.toReversed());
    await portfolio().thinOut(at + 2 * hourMs);
    await portfolio().thinOut(at + 2 * hourMs);
    expect(await kept()).toEqual([125, 115, 55]);
  });

  it('sums what wallets traded apart from each other, and knows nothing of who never did', async () => {
    const projection = createProjectionRepository(get().database, positionAddressOf);
    const trader = new Trader(aWallet()).openAccount().deposit(quote6(100)).createPosition();
    trader.increase('long', size8(1), price8(150), quote6(10));
    await projection.apply(trader.events);
    const idle = await aUser();
    const totals = await portfolio().totals([userIdOf(trader.owner), idle.id]);
    expect([...totals.keys()]).toEqual([userIdOf(trader.owner)]);
    expect(await portfolio().totals([])).toEqual(new Map());
    const { wallet } = (await portfolio().wallets(null, 1))[0] ?? expect.fail();
    expect((await portfolio().wallets(wallet, 1))[0]?.wallet).not.toBe(wallet);
  });
});

describeOnDatabases('the statement', (get) => {
  const linesOf = async (userId: string, range = { fromMs: 0, toMs: Date.UTC(2100, 0, 1) }) => {
    const lines: StatementLine[] = [];
    for await (const line of createStatementRepository(get().database).lines(userId, range)) lines.push(line);
    return lines;
  };

  it('lists everything that changed the money once, in the order of time, over page boundaries', async () => {
    const projection = createProjectionRepository(get().database, positionAddressOf);
    const trader = new Trader(aWallet()).openAccount().deposit(quote6(5_000)).createPosition();
    for (let count = 0; count < 520; count++) {
      trader.increase('long', size8(0.01), price8(150), quote6(1));
      if (count % 100 === 0) trader.settle(quote6(0.01), quote6(0.02), price8(151)).deposit(quote6(1));
    }
    await projection.apply(trader.events);
    const lines = await linesOf(userIdOf(trader.owner));
    const kinds = Map.groupBy(lines, ({ kind }) => kind);
    expect(kinds.get('fill')).toHaveLength(520);
    expect(kinds.get('funding')).toHaveLength(6);
    expect(kinds.get('transfer')).toHaveLength(7);
    expect(new Set(lines.map(({ row }) => row.id)).size).toBe(lines.length);
    const times = lines.map(({ row }) => row.createdAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const half = lines[260]?.row.createdAt.getTime() ?? 0;
    const later = await linesOf(userIdOf(trader.owner), { fromMs: half, toMs: Date.UTC(2100, 0, 1) });
    expect(later).toHaveLength(lines.filter(({ row }) => row.createdAt.getTime() >= half).length);
    expect(await linesOf(userIdOf(aWallet()))).toEqual([]);
  });

  it('states of each line what it changed in the equity, to the last digit', async () => {
    const projection = createProjectionRepository(get().database, positionAddressOf);
    const trader = new Trader(aWallet()).openAccount().deposit(quote6(5_000)).createPosition();
    trader.increase('short', size8(1.5), price8(150), quote6(10)).settle(-quote6(0.5), quote6(0.2), price8(150));
    await projection.apply(trader.events);
    const cells = (await linesOf(userIdOf(trader.owner))).map((line) => statementCells(line).slice(1, 8));
    expect(cells).toMatchObject([
      ['deposit', 'done', null, null, null, null, '5000'],
      ['fill', null, 'SOL-PERP', 'sell', '1.5', '150', expect.stringMatching(/^-0\.\d+$/)],
      ['funding', null, 'SOL-PERP', null, null, null, '0.3'],
    ]);
  });

  it('is written so that no spreadsheet runs what a cell says', () => {
    const formulas = ['=1+1', '+cmd', '-2+3', '@sum(a1)', '\tx', '\r=x', '-', '+1e9', '=HYPERLINK("http://x","y")'];
    for (const text of formulas) expect(csvCell(text)).toMatch(/^"?'/);
    expect(['-1.5', '0', '12.00000001', 'plain', null].map(csvCell)).toEqual(['-1.5', '0', '12.00000001', 'plain', '']);
    expect(csvLine(['a,b', 'say "x"', 'two\nlines', 7])).toBe('"a,b","say ""x""","two\nlines",7\r\n');
  });
});
