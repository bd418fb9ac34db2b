import { HermesClient, type PriceUpdate } from '@pythnetwork/hermes-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HermesServer, startHermes } from '../../local/hermes/server.ts';
import { feeds } from '../../local/tape/feeds.ts';
import { loadTape } from '../../local/tape/tape.ts';
import { eventually, postControl } from './fixtures.ts';

const ids = feeds.map(({ id }) => id);
const sol = feeds.find(({ base }) => base === 'SOL')?.id ?? '';

let hermes: HermesServer;
let client: HermesClient;

beforeAll(async () => {
  hermes = await startHermes();
  client = new HermesClient(hermes.url, { httpRetries: 0 });
});
beforeEach(() => hermes.control({ reset: true }));
afterAll(() => hermes.close());

type Parsed = NonNullable<PriceUpdate['parsed']>[number];

/** Opens a stream with the real client; `updates` grows while it lives. */
async function openStream(options: { parsed?: boolean; benchmarksOnly?: boolean } = {}) {
  const updates: Parsed[][] = [];
  const errors: unknown[] = [];
  const source = await client.getPriceUpdatesStream(ids, { parsed: true, ...options });
  source.addEventListener('message', ({ data }) => {
    updates.push((JSON.parse(String(data)) as PriceUpdate).parsed ?? []);
  });
  source.addEventListener('error', (error) => errors.push(error));
  await eventually('the first update', () => updates.length > 0 || undefined);
  return { updates, errors, source };
}

const latestOf = async (id: string): Promise<Parsed> => {
  const { parsed } = await client.getLatestPriceUpdates([id], { parsed: true });
  const [first] = parsed ?? [];
  if (first === undefined) throw new Error('No price');
  return first;
};

