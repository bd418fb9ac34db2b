import { describe, expect, it } from 'vitest';
import { price } from '#shared/money/units.ts';
import { ConstraintViolation } from '#db/errors.ts';
import { createDeadLetterRepository } from '#db/repositories/dead-letters.ts';
import { createMarketDataRepository } from '#db/repositories/market-data.ts';
import { createOrderRepository } from '#db/repositories/orders.ts';
import { InvalidCursor } from '#db/repositories/page.ts';
import { createRiskAlertRepository } from '#db/repositories/risk-alerts.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { testPersonalData } from '#support/database/personal-data.ts';
import { describeOnDatabases } from '#support/database/test-database.ts';
import { newId, userIdOf } from '../../workers/platform/ids.ts';
import { anOrder } from './orders.ts';

const at = Date.UTC(2025, 5, 12, 20, 0, 0, 123);
let wallets = 0;
const aWallet = (): string => `Wallet${String((wallets += 1)).padStart(4, '0')}`.padEnd(44, 'x');
const trader = () => {
  const owner = aWallet();
  return { owner, userId: userIdOf(owner) };
};

describeOnDatabases('the repositories', (get) => {
  describe('users', () => {
    const users = () => createUserRepository(get().database, testPersonalData);

    it('are created by the first sign-in, and found again under the same id', async () => {
      const wallet = aWallet();
      const first = await users().signIn(wallet, at);
      expect(first).toMatchObject({
        id: userIdOf(wallet),
        walletAddress: wallet,
        createdAtMs: at,
        lastLoginMs: at,
        isActive: true,
      });
      const second = await users().signIn(wallet, at + 5_000);
      expect(second).toEqual({ ...first, lastLoginMs: at + 5_000, version: second.version });
      expect(second.version).toBeGreaterThan(first.version);
      const third = await users().signIn(wallet, at);
      expect(third).toEqual({ ...second, version: third.version });
      const { version: _version, ...profile } = third;
      expect(await users().get(first.id)).toEqual(profile);
      expect(await users().get(newId())).toBeNull();
    });

    it('change their own profile, and share no e-mail address', async () => {
      const [one, two] = [await users().signIn(aWallet(), at), await users().signIn(aWallet(), at)];
      const email = `${one.id}@example.com`;
      const preferences = { default_leverage: 5, nested: { list: [1, null, 'ü'] } };
      const changed = await users().changeProfile(one.id, {
        email,
        riskLevel: 'conservative',
        tradingPreferences: preferences,
      });
      expect(changed).toMatchObject({ email, riskLevel: 'conservative', tradingPreferences: preferences });
      expect(await users().changeProfile(one.id, {})).toEqual({ ...changed, version: expect.any(Number) as number });
      const refused = await users()
        .changeProfile(two.id, { email })
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ConstraintViolation);
      expect(refused).toMatchObject({ kind: 'unique', constraint: 'users_email_digest_key' });
    });
  });

  describe('orders', () => {
    const orders = () => createOrderRepository(get().database);

    it('come back as they were written, to the last digit', async () => {
      const { owner, userId } = trader();
      const order = anOrder({
        ...{
          owner,
          userId,
          orderType: 'stop_limit',
          quantity: 18_446_744_073_709_551_615n,
          price: 1n,
          stopPrice: 10_512_345_678_901n,
        },
        ...{
          clientOrderId: 'my order',
          expiresAtMs: at + 1,
          executedAtMs: at + 2,
          timeInForce: 'gtt',
          reduceOnly: true,
          leverageE2: 725,
        },
        ...{
          takeProfit: 3n,
          stopLoss: 4n,
          groupId: newId(),
          parentOrderId: newId(),
          exitKind: 'stop_loss',
          analysisId: newId(),
        },
        ...{
          filledQuantity: 3n,
          averageFillPrice: 2n,
          fee: 999_999_999_999_999_999n,
          stage: 'rejected',
          status: 'rejected',
        },
        error: { code: 'TRADING_004', message: 'Price moved past the worst price you accept' },
        attempts: [
          {
            signature: 's',
            expectedSeq: 2n ** 63n,
            signedAtMs: at,
            lastValidBlockHeight: 9,
            settledAtMs: null,
            outcome: 'failed',
            reason: 'stale',
          },
        ],
        transactionHash: 's'.repeat(88),
      });
      await orders().upsert(order);
      expect(await orders().get(userId, order.orderId)).toEqual(order);
      expect(await orders().getByClientId(userId, 'my order')).toEqual(order);
      expect(await orders().getByClientId(userId, 'another')).toBeNull();
      expect(await orders().get(trader().userId, order.orderId)).toBeNull();
    });

    it('keep the newest version, in whatever order versions arrive', async () => {
      const order = anOrder(trader());
      const filled = anOrder({
        ...order,
        version: 4,
        stage: 'filled',
        status: 'filled',
        filledQuantity: order.quantity,
      });
      await orders().upsert(filled);
      await orders().upsert({ ...order, version: 2, stage: 'submitted' });
      await orders().upsert({ ...filled, stage: 'accepted', status: 'pending' });
      expect(await orders().get(order.userId, order.orderId)).toEqual(filled);
    });

    it('never write a change of margin, which is no order', async () => {
      const change = anOrder({ ...trader(), intent: 'add_margin' });
      await orders().upsert(change);
      expect(await orders().get(change.userId, change.orderId)).toBeNull();
    });

    it('are listed newest first, each once, whatever the size of a page and with equal times', async () => {
      const owned = trader();
      const written = Array.from({ length: 7 }, (_, i) => anOrder({ ...owned, createdAtMs: at + Math.floor(i / 3) }));
      for (const order of written) await orders().upsert(order);
      for (const limit of [1, 2, 3, 7, 50]) {
        const listed: string[] = [];
        let cursor: string | null = null;
        do {
          const page = await orders().list(owned.userId, { limit, cursor });
          listed.push(...page.rows.map((order) => order.orderId));
          cursor = page.nextCursor;
        } while (cursor !== null);
        expect(new Set(listed).size).toBe(7);
        expect(listed).toHaveLength(7);
      }
      const all = (await orders().list(owned.userId, {})).rows.map((order) => order.createdAtMs);
      expect(all).toEqual([...all].sort((a, b) => b - a));
    });

    it('are listed by status and market', async () => {
      const owned = trader();
      await orders().upsert(anOrder({ ...owned, symbol: 'BTC-PERP' }));
      await orders().upsert(anOrder({ ...owned, status: 'cancelled', stage: 'expired' }));
      const count = async (filter: object) => (await orders().list(owned.userId, filter)).rows.length;
      expect(await count({ symbol: 'BTC-PERP' })).toBe(1);
      expect(await count({ status: 'cancelled' })).toBe(1);
      expect(await count({ status: 'cancelled', symbol: 'BTC-PERP' })).toBe(0);
    });

    it('refuse a cursor that no list gave', async () => {
      const { userId } = trader();
      const beyondDates = `8640000000000000_${newId()}`;
      const forged = ['9'.repeat(20), `1_${'-'.repeat(36)}`, beyondDates].map(btoa);
      for (const cursor of ['', 'x', '%%%', btoa('1'), btoa('drop table'), 'A'.repeat(500), ...forged]) {
        await expect(orders().list(userId, { cursor }), cursor).rejects.toThrow(InvalidCursor);
      }
    });

    it('that are unfinished lead the sweep to their wallets, slice by slice', async () => {
      const old = Date.UTC(2024, 0, 1);
      const owners = [trader(), trader(), trader()];
      for (const owned of owners) await orders().upsert(anOrder({ ...owned, createdAtMs: old }));
      await orders().upsert(anOrder({ ...trader(), createdAtMs: old, status: 'filled', stage: 'filled' }));
      await orders().upsert(anOrder({ ...trader(), createdAtMs: at }));
      const first = await orders().walletsWithUnfinished(old + 1, null, 2);
      const second = await orders().walletsWithUnfinished(old + 1, first.next, 2);
      expect([...first.wallets, ...second.wallets]).toEqual(owners.map(({ owner }) => owner).sort());
      expect(second.next).toBeNull();
    });
  });

  describe('prices', () => {
    const prices = () => createMarketDataRepository(get().database);
    const second = 1_749_758_400;

    it('are kept once per market and ten seconds, with every digit', async () => {
      const point = {
        symbol: 'BTC-PERP',
        price: price(10_512_345_678_901n),
        confidence: price(4_212_340_001n),
        publishTime: second,
      };
      await prices().record([point, { ...point, price: price(1n), publishTime: second + 9 }]);
      await prices().record([
        { ...point, price: price(2n), publishTime: second + 5 },
        { ...point, price: price(3n), publishTime: second + 10 },
        { ...point, symbol: 'SOL-PERP' },
      ]);
      const stored = await prices().range('BTC-PERP', second, second + 20);
      expect(stored.map((row) => [row.price, row.publishTime])).toEqual([
        [point.price, second],
        [3n, second + 10],
      ]);
      expect(stored[0]?.confidence).toBe(4_212_350_000n);
      expect(await prices().latest('BTC-PERP')).toMatchObject({ publishTime: second + 10 });
      expect(await prices().latest('DOGE-PERP')).toBeNull();
    });

    it('are pruned after thirty days', async () => {
      const day = 86_400;
      const point = { symbol: 'ETH-PERP', price: price(1n), confidence: price(0n) };
      await prices().record(
        [31, 30.001, 29].map((days) => ({ ...point, publishTime: Math.floor(second - days * day) })),
      );
      expect(await prices().prune(second * 1000)).toBe(2);
      expect(await prices().prune(second * 1000)).toBe(0);
      expect(await prices().range('ETH-PERP', 0, second)).toHaveLength(1);
    });
  });

  describe('alerts and dead letters', () => {
    it('are stored once, however often they are delivered', async () => {
      const { database } = get();
      const alerts = createRiskAlertRepository(database);
      const user = await createUserRepository(database, testPersonalData).signIn(aWallet(), at);
      const alert = {
        ...({ id: newId(), kind: 'margin_warning', symbol: 'SOL-PERP', positionId: newId() } as const),
        ...{ message: 'close to liquidation', signature: null, createdAtMs: at },
      };
      await alerts.insert(user.id, alert);
      await alerts.insert(user.id, alert);
      expect(await alerts.list(user.id, {})).toEqual({ rows: [alert], nextCursor: null });

      const letters = createDeadLetterRepository(database);
      const letter = {
        queue: 'risk-checks',
        messageId: newId(),
        body: { kind: 'liquidation' },
        error: 'x',
        attempts: 5,
        createdAtMs: at,
      };
      await letters.store(letter);
      await letters.store({ ...letter, attempts: 6 });
      const { rows } = await letters.list({ status: 'stored' });
      expect(rows).toMatchObject([letter]);
    });

    it('are settled by one operator', async () => {
      const letters = createDeadLetterRepository(get().database);
      await letters.store({
        queue: 'q',
        messageId: newId(),
        body: null,
        error: null,
        attempts: 1,
        createdAtMs: at + 1,
      });
      const [letter] = (await letters.list({ status: 'stored' })).rows;
      const id = letter?.id ?? '';
      expect(await letters.settle(id, 'replayed', at + 10)).toBe(true);
      expect(await letters.settle(id, 'replayed', at + 10)).toBe(true);
      expect(await letters.settle(id, 'discarded', at + 20)).toBe(false);
      expect(await letters.get(id)).toMatchObject({ status: 'replayed', replayedAtMs: at + 10 });
    });
  });
});
