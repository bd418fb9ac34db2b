import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Keypair } from '@solana/web3.js';
import fc from 'fast-check';
import { search } from '#support/random-search.ts';
import { describe, expect, it } from 'vitest';
import type { PlaceOrderCommand } from '../../../workers/account/contract.ts';
import { isFinished, liveAttempts, type StoredOrder } from '../../../workers/account/order-machine.ts';
import { derivedId } from '../../../workers/platform/ids.ts';
import { type Delivery, e8, OrderWorld, symbol } from './order-world.ts';

const runs = 120;
const actions = { min: 30, max: 70 } as const;
const timeLimitMs = 90_000;

const meta = { requestId: 'r', idempotencyKey: null, bodyHash: '' };
const delivery = fc.constantFrom<Delivery>('now', 'later', 'ahead');
const pick = fc.nat(30);
const whole = fc.integer({ min: 1, max: 4 }).map((size) => e8(BigInt(size)));
const side = fc.constantFrom('buy' as const, 'sell' as const);

/** Whatever traders, markets, executors, chains and machines may do to the orders of one account, in any order. */
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('place' as const), side, size: whole, exits: fc.nat(3) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('claim' as const), pick, age: fc.nat(1) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('submit' as const), pick }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('land' as const), pick, delivery }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('execute' as const), pick, delivery }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('leave' as const), pick, rejects: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('amend' as const), pick, size: whole }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('set_exits' as const), exits: fc.nat(8), size: whole }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), delivery }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('turn' as const), delivery }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('deadline' as const, 'evict' as const, 'read_chain' as const) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('deliver' as const) }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

const isLong = (of: 'buy' | 'sell'): boolean => of === 'buy';
/** Prices on the right side of the reference of 150. */
const exitPrices = (long: boolean, which: number) => ({
  takeProfit: (which & 1) === 0 ? null : long ? e8(160n) : e8(140n),
  stopLoss: (which & 2) === 0 ? null : long ? e8(140n) : e8(160n),
});

function entry(of: 'buy' | 'sell', size: bigint, exits: number): PlaceOrderCommand {
  return {
    meta,
    userId: '3f0b8f9e-0a50-4c66-9d4a-1d7f3a0c0002',
    symbol,
    side: of,
    orderType: exits > 1 ? 'market' : 'limit',
    quantity: size,
    price: exits > 1 ? null : isLong(of) ? e8(149n) : e8(151n),
    stopPrice: null,
    reduceOnly: false,
    leverageE2: 1_000,
    maxSlippageBps: null,
    timeInForce: 'gtc',
    expiresAtMs: null,
    clientOrderId: null,
    analysisId: null,
    ...exitPrices(isLong(of), exits),
  };
}

/** One of those that fit; null when none does. */
function choose(orders: readonly StoredOrder[], at: number, fits: (order: StoredOrder) => boolean): StoredOrder | null {
  const candidates = orders.filter(fits);
  return candidates[at % Math.max(1, candidates.length)] ?? null;
}

/** All steps of an execution without anything in between. */
function execute(world: OrderWorld, orderId: string, delivery: Delivery): void {
  const order = (): StoredOrder | null => world.parts.store.get(orderId);
  const inBook = world.book.get(orderId);
  if (inBook !== undefined) world.claim(orderId, inBook);
  const ready = order();
  if (ready !== null && isUnderWay(ready)) world.submit(ready);
  const submitted = order();
  const signature = submitted === null ? undefined : liveAttempts(submitted).at(-1)?.signature;
  if (submitted !== null && signature !== undefined) world.land(submitted, signature, delivery);
}

const nothing = { price: undefined, stopPrice: undefined, expiresAtMs: undefined, maxSlippageBps: undefined };

function act(world: OrderWorld, now: Action): void {
  const { parts, position } = world;
  const orders = world.orders();
  const isLive = (order: StoredOrder): boolean => liveAttempts(order).length > 0;
  switch (now.do) {
    case 'place':
      parts.desk.place(entry(now.side, now.size, now.exits), world.snapshot(), 'place_order');
      return;
    case 'claim': {
      const [orderId, version] = [...world.book][now.pick % Math.max(1, world.book.size)] ?? ['', 0];
      world.claim(orderId, version - now.age);
      return;
    }
    case 'submit': {
      const order = choose(orders, now.pick, ({ stage }) => ['accepted', 'triggered', 'submitted'].includes(stage));
      if (order !== null) world.submit(order);
      return;
    }
    case 'execute': {
      const order = choose(orders, now.pick, ({ stage }) => !isFinished(stage));
      if (order !== null) execute(world, order.orderId, now.delivery);
      return;
    }
    case 'land':
    case 'kill': {
      const order = choose(orders, now.pick, isLive);
      const live = order === null ? [] : liveAttempts(order);
      const attempt = live[now.pick % Math.max(1, live.length)];
      if (order === null || attempt === undefined) return;
      if (now.do === 'land') world.land(order, attempt.signature, now.delivery);
      else world.kill(order, attempt.signature);
      return;
    }
    case 'leave': {
      const order = choose(orders, now.pick, (each) => each.stage === 'submitted' && !isLive(each));
      if (order === null) return;
      const error = { code: 'CHAIN_003', message: '' };
      parts.ledger.apply(order.orderId, now.rejects ? { kind: 'reject', error } : { kind: 'rest' });
      return;
    }
    case 'cancel': {
      const order = choose(orders, now.pick, ({ stage }) => !isFinished(stage));
      if (order !== null) parts.desk.cancel(order.orderId);
      return;
    }
    case 'amend': {
      const order = choose(orders, now.pick, ({ stage }) => !isFinished(stage));
      const change = { ...nothing, quantity: now.size, takeProfit: undefined, stopLoss: undefined };
      if (order !== null) parts.desk.amend({ meta, orderId: order.orderId, ...change }, world.snapshot());
      return;
    }
    case 'set_exits': {
      const prices = exitPrices(position.side === 'long', now.exits);
      const positionId = parts.mirror.positionId(symbol, position);
      const command = {
        meta,
        userId: '3f0b8f9e-0a50-4c66-9d4a-1d7f3a0c0002',
        positionId,
        quantity: now.size,
        maxSlippageBps: null,
        ...prices,
      };
      parts.exitDesk.set(now.exits > 3 ? { ...command, stopLoss: undefined } : command, world.snapshot());
      return;
    }
    case 'close':
      if (position.size > 0n) world.trade(position.side === 'long' ? 'short' : 'long', position.size, 0n, now.delivery);
      return;
    case 'turn':
      if (position.size > 0n) {
        world.trade(position.side === 'long' ? 'short' : 'long', position.size, e8(1n), now.delivery);
      }
      return;
    case 'deadline':
      return parts.deadline.fire();
    case 'evict':
      return world.evict();
    case 'read_chain':
      return world.readChain();
    case 'deliver':
      return world.deliver();
  }
}

