import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { price, quote, size } from '#shared/money/units.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createClient, type QuantDeskClient } from './client.ts';

let server: Server;
let client: QuantDeskClient;
let answer: string;
let seen: { method: string; url: string; key: string | undefined; authorization: string | undefined; body: string };

beforeEach(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      const { authorization, 'idempotency-key': key } = request.headers;
      seen = { method: request.method ?? '', url: request.url ?? '', key: String(key), authorization, body };
      response.writeHead(200, { 'content-type': 'application/json' }).end(answer);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  client = createClient({ baseUrl, accessToken: () => 'token' });
});

afterEach(() => {
  server.close();
});

const order = `{"order_id":"5b0d6b8e-7b1c-4b57-9a58-0d5d2f2f5a01","client_order_id":null,"intent":"trade","symbol":"BTC-PERP","side":"buy",
  "order_type":"limit","quantity":0.00000001,"amount":null,"price":104350.12345678,"stop_price":null,"reduce_only":false,"leverage":12.5,
  "max_slippage_bps":50,"time_in_force":"gtc","expires_at":null,"status":"pending","stage":"resting","version":2,"eligible_from":1760000000,
  "filled_quantity":0,"average_fill_price":null,"fee":0,"position_id":null,"transaction_hash":null,"error":null,
  "take_profit":null,"stop_loss":null,"group_id":null,"parent_order_id":null,"exit_kind":null,"analysis_id":null,
  "created_at":"2026-01-01T00:00:00.000Z","executed_at":null}`;

test('an order travels with every digit, both ways, under its key', async () => {
  answer = order;
  const placed = await client.orders.place(
    {
      symbol: 'BTC-PERP',
      side: 'buy',
      order_type: 'limit',
      quantity: size(1n),
      price: price(10_435_012_345_678n),
      leverage: 1_250,
      reduce_only: false,
      time_in_force: 'gtc',
    },
    'key-1',
  );
  expect(seen).toMatchObject({
    method: 'POST',
    url: '/api/trading/orders',
    key: 'key-1',
    authorization: 'Bearer token',
  });
  expect(seen.body).toContain('"price":104350.12345678');
  expect(seen.body).toContain('"quantity":0.00000001');
  expect(seen.body).toContain('"leverage":12.5');
  expect(placed).toMatchObject({ quantity: 1n, price: 10_435_012_345_678n, leverage: 1_250, stage: 'resting' });
});

test('a list asks for its page and gives exact amounts', async () => {
  answer = `[${order}]`;
  const page = await client.orders.list({ symbol: 'BTC-PERP', limit: 1, cursor: 'c+1' });
  expect(seen.url).toBe('/api/trading/orders?symbol=BTC-PERP&limit=1&cursor=c%2B1');
  expect(page.items[0]?.quantity).toBe(1n);
});

test('an id cannot leave its place in a path', async () => {
  answer = order;
  await client.orders.cancel('../../auth/logout');
  expect(seen).toMatchObject({ method: 'DELETE', url: '/api/trading/orders/..%2F..%2Fauth%2Flogout' });
});

test('a transaction is asked for in decimals, not in units', async () => {
  answer = '{"transaction":"AA==","summary":["Deposit 0.5 USDC"],"last_valid_block_height":5}';
  await client.transactions.build({ action: 'deposit', params: { amount: quote(500_000n) } });
  expect(seen.body).toBe('{"action":"deposit","params":{"amount":0.5}}');
});
