import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import type { Wallet } from './wallet.ts';

/**
 * As if `ms` had gone by for a wallet's account: what its object keeps is so much older, what it holds in memory is forgotten, and its alarm
 * runs. Prices, chain and sessions keep their own time.
 */
export async function passTime({ account }: Wallet, ms: number): Promise<void> {
  await runInDurableObject(account as never, (_instance: unknown, { storage }: DurableObjectState) => {
    const { sql } = storage;
    sql.exec('UPDATE timers SET due_ms = due_ms - ?', ms);
    sql.exec('UPDATE outbox SET due_ms = due_ms - ?', ms);
    sql.exec('UPDATE keeper_transactions SET sent_ms = sent_ms - ?', ms);
    sql.exec(
      `UPDATE orders SET record = json_set(record, '$.submitByMs', json_extract(record, '$.submitByMs') - ?)
       WHERE json_extract(record, '$.submitByMs') IS NOT NULL`,
      ms,
    );
  });
  await evictDurableObject(account as never);
  await runDurableObjectAlarm(account as never);
}