describe('the real Hermes client', () => {
  test('lists the feeds of the markets and filters them', async () => {
    expect((await client.getPriceFeeds()).map(({ id }) => id).sort()).toEqual([...ids].sort());
    const [found, ...others] = await client.getPriceFeeds({ query: 'sol', assetType: 'crypto' });
    expect(others).toEqual([]);
    expect(found?.attributes['symbol']).toBe('Crypto.SOL/USD');
  });

  test('reads the latest prices, stamped with the present second, in the order asked for', async () => {
    const askedAt = Date.now() / 1000;
    const { parsed, binary } = await client.getLatestPriceUpdates(ids, { parsed: true });
    const answeredAt = Date.now() / 1000;
    expect(parsed?.map(({ id }) => id)).toEqual(ids);
    expect(binary.encoding).toBe('hex');
    for (const { price, metadata } of parsed ?? []) {
      expect(price.publish_time).toBeGreaterThan(askedAt - 2);
      expect(price.publish_time).toBeLessThan(answeredAt + 2);
      expect(price.expo).toBe(-8);
      expect(metadata.prev_publish_time).toBeLessThanOrEqual(price.publish_time);
    }
  });

  test('binary has the PNAU layout and carries the very fields of parsed, in hex and in base64', async () => {
    hermes.control({ price: { base: 'SOL', usd: '-12.5', ema: '13.25', conf: '0.5' } });
    for (const encoding of ['hex', 'base64'] as const) {
      const { binary, parsed } = await client.getLatestPriceUpdates([sol], { parsed: true, encoding });
      const bytes = Buffer.from(String(binary.data[0]), encoding);
      const message = bytes.subarray(8 + 2 + 1 + 2);
      expect(bytes.subarray(0, 8).toString('latin1')).toBe('PNAU\u0001\0\0\0');
      expect(message.subarray(1, 33).toString('hex')).toBe(sol);
      expect(message.readBigInt64BE(33)).toBe(-1_250_000_000n);
      expect(message.readBigUInt64BE(41)).toBe(50_000_000n);
      expect(message.readInt32BE(49)).toBe(-8);
      expect(message.readBigInt64BE(53)).toBe(BigInt(parsed?.[0]?.price.publish_time ?? 0));
      expect(message.readBigInt64BE(69)).toBe(1_325_000_000n);
    }
  });

  test('every moment has one price, the first tick of its second, and the future none', async () => {
    const now = (await latestOf(sol)).price.publish_time;
    await eventually('the next second', async () =>
      (await latestOf(sol)).price.publish_time > now ? true : undefined,
    );
    const { parsed } = await client.getPriceUpdatesAtTimestamp(now, [sol], { parsed: true });
    expect(parsed?.[0]?.price.publish_time).toBe(now);
    expect(parsed?.[0]?.metadata.prev_publish_time).toBeLessThan(now);
    await expect(client.getPriceUpdatesAtTimestamp(now + 3600, [sol])).rejects.toThrow('404');
  });

  test('unknown and malformed ids, and malformed options, are refused; unknown ids can be ignored', async () => {
    const unknown = 'ab'.repeat(32);
    await expect(client.getLatestPriceUpdates([unknown])).rejects.toThrow(
      `404, body: Price ids not found: 0x${unknown}`,
    );
    await expect(client.getLatestPriceUpdates(['xyz'])).rejects.toThrow('400');
    const answer = await fetch(`${hermes.url}/v2/updates/price/latest?ids[]=${sol}&encoding=rot13`);
    expect(answer.status).toBe(400);
    const { parsed } = await client.getLatestPriceUpdates([unknown, sol], {
      parsed: true,
      ignoreInvalidPriceIds: true,
    });
    expect(parsed?.map(({ id }) => id)).toEqual([sol]);
  });

  test('the stream ticks every 400 ms, publish times never go back and only grow by whole seconds', async () => {
    const { updates, source } = await openStream();
    const from = Date.now();
    const start = updates.length;
    await eventually('ten ticks', () => updates.length >= start + 10 || undefined);
    source.close();
    expect(Date.now() - from).toBeGreaterThan(3_000);
    const times = updates.map(([first]) => first?.price.publish_time ?? 0);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(times).size).toBeLessThan(times.length);
  });

  test('benchmarks only: no second is told twice', async () => {
    const { updates, source } = await openStream({ benchmarksOnly: true });
    await eventually('three seconds', () => updates.length >= 3 || undefined);
    source.close();
    const times = updates.map(([first]) => first?.price.publish_time ?? 0);
    // A machine that stood still has skipped seconds; none comes twice, and none after a later one.
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
  });
});

