import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  KEEPER_TRANSACTIONS_TABLE,
  KeeperBudget,
  payingFeeMin,
  protectionPauseMs,
  unpaidTransactionsPerDayMax,
} from '../../../workers/account/keeper-budget.ts';
import type { OrderAttempt, OrderRecord } from '../../../workers/account/contract.ts';
import { immediateAttemptsMax, retryPauseMs, retryPauseMsMin } from '../../../workers/account/retry-pause.ts';
import { acceptedOrder } from '../../../workers/account/testing.ts';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readPriceAccount } from '../../../workers/chain/oracle.ts';
import { signTransaction } from '../../../workers/chain/transactions.ts';
import { readSettings } from '../../../workers/env.ts';
import { armFaults } from '../../../workers/platform/failpoint-faults.ts';
import { ManualClock } from '../../../workers/platform/testing.ts';
import { resetHermes, until } from '../market/hermes-control.ts';
import { withStorage } from '../market/with-storage.ts';
import { passTime } from './pass-time.ts';
import { base, e8, setPrice, untilPrice, usdc, Wallet } from './wallet.ts';

const chain = chainOf(readSettings(env));
const dayMs = 86_400_000;
const confirmMsMax = 30_000;

const attempt = (signature: string, outcome: OrderAttempt['outcome'] = 'sent', expectedSeq = 1n): OrderAttempt => ({
  signature,
  expectedSeq,
  signedAtMs: 0,
  lastValidBlockHeight: 1,
  outcome,
  settledAtMs: null,
  reason: null,
});

const inObject = <T>(wallet: Wallet, body: (sql: SqlStorage) => T): Promise<T> =>
  runInDurableObject(wallet.account as never, (_instance: unknown, state: DurableObjectState) =>
    body(state.storage.sql),
  );

const counted = (wallet: Wallet): Promise<number> =>
  inObject(wallet, (sql) => Number(sql.exec('SELECT COUNT(*) AS n FROM keeper_transactions').one()['n']));

