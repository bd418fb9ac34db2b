import { Connection, PublicKey } from '@solana/web3.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodePriceUpdate, type PriceUpdate } from '#shared/perps/price-update.ts';
import { type HermesServer, startHermes } from '../../local/hermes/server.ts';
import { pushAccountAddress, pythReceiver } from '../../local/solana/price-accounts.ts';
import { type LocalSolana, startLocalSolana } from '../../local/solana/server.ts';
import { feeds } from '../../local/tape/feeds.ts';
import { eventually } from './fixtures.ts';

let hermes: HermesServer;
let solana: LocalSolana;
let connection: Connection;
const sol = feeds.find(({ base }) => base === 'SOL');
const address = new PublicKey(sol?.pushAccount ?? '');

beforeEach(async () => {
  hermes = await startHermes();
  solana = await startLocalSolana({ hermes: hermes.url });
  connection = new Connection(solana.url, 'confirmed');
});
afterEach(async () => {
  await solana.close();
  await hermes.close();
});

async function onChain(): Promise<PriceUpdate | undefined> {
  const account = await connection.getAccountInfo(address);
  return account === null ? undefined : decodePriceUpdate(account.data);
}

const later = (than: bigint) => async () => {
  const update = await onChain();
  return update !== undefined && update.publishTime > than ? update : undefined;
};

describe('price accounts', () => {
  test('lie at the push addresses of shard 0, belong to the receiver and say Full', async () => {
    for (const { id, pushAccount } of feeds) expect(pushAccountAddress(id).toBase58()).toBe(pushAccount);
    const update = await eventually('the first price', onChain);
    const account = await connection.getAccountInfo(address);
    expect(account?.owner.toBase58()).toBe(pythReceiver);
    expect(account?.data).toHaveLength(134);
    expect(update).toMatchObject({ feedId: sol?.id, verification: { kind: 'full' }, exponent: -8 });
    expect(Number(update.postedSlot)).toBeLessThanOrEqual(await connection.getSlot());
  });

  test('change only when publish_time grows, to the one price Pyth has for that second', async () => {
    const updates: PriceUpdate[] = [];
    const listener = connection.onAccountChange(address, ({ data }) => updates.push(decodePriceUpdate(data)));
    await eventually('four changes', () => updates.length >= 4 || undefined);
    await connection.removeAccountChangeListener(listener);
    for (const { publishTime, prevPublishTime } of updates) expect(prevPublishTime).toBeLessThan(publishTime);
    // Each follows on the one before it: no second is told twice, and none that Hermes had is left out.
    const [, ...later] = updates;
    expect(later.map(({ prevPublishTime }) => prevPublishTime)).toEqual(
      updates.slice(0, -1).map(({ publishTime }) => publishTime),
    );
  });

  test('carry exactly what Hermes published for that second, negative prices too', async () => {
    const before = await eventually('the first price', onChain);
    hermes.control({ price: { base: 'SOL', usd: '-3.5', ema: '2.25', conf: '0.125' } });
    const update = await eventually('the set price', async () => {
      const next = await later(before.publishTime)();
      return next?.price === -350_000_000n ? next : undefined;
    });
    expect(update).toMatchObject({ emaPrice: 225_000_000n, conf: 12_500_000n, emaConf: 12_500_000n });
  });

  test('stand still while Hermes is stale, cut or mute, and go on by themselves when it is back', async () => {
    const { publishTime } = await eventually('the first price', onChain);
    hermes.control({ stale: true });
    const { prices } = hermes.state() as { prices: { SOL: { publish_time: number } } };
    const stale = await eventually('the last price', later(BigInt(prices.SOL.publish_time) - 1n));
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await onChain())?.publishTime).toBe(stale.publishTime);
    hermes.control({ stale: false, drop: true });
    const back = await eventually('a price after the cut', later(stale.publishTime));
    hermes.control({ mode: 'unavailable', drop: true });
    await eventually('the loss', () => (String(solana.state()['hermes']).startsWith('lost') ? true : undefined));
    hermes.control({ reset: true });
    const again = await eventually('a price after the outage', later(back.publishTime));
    hermes.control({ mode: 'silent' });
    await eventually('the watchdog', () => (String(solana.state()['hermes']).startsWith('lost') ? true : undefined));
    hermes.control({ reset: true });
    expect(await eventually('a price after the silence', later(again.publishTime))).toBeDefined();
    expect(publishTime).toBeLessThan(again.publishTime);
  });
});
