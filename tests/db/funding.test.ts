import { expect, it } from 'vitest';
import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import { createPositionRepository } from '#db/repositories/positions.ts';
import { createProjectionRepository } from '#db/repositories/projection.ts';
import { createTransferRepository } from '#db/repositories/transfers.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { userIdOf } from '../../workers/platform/ids.ts';
import { positionAddressOf, price8, quote6, size8, Trader } from './position-events.ts';

const owed = { funding: -quote6(0.5), borrow: quote6(0.25) };
const open = (): Trader =>
  new Trader(`Owes${Math.random()}`.padEnd(44, 'x'))
    .openAccount()
    .createPosition()
    .increase('long', size8(4), price8(150), quote6(60));

/** One of each event that realises funding and borrow, however it came about. */
const REALISING: Readonly<Record<string, (trader: Trader) => Trader>> = {
  PositionReduced: (trader) =>
    trader
      .reduce(size8(1), price8(151), { ...owed, reason: 'order' })
      .reduce(size8(1), price8(151), { ...owed, reason: 'close_request' })
      .reduce(size8(1), price8(151), { ...owed, reason: 'capped' }),
  PositionLiquidated: (trader) => trader.liquidate(size8(2), price8(140), owed).liquidate(size8(2), price8(139), owed),
  PositionSettled: (trader) => trader.settle(owed.funding, owed.borrow, price8(150)),
};

describeOnDatabases('funding and borrow', (get) => {
  it('are realised by these events of the program and no other', () => {
    const realising = idl.types.filter(({ name, type }) => {
      const fields = 'fields' in type ? (type.fields as readonly { readonly name: string }[]) : [];
      const isEvent = idl.events.some((event) => event.name === name);
      return isEvent && ['funding', 'borrow'].every((wanted) => fields.some((field) => field.name === wanted));
    });
    expect(realising.map(({ name }) => name).toSorted()).toEqual(Object.keys(REALISING).toSorted());
  });

  it.each(Object.entries(REALISING))(
    'make a row for each %s, and for nothing that realises none',
    async (_name, live) => {
      const { database } = get();
      const opened = open().addMargin(quote6(1));
      const before = opened.events.length;
      const trader = live(opened);
      await createProjectionRepository(database, positionAddressOf).apply(trader.events);
      const page = await createTransferRepository(database).fundingPayments(userIdOf(trader.owner), {});
      expect(page.rows.map(({ funding, borrow }) => ({ funding, borrow }))).toEqual(
        trader.events.slice(before).map(() => owed),
      );
    },
  );

  it('add up per position to the unit, over increases, settlements, a part closed and a part liquidated', async () => {
    const { database } = get();
    const more = { ...owed, reason: 'order', impact: quote6(0.000_003) };
    const trader = open()
      .increase('long', size8(1), price8(151), quote6(15), { impact: quote6(0.000_001) })
      .settle(quote6(0.000_001), quote6(0.000_002), price8(150))
      .reduce(size8(1), price8(151), more)
      .liquidate(size8(1), price8(140), owed);
    await createProjectionRepository(database, positionAddressOf).apply(trader.events);
    const [costs, ...others] = await createPositionRepository(database).costs(userIdOf(trader.owner));
    expect(others).toEqual([]);
    expect(costs).toMatchObject({
      symbol: 'SOL-PERP',
      fundingPaid: quote6(0.000_001) + 2n * owed.funding,
      borrowPaid: quote6(0.000_002) + 2n * owed.borrow,
      // Two openings, a reduction, a liquidation.
      feesPaid: 50_000n + 50_000n + 25_000n + 100_000n,
      impactPaid: 4n,
    });
  });

  it("begin anew with a flip, and are nobody else's", async () => {
    const { database } = get();
    const trader = open()
      .settle(quote6(3), quote6(2), price8(150))
      .turn(size8(5), price8(150), quote6(15), { reason: 'order' });
    await createProjectionRepository(database, positionAddressOf).apply(trader.events);
    const positions = createPositionRepository(database);
    const costs = await positions.costs(userIdOf(trader.owner));
    expect(costs).toMatchObject([{ fundingPaid: 0n, borrowPaid: 0n, impactPaid: 0n }]);
    expect(await positions.costs(userIdOf(open().owner))).toEqual([]);
  });
});
