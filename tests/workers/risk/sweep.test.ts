import { createExecutionContext, createMessageBatch, getQueueResult, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { describe, expect, inject, it } from 'vitest';
import { createDatabase } from '#db/client.ts';
import { createDeadLetterRepository } from '#db/repositories/dead-letters.ts';
import { loadKeys } from '../../../workers/chain/keys.ts';
import { readSettings } from '../../../workers/env.ts';
import { consumeRiskChecks } from '../../../workers/risk/consumer.ts';
import { storeDeadLetters } from '../../../workers/risk/dead-letter.ts';
import type { RiskMessage } from '../../../workers/risk/message.ts';
import { sweep } from '../../../workers/risk/sweep.ts';
import { base, Wallet } from '../account/wallet.ts';
import { until } from '../market/hermes-control.ts';

const database = () => {
  const settings = readSettings(env);
  return createDatabase({ databaseUrl: settings.DATABASE_URL, httpEndpoint: settings.DATABASE_HTTP_ENDPOINT });
};
const duties = () => env.ACCOUNTS.getByName(loadKeys(readSettings(env)).keeper.publicKey.toBase58());

describe('the sweep', () => {
  it('resumes an order whose object lost its timers', async () => {
    const wallet = await Wallet.open(1_000n);
    // An order that rests is old enough for the sweep; its effects stand in the outbox, its alarm is gone.
    const order = await wallet.place({ orderType: 'limit', price: 10n ** 8n, quantity: base(100n), leverageE2: 5_000 });
    await wallet.reached(order.orderId, 'resting');
    await runInDurableObject(wallet.account as never, async (_instance: unknown, state: DurableObjectState) => {
      state.storage.sql.exec(
        "INSERT INTO outbox (topic, key, payload, due_ms, created_ms) VALUES ('rest', ?, ?, 0, 0)",
        order.orderId,
        order.orderId,
      );
      state.storage.sql.exec('DELETE FROM timers');
      await state.storage.deleteAlarm();
    });
    const inOutbox = () =>
      runInDurableObject(wallet.account as never, (_instance: unknown, state: DurableObjectState) =>
        Number(state.storage.sql.exec('SELECT COUNT(*) AS size FROM outbox').one().size),
      );
    await sweep(env, Date.now() + 10 * 60_000);
    await until('the effects are done', async () => (await inOutbox()) === 0);
  });

  it('does not run twice at once, and a late holder of the lease can store nothing', async () => {
    const first = (await duties().takeLease('test', 60_000)) ?? expect.fail();
    expect(await duties().takeLease('test', 60_000)).toBeNull();
    await runInDurableObject(duties() as never, (_instance: unknown, state: DurableObjectState) => {
      state.storage.sql.exec("UPDATE leases SET until_ms = 0 WHERE name = 'test'");
    });
    const second = (await duties().takeLease('test', 60_000)) ?? expect.fail();
    expect(second.token).toBeGreaterThan(first.token);
    expect(await duties().saveCursor('test', first.token, 'late')).toBe(false);
    expect(await duties().saveCursor('test', second.token, 'wallet')).toBe(true);
    await duties().endLease('test', second.token);
    expect((await duties().takeLease('test', 60_000))?.cursor).toBe('wallet');
  });
});

const idOf = ({ msgId }: { msgId: string }): string => msgId;

describe('dead letters', () => {
  it('are stored once, whatever they contain, and acknowledged', async () => {
    const id = crypto.randomUUID();
    const messages = [1, 2].map(() => ({
      id,
      timestamp: new Date(),
      attempts: 6,
      body: { kind: 'nonsense', why: '<script>' },
    }));
    for (const message of messages) {
      const batch = createMessageBatch('risk-dead-letters', [message]);
      const context = createExecutionContext();
      await storeDeadLetters(batch as unknown as MessageBatch<RiskMessage>, env);
      expect((await getQueueResult(batch, context)).explicitAcks).toEqual([id]);
    }
    const { rows } = await createDeadLetterRepository(database()).list({});
    const mine = rows.filter((letter) => letter.messageId === id);
    expect(mine).toMatchObject([{ body: { kind: 'nonsense', why: '<script>' } }]);
  });

  it('come of what is no message, which is given back as often as the queue allows and never acknowledged', async () => {
    const id = crypto.randomUUID();
    const body = { kind: 'liquidation', owner: 'nobody' };
    const batch = createMessageBatch('risk', [{ id, timestamp: new Date(), attempts: 1, body }]);
    const context = createExecutionContext();
    await consumeRiskChecks(batch as unknown as MessageBatch<RiskMessage>, env, context);
    const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
    expect([explicitAcks, retryMessages.map(idOf)]).toEqual([[], [id]]);
  });

  it('that the database does not take are given back for later, not acknowledged', async () => {
    const id = crypto.randomUUID();
    const batch = createMessageBatch('risk-dead-letters', [{ id, timestamp: new Date(), attempts: 6, body: {} }]);
    const context = createExecutionContext();
    const neon = async (mode: string) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(inject('stackControls').neon, {
        method: 'POST',
        headers,
        body: JSON.stringify({ mode }),
      });
      expect(answer.ok).toBe(true);
      await answer.body?.cancel();
    };
    await neon('refuse');
    try {
      await storeDeadLetters(batch as unknown as MessageBatch<RiskMessage>, env);
    } finally {
      await neon('ok');
    }
    const { explicitAcks, retryMessages } = await getQueueResult(batch, context);
    expect([explicitAcks, retryMessages.map(idOf)]).toEqual([[], [id]]);
  });
});
