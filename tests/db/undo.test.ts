import { beforeEach, expect, it } from 'vitest';
import { undoFrom } from '#db/projection/undo.ts';
import { createProjectionRepository } from '#db/repositories/projection.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { positionAddressOf, price8, quote6, size8, Trader } from './position-events.ts';

const tables = [
  ...['trading_positions', 'position_history', 'fills', 'liquidations', 'funding_payments', 'transfers'],
  ...['projected_events', 'projection_streams'],
];
let traders = 0;
const aTrader = (): Trader => new Trader(`Forked${(traders += 1)}`.padEnd(44, 'x')).openAccount().deposit(quote6(500));

/** Lives in which every kind of event changes every kind of row. */
const LIVES: readonly [string, (trader: Trader) => Trader][] = [
  [
    'a position that grows, shrinks and is liquidated in two parts',
    (trader) =>
      trader
        .createPosition()
        .increase('long', size8(10), price8(150), quote6(75))
        .increase('long', size8(5), price8(153), quote6(38.25))
        .addMargin(quote6(11.75))
        .reduce(size8(5), price8(155), { funding: -quote6(0.5), borrow: quote6(0.25) })
        .liquidate(size8(4), price8(144))
        .liquidate(size8(6), price8(143), { liquidator: trader.owner }),
  ],
  [
    'a position that turns, is settled, closes and opens again',
    (trader) =>
      trader
        .createPosition()
        .increase('long', size8(1), price8(150), quote6(10))
        .turn(size8(3), price8(151), quote6(30))
        .requestClose()
        .settle(-quote6(0.5), quote6(0.2), price8(152))
        .addMargin(quote6(3))
        .payOut(quote6(7), quote6(2))
        .reduce(size8(2), price8(149))
        .increase('short', size8(4), price8(148), quote6(20)),
  ],
  [
    'withdrawals that wait, are paid in parts, returned and cancelled',
    (trader) =>
      trader
        .queueWithdrawal(1n, quote6(50))
        .payWithdrawal(1n, quote6(20), quote6(30))
        .queueWithdrawal(2n, quote6(40))
        .payWithdrawal(1n, quote6(30), 0n)
        .endWithdrawal('WithdrawalCancelled', 2n, quote6(40))
        .queueWithdrawal(3n, quote6(10))
        .payWithdrawal(3n, quote6(4), quote6(6))
        .endWithdrawal('WithdrawalReturned', 3n, quote6(6))
        .withdraw(quote6(5)),
  ],
];

/** Every moment of a life is gone back to: many small transactions. */
const lifeTimeoutMs = 120_000;

describeOnDatabases('a fork', (get) => {
  const projection = () => createProjectionRepository(get().database, positionAddressOf);
  const allRows = async () => {
    const { database } = get();
    const results = await database.transaction({ role: 'projector' }, (orm) =>
      tables.map((table) => orm.execute(`SELECT to_jsonb(t) - 'updated_at' AS row FROM ${table} t ORDER BY 1`)),
    );
    return results.map(({ rows }) => rows);
  };

  beforeEach(async () => projection().reset());

  it.each(LIVES)(
    'takes %s back to what it was at every moment, and what comes instead is applied',
    async (_life, live) => {
      const trader = live(aTrader());
      const bystander = live(aTrader());
      // Long before the fork.
      await projection().apply(bystander.events.map((event) => ({ ...event, slot: 1 })));
      const slots = [...new Set(trader.events.map(({ slot }) => slot))];
      const states = [await allRows()];
      for (const slot of slots) {
        await projection().apply(trader.events.filter((event) => event.slot === slot));
        states.push(await allRows());
      }
      for (const [index, slot] of slots.entries()) {
        const undone = await undoFrom(get().database, slot);
        expect(undone).toBe(trader.events.filter((event) => event.slot >= slot).length);
        expect(await allRows(), `from slot ${slot}`).toEqual(states[index]);
        expect(await undoFrom(get().database, slot)).toBe(0);
        expect((await projection().apply(trader.events)).held).toEqual([]);
        expect(await allRows()).toEqual(states.at(-1));
      }
    },
    lifeTimeoutMs,
  );
});
