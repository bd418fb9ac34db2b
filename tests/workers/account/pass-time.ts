import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test';
import type { Wallet } from './wallet.ts';

const inObject = <T>(wallet: Wallet, body: (state: DurableObjectState) => T | Promise<T>): Promise<T> =>
  runInDurableObject(wallet.account as never, (_instance: unknown, state: DurableObjectState) => body(state));

/**
 * As if `ms` had gone by for a wallet's account: what its object keeps is so much older, what it holds in memory is forgotten, and its alarm
 * runs. Prices, chain and sessions keep their own time.
 */
export async function passTime(wallet: Wallet, ms: number): Promise<void> {
  await inObject(wallet, async ({ storage }) => {
    storage.sql.exec('UPDATE timers SET due_ms = due_ms - ?', ms);
    storage.sql.exec('UPDATE outbox SET due_ms = due_ms - ?', ms);
    storage.sql.exec('UPDATE keeper_transactions SET sent_ms = sent_ms - ?', ms);
    storage.sql.exec(
      `UPDATE orders SET record = json_set(record, '$.submitByMs', json_extract(record, '$.submitByMs') - ?)
       WHERE json_extract(record, '$.submitByMs') IS NOT NULL`,
      ms,
    );
    await storage.sync();
  });
  // An eviction would wait for what is under way.
  await inObject(wallet, (state) => state.abort('its time has passed')).catch(() => undefined);
  await runDurableObjectAlarm(wallet.account as never);
}
