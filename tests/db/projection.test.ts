import { beforeEach, expect, it } from 'vitest';
import { price, size } from '#shared/money/units.ts';
import { createFillRepository } from '#db/repositories/fills.ts';
import { createLiquidationRepository } from '#db/repositories/liquidations.ts';
import { createOrderRepository } from '#db/repositories/orders.ts';
import { createPositionRepository } from '#db/repositories/positions.ts';
import { createPortfolioRepository } from '#db/repositories/portfolio.ts';
import { createProjectionRepository } from '#db/repositories/projection.ts';
import { createReceiptRepository } from '#db/repositories/receipts.ts';
import { createTransferRepository } from '#db/repositories/transfers.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { newId, positionIdOf, userIdOf } from '../../workers/platform/ids.ts';
import { anOrder } from './orders.ts';
import { positionAddressOf, price8, quote6, size8 } from './position-events.ts';
import { aLife, aTrader, projectedRows } from './projected-rows.ts';

describeOnDatabases('the projection', (get) => {
  const repositories = () => {
    const { database } = get();
    return {
      projection: createProjectionRepository(database, positionAddressOf),
      positions: createPositionRepository(database),
      fills: createFillRepository(database),
      liquidations: createLiquidationRepository(database),
      transfers: createTransferRepository(database),
      receipts: createReceiptRepository(database),
      orders: createOrderRepository(database),
      portfolio: createPortfolioRepository(database),
    };
  };
  const allRows = () => projectedRows(get().database);

  beforeEach(async () => repositories().projection.reset());

  it('makes an open position with the size, entry and margin the program left', async () => {
    const { projection, positions } = repositories();
    const trader = aTrader()
      .openAccount()
      .createPosition()
      .increase('long', size8(2.5), price8(145.5), quote6(18.1875));
    expect(await projection.apply(trader.events)).toEqual({ applied: 3, skipped: 0, held: [] });

    const { rows } = await positions.list(userIdOf(trader.owner), {});
    expect(rows).toEqual([
      {
        id: positionIdOf(positionAddressOf(trader.owner, 'SOL-PERP'), 1n),
        symbol: 'SOL-PERP',
        side: 'long',
        size: size8(2.5),
        entryPrice: price8(145.5),
        currentPrice: price8(145.5),
        unrealizedPnl: 0n,
        marginUsed: quote6(18.1875),
        leverageE2: 2000,
        openedAtMs: trader.events[2]?.blockTimeMs,
        updatedAtMs: expect.any(Number) as number,
        closedAtMs: null,
        isActive: true,
        openedSeq: 1n,
      },
    ]);
  });

  it('rounds the average entry price against the trader, on either side', async () => {
    const { projection, positions } = repositories();
    for (const [side, expected] of [
      ['long', 10_000_000_067n],
      ['short', 10_000_000_066n],
    ] as const) {
      const trader = aTrader().openAccount().createPosition();
      trader.increase(side, 1n, price8(100), quote6(1)).increase(side, 2n, price8(100) + 100n, quote6(1));
      await projection.apply(trader.events);
      const { rows } = await positions.list(userIdOf(trader.owner), {});
      expect(rows[0]?.entryPrice).toBe(expected);
    }
  });

  it('follows a position through increase, margin, reduction and liquidation', async () => {
    const { projection, positions, fills, liquidations, transfers } = repositories();
    const trader = aLife(aTrader());
    await projection.apply(trader.events);
    const userId = userIdOf(trader.owner);

    const [position] = (await positions.list(userId, {})).rows;
    expect(position).toMatchObject({
      isActive: false,
      size: size8(6),
      marginUsed: 0n,
      currentPrice: price8(143),
      unrealizedPnl: 0n,
    });
    expect(position?.closedAtMs).toBe(trader.events.at(-1)?.blockTimeMs);
    expect((await positions.list(userId, { isActive: true })).rows).toEqual([]);

    const history = (await positions.history(userId, position?.id ?? '', {})).rows;
    expect(history.map(({ action }) => action)).toEqual([
      'liquidated',
      'liquidated',
      'updated',
      'updated',
      'updated',
      'opened',
    ]);
    expect(history.map(({ sizeChange }) => sizeChange)).toEqual([-6, -4, -5, 0, 5, 10].map(size8));
    expect(history[2]).toMatchObject({ pnlChange: quote6(20.25), positionSeq: 5n });
    expect(history.at(-1)).toMatchObject({ priceChange: price8(150), marginChange: quote6(75) });

    const trades = (await fills.list(userId, {})).rows;
    expect(trades.map(({ side, quantity }) => [side, quantity])).toEqual([
      ['sell', size8(5)],
      ['buy', size8(5)],
      ['buy', size8(10)],
    ]);
    expect(trades[0]).toMatchObject({
      realizedPnl: quote6(20),
      funding: -quote6(0.5),
      borrow: quote6(0.25),
      fee: 25_000n,
    });

    const ended = (await liquidations.list(userId, {})).rows;
    expect(ended.map(({ isFull, quantity, liquidator }) => [isFull, quantity, liquidator])).toEqual([
      [true, size8(6), trader.owner],
      [false, size8(4), null],
    ]);
    expect((await transfers.list(userId, {})).rows).toMatchObject([
      { kind: 'deposit', amount: quote6(500), collateral: quote6(500) },
    ]);
    expect((await transfers.fundingPayments(userId, {})).rows).toMatchObject([
      { funding: -quote6(0.5), borrow: quote6(0.25) },
    ]);
  });

  it('gives a position that opens again a row of its own', async () => {
    const { projection, positions } = repositories();
    const trader = aTrader().openAccount().createPosition().increase('long', size8(1), price8(150), quote6(10));
    trader.reduce(size8(1), price8(151)).increase('short', size8(2), price8(151), quote6(20));
    await projection.apply(trader.events);
    const { rows } = await positions.list(userIdOf(trader.owner), {});
    expect(rows.map(({ side, isActive, openedSeq }) => [side, isActive, openedSeq]).sort()).toEqual([
      ['long', false, 1n],
      ['short', true, 3n],
    ]);
  });

  it('makes two lives and two fills of a trade that turns the position, and one order', async () => {
    const { projection, positions, fills, orders } = repositories();
    const trader = aTrader().openAccount().createPosition().increase('long', size8(1), price8(150), quote6(10));
    const userId = userIdOf(trader.owner);
    const order = anOrder({ orderId: newId(), userId, owner: trader.owner });
    await orders.upsert(order);
    trader.turn(size8(3), price8(151), quote6(30), { orderId: order.orderId });
    // The two events of one transaction arrive in slices of their own.
    for (const event of trader.events) await projection.apply([event]);
    const slices = await allRows();
    const [opened, closed] = (await positions.list(userId, {})).rows.toSorted((a, b) => (a.side > b.side ? -1 : 1));
    expect(closed).toMatchObject({ side: 'long', isActive: false, openedSeq: 1n });
    expect(opened).toMatchObject({ side: 'short', isActive: true, openedSeq: 2n, size: size8(2) });
    const trades = (await fills.list(userId, {})).rows.filter(({ orderId }) => orderId === order.orderId);
    expect(trades.map(({ side, quantity, positionId }) => [side, quantity, positionId])).toEqual([
      ['sell', size8(2), opened?.id],
      ['sell', size8(1), closed?.id],
    ]);

    await projection.reset();
    await projection.apply(trader.events);
    expect((await orders.get(userId, order.orderId))?.positionId).toBe(opened?.id);
    expect(await allRows()).toEqual(slices);
  });

  it('books a settlement to the position that stands open, in whatever slices', async () => {
    const { projection, portfolio, positions, transfers } = repositories();
    const trader = aTrader().openAccount().createPosition().increase('long', size8(1), price8(150), quote6(10));
    trader.turn(size8(3), price8(151), quote6(30)).requestClose();
    trader.settle(-quote6(0.5), quote6(0.2), price8(152)).settle(quote6(1), 0n, price8(153));
    trader.payOut(quote6(7), quote6(2));
    const userId = userIdOf(trader.owner);
    for (const event of trader.events) expect(await projection.apply([event])).toMatchObject({ applied: 1, held: [] });
    const slices = await allRows();
    const [open] = (await positions.list(userId, { isActive: true })).rows;
    expect(open).toMatchObject({ side: 'short', marginUsed: quote6(29.3), currentPrice: price8(153) });
    const settled = (await transfers.fundingPayments(userId, {})).rows;
    expect(settled.toSorted((a, b) => Number(a.positionSeq - b.positionSeq))).toMatchObject([
      { funding: -quote6(0.5), borrow: quote6(0.2), positionId: open?.id, accountSeq: null },
      { funding: quote6(1), borrow: 0n, positionId: open?.id, accountSeq: null },
    ]);
    expect((await portfolio.totals([userId])).get(userId)?.realizedPnl).toBe(
      quote6(1) + quote6(0.5) - quote6(0.2) - quote6(1),
    );
    const history = (await positions.history(userId, open?.id ?? '', {})).rows;
    expect(history.map(({ action, pnlChange }) => [action, pnlChange])).toEqual([
      ['updated', -quote6(1)],
      ['updated', quote6(0.3)],
      ['opened', 0n],
    ]);
    expect((await transfers.list(userId, {})).rows).toMatchObject([{ kind: 'payout', amount: quote6(7) }]);
    await projection.reset();
    await projection.apply(trader.events);
    expect(await allRows()).toEqual(slices);
  });

  it('follows a queued withdrawal to its end, whichever that is', async () => {
    const { projection, transfers } = repositories();
    const trader = aTrader().openAccount().deposit(quote6(500));
    trader.queueWithdrawal(3n, quote6(100)).payWithdrawal(3n, quote6(40), quote6(60)).payWithdrawal(3n, quote6(60), 0n);
    trader.queueWithdrawal(5n, quote6(50)).payWithdrawal(5n, quote6(20), quote6(30));
    trader.endWithdrawal('WithdrawalReturned', 5n, quote6(30));
    trader
      .queueWithdrawal(8n, quote6(70))
      .endWithdrawal('WithdrawalCancelled', 8n, quote6(70))
      .payWithdrawal(8n, 0n, 0n);
    trader.queueWithdrawal(9n, quote6(10));
    for (const event of trader.events) await projection.apply([event]);
    const slices = await allRows();
    const { rows } = await transfers.list(userIdOf(trader.owner), {});
    expect(rows.map(({ kind, status, amount, paid }) => [kind, status, amount, paid])).toEqual([
      ['withdrawal', 'queued', quote6(10), 0n],
      ['withdrawal', 'cancelled', quote6(70), 0n],
      ['withdrawal', 'returned', quote6(50), quote6(20)],
      ['withdrawal', 'done', quote6(100), quote6(100)],
      ['deposit', 'done', quote6(500), quote6(500)],
    ]);
    await projection.reset();
    await projection.apply(trader.events);
    expect(await allRows()).toEqual(slices);
  });

  it('links an order to its position whether the order or the fill is written first', async () => {
    const { projection, orders } = repositories();
    const trader = aTrader().openAccount().createPosition();
    const userId = userIdOf(trader.owner);
    const positionId = positionIdOf(positionAddressOf(trader.owner, 'SOL-PERP'), 1n);
    const early = anOrder({ orderId: newId(), userId, owner: trader.owner, positionId });
    const late = anOrder({ orderId: newId(), userId, owner: trader.owner, positionId });
    await orders.upsert(early);
    expect((await orders.get(userId, early.orderId))?.positionId).toBeNull();

    trader.increase('long', size8(1), price8(100), quote6(5), { orderId: early.orderId });
    trader.increase('long', size8(1), price8(100), quote6(5), { orderId: late.orderId });
    await projection.apply(trader.events);
    await orders.upsert(late);
    for (const { orderId } of [early, late]) expect((await orders.get(userId, orderId))?.positionId).toBe(positionId);

    await projection.reset();
    await projection.apply(trader.events);
    for (const { orderId } of [early, late]) expect((await orders.get(userId, orderId))?.positionId).toBe(positionId);
  });

  it('keeps a receipt with every number of the event, for its owner alone', async () => {
    const { projection, receipts, portfolio } = repositories();
    const trader = aLife(aTrader());
    await projection.apply(trader.events);
    const signature = trader.events.at(-1)?.signature ?? '';
    const [receipt] = await receipts.find(userIdOf(trader.owner), signature);
    expect(receipt).toMatchObject({
      event: 'PositionLiquidated',
      data: {
        equityE26: '12',
        maintenanceE26: '34',
        oracle: { price: price8(143).toString() },
        before: { size: size8(6).toString() },
      },
    });
    expect(await receipts.find(userIdOf(aTrader().owner), signature)).toEqual([]);

    const [totals] = (await portfolio.totals([userIdOf(trader.owner)])).values();
    expect(totals?.tradingFeesPaid).toBe(50_000n * 2n + 25_000n + 100_000n * 2n);
    expect(totals?.realizedPnl).toBe(quote6(20.25) + quote6(-28) + quote6(-48));
  });

  it('computes the profit of a stored position at the price of its last event, on insert as on update', async () => {
    const { projection, positions } = repositories();
    const build = () => [3, 5].map((count) => ({ count, trader: aTrader() }));
    for (const { count, trader } of build()) {
      trader.openAccount().createPosition().increase('short', size8(2), price8(100), quote6(10));
      trader.increase('short', size8(2), price8(98), quote6(10));
      await projection.apply(trader.events.slice(0, count));
      await projection.apply(trader.events);
      const { rows } = await positions.list(userIdOf(trader.owner), {});
      // 4 at an average of 99, now 98: 4 earned.
      expect(rows[0]).toMatchObject({ entryPrice: price(price8(99)), size: size(size8(4)), unrealizedPnl: quote6(4) });
    }
  });
});