describe('faults', () => {
  test('drop cuts every open stream; the client comes back by itself', async () => {
    const { updates, errors, source } = await openStream();
    hermes.control({ drop: true });
    await eventually('the error', () => errors.length > 0 || undefined);
    const before = updates.length;
    await eventually('an update after the reconnect', () => updates.length > before || undefined);
    source.close();
  });

  test('unavailable answers 503 to everything but the control endpoint', async () => {
    const answer = await postControl(hermes.url, { mode: 'unavailable' });
    expect(await answer.json()).toMatchObject({ mode: 'unavailable' });
    await expect(client.getLatestPriceUpdates([sol])).rejects.toThrow('503');
    expect((await fetch(`${hermes.url}/v2/updates/price/stream?ids[]=${sol}`)).status).toBe(503);
    await postControl(hermes.url, { reset: true });
    await expect(client.getLatestPriceUpdates([sol])).resolves.toBeDefined();
  });

  test('silent keeps streams open and mute', async () => {
    const { updates, errors, source } = await openStream();
    hermes.control({ mode: 'silent' });
    // What was sent before is here when a request after it is answered.
    await latestOf(sol);
    const before = updates.length;
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect({ updates: updates.length, errors: errors.length }).toEqual({ updates: before, errors: 0 });
    source.close();
  });

  test('stale stops publish_time while ticks go on', async () => {
    hermes.control({ stale: true });
    const { updates, source } = await openStream();
    await eventually('four ticks', () => updates.length >= 4 || undefined);
    source.close();
    expect(new Set(updates.map(([first]) => first?.price.publish_time)).size).toBe(1);
  });

  test('a wide confidence is exactly the bps asked for, of one feed only, until null takes it back', async () => {
    hermes.control({ confidence: { base: 'SOL', bps: 500 } });
    const { price: wide } = await latestOf(sol);
    expect(BigInt(wide.conf)).toBe((BigInt(wide.price) * 500n) / 10_000n);
    hermes.control({ confidence: { base: 'SOL', bps: null } });
    const { price: tape } = await latestOf(sol);
    expect(BigInt(tape.conf)).toBeLessThan((BigInt(tape.price) * 100n) / 10_000n);
  });

  test('a set price holds exactly, with the EMA beside it, until null returns to the tape', async () => {
    hermes.control({ price: { base: 'SOL', usd: '142.00000001' } });
    const set = await latestOf(sol);
    expect([set.price.price, set.ema_price.price]).toEqual(['14200000001', '14200000001']);
    hermes.control({ price: { base: 'SOL', usd: null } });
    expect((await latestOf(sol)).price.price).not.toBe('14200000001');
  });

  test('bad commands and web pages get nowhere', async () => {
    expect((await postControl(hermes.url, { speed: -1 })).status).toBe(400);
    expect((await postControl(hermes.url, { nonsense: 1 })).status).toBe(400);
    expect((await postControl(hermes.url, { jump: '2031-01-01' })).status).toBe(400);
    const form = await fetch(`${hermes.url}/_control`, { method: 'POST', body: '{"reset":true}' });
    expect(form.status).toBe(415);
    expect(form.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the chart', () => {
  const history = async (query: string) => {
    const answer = await fetch(`${hermes.url}/v1/shims/tradingview/history?${query}`);
    return (await answer.json()) as Record<'t' | 'o' | 'h' | 'l' | 'c' | 'v', number[]> & { s: string };
  };
  const now = () => Math.floor(Date.now() / 1000);

  test('its past is the tape before the start, minute by minute, shifted so that it ends now', async () => {
    const bars = await history(`symbol=Crypto.SOL/USD&resolution=1&from=${now() - 86_400}&to=${now()}`);
    const tape = loadTape().bars.get('SOL')?.slice(0, 600) ?? [];
    expect(bars.s).toBe('ok');
    expect(bars.o.slice(0, 600)).toEqual(tape.map(({ open }) => open));
    expect(bars.h.slice(0, 600)).toEqual(tape.map(({ high }) => high));
    expect(bars.t).toEqual(bars.t.map((_, index) => (bars.t[0] ?? 0) + 60 * index));
    expect(now() - (bars.t.at(-1) ?? 0)).toBeLessThan(120);
  });

  test('longer resolutions keep open, extremes and close', async () => {
    const query = `symbol=Crypto.BTC/USD&from=${now() - 86_400}&to=${now()}`;
    const [minutes, hours] = [await history(`${query}&resolution=1`), await history(`${query}&resolution=60`)];
    const second = hours.t[1] ?? 0;
    const inside = minutes.t.flatMap((time, index) => (time >= second && time < second + 3600 ? [index] : []));
    const pick = (values: number[]) => inside.map((index) => values[index] ?? 0);
    expect(hours.o[1]).toBe(pick(minutes.o)[0]);
    expect(hours.h[1]).toBe(Math.max(...pick(minutes.h)));
    expect(hours.l[1]).toBe(Math.min(...pick(minutes.l)));
    expect(hours.c[1]).toBe(pick(minutes.c).at(-1));
  });

  test('what it does not know it says', async () => {
    expect(await history('symbol=Crypto.DOGE/USD&resolution=1&from=0&to=1')).toMatchObject({ s: 'error' });
    expect(await history('symbol=Crypto.SOL/USD&resolution=7&from=0&to=1')).toMatchObject({ s: 'error' });
    expect(await history('symbol=Crypto.SOL/USD&resolution=1&from=0&to=1')).toMatchObject({ s: 'no_data', t: [] });
    expect((await fetch(`${hermes.url}/v1/shims/tradingview/history?symbol=Crypto.SOL/USD&resolution=1`)).status).toBe(
      422,
    );
  });
});