const isUnderWay = ({ stage }: StoredOrder): boolean => ['accepted', 'triggered', 'submitted'].includes(stage);

/** What holds after every step. */
function checkGroups(world: OrderWorld): void {
  const underWay = world.orders().filter((order) => order.groupId !== null && isUnderWay(order));
  expect(new Set(underWay.map(({ groupId }) => groupId)).size).toBe(underWay.length);
  for (const [groupId, closed] of world.closedBy()) {
    expect(closed, `group ${groupId} closes no more than it is for`).toBeLessThanOrEqual(world.allowed(groupId));
  }
  const { position } = world;
  for (const { error, positionSeq } of world.orders()) {
    if (error?.code === 'TRADING_027') expect(position.size > 0n && position.openedSeq === positionSeq).toBe(false);
  }
}

/** What holds once every event has come. */
function checkEnd(world: OrderWorld): void {
  world.deliver();
  world.carryToBook();
  const orders = world.orders();
  for (const order of orders) {
    const execution = world.executed.get(order.orderId);
    expect([order.stage === 'filled', order.transactionHash]).toEqual([
      execution !== undefined,
      execution?.signature ?? null,
    ]);
    const opened = order.fillParts.some((part) => part.opens !== null);
    for (const kind of ['take_profit', 'stop_loss'] as const) {
      const isPromised = opened && (kind === 'take_profit' ? order.takeProfit : order.stopLoss) !== null;
      expect(world.parts.store.get(derivedId(kind, order.orderId)) !== null).toBe(isPromised);
    }
    if (order.stage === 'resting' && !world.parts.exits.isHeldBack(order)) {
      expect(world.book.get(order.orderId), 'in the book').toBe(order.version);
    }
    if (order.exitKind === null || isFinished(order.stage) || order.withdrawn !== null) continue;
    expect([world.position.size > 0n, order.positionSeq]).toEqual([true, world.position.openedSeq]);
  }
}

/** The account hears of an exit's entry before it hears, in two parts, of the trade that turned the position. */
const turnToldLate: Action[] = [
  { do: 'place', side: 'sell', size: e8(1n), exits: 0 },
  { do: 'execute', pick: 0, delivery: 'later' },
  { do: 'turn', delivery: 'ahead' },
  { do: 'place', side: 'buy', size: e8(1n), exits: 1 },
  { do: 'execute', pick: 0, delivery: 'ahead' },
  { do: 'deliver' },
];

describe('exits, amendments, cancels, triggers and crashes in any order', () => {
  it(
    'a group closes what it is for once, one order at a time, no execution is lost, and an exit ends exactly with its position or its quantity',
    () =>
      runInDurableObject(
        env.ACCOUNTS.getByName(Keypair.generate().publicKey.toBase58()),
        (_instance: unknown, state: DurableObjectState) => {
          const owner = Keypair.generate().publicKey.toBase58();
          let executions = 0;
          let exitsExecuted = 0;
          fc.assert(
            fc.property(fc.array(action, { minLength: actions.min, maxLength: actions.max, size: 'max' }), (course) => {
              const world = new OrderWorld(state, owner);
              for (const now of course) {
                world.clock.advance(1_000);
                act(world, now);
                world.carryToBook();
                world.noteGroups();
                checkGroups(world);
              }
              checkEnd(world);
              executions += world.executed.size;
              exitsExecuted += [...world.executed.values()].filter(({ groupId }) => groupId !== null).length;
            }),
            { ...search(runs), examples: [[turnToldLate]] },
          );
          // The interleavings reach what they are about.
          expect(executions).toBeGreaterThan(runs);
          expect(exitsExecuted).toBeGreaterThan(runs / 4);
        },
      ),
    timeLimitMs,
  );
});