/** As if so many transactions of the last hour had brought the exchange nothing. */
const spend = (wallet: Wallet): Promise<unknown> =>
  inObject(wallet, (sql) =>
    sql.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO keeper_transactions (signature, sent_ms) SELECT 'spent-' || i, ? FROM n`,
      unpaidTransactionsPerDayMax,
      Date.now() - 3_600_000,
    ),
  );

const codeOf = (answer: { ok: boolean; error?: { code: string } }): string | null => answer.error?.code ?? null;

async function changeMargin(wallet: Wallet, amount: bigint, symbol = 'SOL-PERP') {
  const held = (await wallet.account.state()).positions.find((position) => position.symbol === symbol);
  const { meta, userId } = wallet.order();
  return wallet.account.changeMargin({ meta, userId, positionId: held?.positionId ?? '', amount });
}

/** Adds 1e-6 USDC of margin as a wallet of its own would: that takes the command number an order was signed for. */
async function takeNumber({ address, keypair }: Wallet): Promise<void> {
  const owner = keypair.publicKey;
  const [latest, trader] = await Promise.all([chain.rpc.getLatestBlockhash(), chain.readTrader(address)]);
  const { seq: expectedSeq } = trader.positions.get('SOL-PERP') ?? expect.fail('no position');
  const input = { amount: 1n, orderId: crypto.randomUUID(), expectedSeq };
  const add = chain.instructions.addMargin(owner, 'SOL-PERP', { keeper: null, ownerSigner: owner }, input);
  const signed = signTransaction([add], keypair, [], latest);
  await chain.rpc.sendTransaction(signed.wire);
  const { kind } = await chain.confirm(signed, confirmMsMax);
  if (kind !== 'landed') throw new Error(`the attack is ${kind}`);
}

/** Whenever an attempt of the wallet's orders is stored and about to be sent, its command number is taken first. */
function takeEveryNumber(wallet: Wallet): void {
  const report = 'http://attack.test/';
  const real = globalThis.fetch;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    if (input !== report) return real(input, init);
    await takeNumber(wallet);
    return new Response(null, { status: 204 });
  });
  armFaults([{ name: 'order.stored', action: 'stall', subject: wallet.address, times: 1_000, report }]);
}

/** What an order came to, once it is over. */
const over = (wallet: Wallet, orderId: string): Promise<OrderRecord> =>
  wallet.reached(orderId, 'filled', 'rejected', 'cancelled');
const isSigned = async (wallet: Wallet, orderId: string): Promise<boolean> =>
  ((await wallet.account.getOrder(orderId))?.attempts.length ?? 0) > 0;

/** When the row that brings an order back from its pause is due, milliseconds; null while it has none. */
const dueMs = (wallet: Wallet, orderId: string): Promise<number | null> =>
  inObject(wallet, (sql) => {
    const [row] = sql.exec("SELECT due_ms FROM outbox WHERE topic = 'retry' AND key = ?", orderId).toArray();
    return row === undefined ? null : Number(row['due_ms']);
  });
const lastSentMs = (wallet: Wallet): Promise<number> =>
  inObject(wallet, (sql) => Number(sql.exec('SELECT MAX(sent_ms) AS last FROM keeper_transactions').one()['last']));

/** Waits until an order has been told to wait for its turn: unsigned, and until so long after the last transaction. */
async function awaitsTurn(wallet: Wallet, orderId: string): Promise<void> {
  await until('it waits for its turn', async () => {
    const due = await dueMs(wallet, orderId);
    return due !== null && due >= (await lastSentMs(wallet)) + protectionPauseMs;
  });
  expect(await isSigned(wallet, orderId)).toBe(false);
}

describe('what keepers send for one wallet', () => {
  it('is counted once per attempt, given back where it never landed or its trade paid for it, and forgotten after a day', () =>
    withStorage((storage) => {
      storage.sql.exec(KEEPER_TRANSACTIONS_TABLE);
      const clock = new ManualClock();
      const budget = new KeeperBudget(storage.sql, clock);
      const size = (): unknown => storage.sql.exec('SELECT COUNT(*) AS n FROM keeper_transactions').one()['n'];
      const accepted = acceptedOrder();
      const sent = { ...accepted, attempts: [attempt('a')] };
      budget.follow(accepted, sent);
      budget.follow(sent, { ...sent, version: 9 });
      expect(size()).toBe(1);
      const filled = { ...sent, stage: 'filled', transactionHash: 'a' } as const;
      budget.follow(sent, { ...filled, fee: payingFeeMin - 1n });
      budget.follow(sent, { ...filled, intent: 'add_margin', fee: payingFeeMin });
      expect(size()).toBe(1);
      budget.follow(sent, { ...filled, fee: payingFeeMin });
      expect(size()).toBe(0);
      const [lost, expired] = [attempt('b'), attempt('b', 'expired')];
      budget.follow(accepted, { ...accepted, attempts: [lost] });
      budget.follow({ ...accepted, attempts: [lost] }, { ...accepted, attempts: [expired] });
      expect(size()).toBe(0);
      for (let i = 0; i < unpaidTransactionsPerDayMax; i++) {
        expect(budget.refusal()).toBeNull();
        budget.follow(accepted, { ...accepted, attempts: [attempt(`s${i}`)] });
      }
      expect(budget.refusal()).toMatchObject({ code: 'RATE_003' });
      expect(budget.takeTurn()).toBe(protectionPauseMs);
      clock.advance(protectionPauseMs);
      expect([budget.takeTurn(), budget.takeTurn()], 'one takes the turn').toEqual([0, protectionPauseMs]);
      clock.advance(dayMs - protectionPauseMs);
      expect([budget.refusal(), budget.takeTurn(), budget.takeTurn()]).toEqual([null, 0, 0]);
      budget.follow(accepted, { ...accepted, attempts: [attempt('next')] });
      expect(size()).toBe(1);
    }));

  it('is given back as far as the fee of the filled order reaches, what never landed too, but not what created its position', () =>
    withStorage((storage) => {
      storage.sql.exec(KEEPER_TRANSACTIONS_TABLE);
      const budget = new KeeperBudget(storage.sql, new ManualClock());
      const left = (fees: bigint, expectedSeq: bigint): unknown[] => {
        storage.sql.exec('DELETE FROM keeper_transactions');
        const order = acceptedOrder();
        const tries = ['a', 'b', 'c'].map((signature) => attempt(signature, 'sent', expectedSeq));
        tries.forEach((_, i) => budget.follow(order, { ...order, attempts: tries.slice(0, i + 1) }));
        const sent = { ...order, attempts: tries };
        budget.follow(sent, { ...sent, stage: 'filled', transactionHash: 'b', fee: fees * payingFeeMin });
        const rows = storage.sql.exec('SELECT signature FROM keeper_transactions ORDER BY signature').toArray();
        return rows.map(({ signature }) => signature);
      };
      expect([0n, 1n, 2n, 3n].map((fees) => left(fees, 1n))).toEqual([['a', 'b', 'c'], ['a', 'c'], ['c'], []]);
      expect(left(3n, 0n)).toEqual(['b']);
    }));

  it('after failing alike three times waits, twice as long each time, up to 8 s', () => {
    const failed = (reason: string | null) => ({ outcome: 'failed', reason }) as const;
    const stale = (times: number) => Array.from({ length: times }, () => failed('StaleCommand'));
    const pauses = [0, 1, 2, 3, 4, 5, 8, 9, 20].map((times) => retryPauseMs(stale(times)));
    expect(pauses).toEqual([0, 0, 0, 250, 500, 1_000, 8_000, 8_000, 8_000]);
    expect(retryPauseMs([...stale(9), failed('SlippageExceeded')])).toBe(0);
    expect(retryPauseMs([failed('SlippageExceeded'), ...stale(3)])).toBe(250);
  });
});

describe('a wallet whose orders cost the exchange', () => {
  let wallet: Wallet;
  beforeEach(async () => {
    await setPrice('150');
    await untilPrice(150n);
    wallet = await Wallet.open(1_000n);
  });
  afterEach(() => {
    armFaults([]);
    vi.restoreAllMocks();
  });
  afterAll(resetHermes);

  it('is charged for what fails and for changes of margin, not for trades that pay their fee', async () => {
    await wallet.reached((await wallet.place({ quantity: base(2n) })).orderId, 'filled');
    expect(await counted(wallet), 'the rent of the position').toBe(1);
    await wallet.reached((await wallet.place({ quantity: base(1n) })).orderId, 'filled');
    expect(await counted(wallet)).toBe(1);
    const added = await changeMargin(wallet, usdc(5n));
    if (added.ok) await wallet.reached(added.value.orderId, 'filled');
    expect(await counted(wallet)).toBe(2);
    // It is held up until the price has gone.
    armFaults([{ name: 'order.priced', action: 'throw', subject: wallet.address, times: 1_000 }]);
    const slipping = await wallet.place({ quantity: base(2n), maxSlippageBps: 20 });
    await setPrice('152');
    const onChain = async () => (await readPriceAccount(chain.rpc, 'SOL-PERP'))?.update.price;
    await until('the chain has the price', async () => (await onChain()) === e8(152n));
    armFaults([]);
    const slipped = await wallet.reached(slipping.orderId, 'filled', 'rejected');
    expect(slipped).toMatchObject({ stage: 'rejected', error: { code: 'TRADING_004' }, attempts: [{}] });
    expect(await counted(wallet)).toBe(3);
  });

  it('opens nothing more once its budget is spent, whenever it had been placed: RATE_003', async () => {
    await wallet.reached((await wallet.place({ quantity: base(2n) })).orderId, 'filled');
    const resting = await wallet.place({ orderType: 'limit', price: e8(145n), quantity: base(1n) });
    await spend(wallet);
    expect(codeOf(await wallet.account.placeOrder(wallet.order()))).toBe('RATE_003');
    const low = { orderType: 'limit', price: e8(140n) } as const;
    expect(codeOf(await wallet.account.placeOrder(wallet.order(low)))).toBe('RATE_003');
    const turning = { side: 'sell', quantity: base(3n) } as const;
    expect(codeOf(await wallet.account.placeOrder(wallet.order(turning)))).toBe('RATE_003');
    expect(codeOf(await changeMargin(wallet, usdc(-1n)))).toBe('RATE_003');
    expect((await wallet.account.orderTerms('SOL-PERP')).refusalOfOpening?.code).toBe('RATE_003');
    await setPrice('144');
    expect(await wallet.reached(resting.orderId, 'filled', 'rejected')).toMatchObject({
      stage: 'rejected',
      error: { code: 'RATE_003' },
      attempts: [],
    });
  });

  it('still adds margin, closes and is taken out by its exits then, unpaid ones ten seconds apart', async () => {
    const entry = await wallet.place({ quantity: base(3n), stopLoss: e8(140n) });
    await wallet.reached(entry.orderId, 'filled');
    await spend(wallet);
    const added = await changeMargin(wallet, usdc(5n));
    const margin = await over(wallet, added.ok ? added.value.orderId : '');
    expect(margin.stage).toBe('filled');
    const part = await wallet.place({ side: 'sell', quantity: base(1n) });
    await awaitsTurn(wallet, part.orderId);
    await passTime(wallet, protectionPauseMs);
    const closed = await over(wallet, part.orderId);
    expect(closed).toMatchObject({ stage: 'filled', filledQuantity: base(1n) });
    await setPrice('139');
    await until('the stop-loss is executed', async () => (await wallet.account.state()).positions.length === 0);
  });

  it('then sends what protects one at a time, whatever markets it is for, and none of it comes too late', async () => {
    const btc = { symbol: 'BTC-PERP', quantity: base(1n) / 100n };
    for (const entry of [{ quantity: base(2n) }, btc])
      await wallet.reached((await wallet.place(entry)).orderId, 'filled');
    await spend(wallet);
    const markets = ['SOL-PERP', 'BTC-PERP', 'SOL-PERP', 'BTC-PERP', 'SOL-PERP'];
    const added = await Promise.all(markets.map((symbol) => changeMargin(wallet, usdc(5n), symbol)));
    const ids = added.map((answer) => (answer.ok ? answer.value.orderId : expect.fail(answer.error.code)));
    const stages = async () => {
      const orders = await Promise.all(ids.map((id) => wallet.account.getOrder(id)));
      return orders.map((order) => order?.error?.code ?? order?.stage);
    };
    for (let turn = 1; ; turn += 1) {
      const filled = async () => (await stages()).filter((stage) => stage === 'filled').length;
      await until(`turn ${turn}`, async () => (await filled()) === turn);
      if (turn === ids.length) break;
      for (const [i, stage] of (await stages()).entries())
        if (stage !== 'filled') await awaitsTurn(wallet, ids[i] ?? '');
      expect(await filled(), 'one has the turn').toBe(turn);
      await passTime(wallet, protectionPauseMs);
    }
    expect(await stages()).toEqual(markets.map(() => 'filled'));
  });

  it('and who takes every command number himself has it send three attempts at once and then ever fewer, and may cancel between them', async () => {
    await wallet.reached((await wallet.place({ quantity: base(2n) })).orderId, 'filled');
    takeEveryNumber(wallet);
    const order = await wallet.place({ quantity: base(1n) });
    const attempts = await until('six attempts lost their number', async () => {
      const tried = (await wallet.account.getOrder(order.orderId))?.attempts ?? [];
      return tried.filter(({ reason }) => reason === 'StaleCommand').length >= 2 * immediateAttemptsMax && tried;
    });
    expect(attempts.slice(0, 2 * immediateAttemptsMax).map(({ outcome }) => outcome)).not.toContain('landed');
    for (let at = immediateAttemptsMax; at < 2 * immediateAttemptsMax; at++) {
      const apartMs = (attempts[at]?.signedAtMs ?? 0) - (attempts[at - 1]?.settledAtMs ?? 0);
      expect(apartMs).toBeGreaterThanOrEqual(retryPauseMsMin * 2 ** (at - immediateAttemptsMax));
    }
    const cancelled = () => wallet.account.cancelOrder(order.orderId, wallet.order().meta);
    expect(await until('it is cancelled', async () => (await cancelled()).ok)).toBe(true);
  });
});
