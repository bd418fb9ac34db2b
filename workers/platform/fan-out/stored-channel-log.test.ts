import { runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { CHANNEL_LOG_TABLES, StoredChannelLog } from './stored-channel-log.ts';

const keptMax = 4;

/** A log over the SQLite storage of a real Durable Object; `open` starts another life of it. */
const withLog = (
  body: (open: (epoch: string) => StoredChannelLog, storage: DurableObjectStorage) => void,
): Promise<void> =>
  runInDurableObject(
    env.ACCOUNTS.getByName(Keypair.generate().publicKey.toBase58()),
    (_instance: unknown, { storage }: DurableObjectState) => {
      for (const table of ['channel_log', 'channel_updates']) storage.sql.exec(`DROP TABLE IF EXISTS ${table}`);
      storage.sql.exec(CHANNEL_LOG_TABLES);
      body((epoch) => new StoredChannelLog(storage, () => epoch, keptMax), storage);
    },
  );

describe('StoredChannelLog', () => {
  it('keeps epoch, numbers and messages over a restart', () =>
    withLog((open) => {
      open('first').append('orders', '{"a":1}', 0);
      const log = open('second');
      expect(log.epoch).toBe('first');
      log.append('orders', '{"a":2}', 0);
      expect(log.since('orders', 0)?.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(JSON.parse(log.since('orders', 1)?.[0]?.frame ?? '')).toEqual({
        type: 'update',
        channel: 'orders',
        seq: 2,
        prev_seq: 1,
        ts: '1970-01-01T00:00:00.000Z',
        data: { a: 2 },
      });
    }));

  it('a number taken back with its transaction is given to the next message', () =>
    withLog((open, storage) => {
      const log = open('only');
      const failing = (): void =>
        storage.transactionSync(() => {
          log.append('orders', '1', 0);
          throw new Error('the state change failed');
        });
      expect(failing).toThrow();
      log.append('orders', '2', 0);
      expect(log.since('orders', 0)?.map(({ seq }) => seq)).toEqual([1]);
    }));

  it('holds a bounded window and says when it is left', () =>
    withLog((open) => {
      const log = open('only');
      for (let i = 0; i < 10; i++) log.append('orders', String(i), 0);
      expect(log.lastSeq('orders')).toBe(10);
      expect(log.since('orders', 10 - keptMax)).toHaveLength(keptMax);
      expect(log.since('orders', 10 - keptMax - 1)).toBeNull();
      expect(log.since('orders', 11)).toBeNull();
      expect(log.since('positions', 0)).toEqual([]);
    }));
});
