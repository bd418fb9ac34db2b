import { beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '#shared/protocol/error-codes.ts';
import { errorResponseSchema, type ErrorResponse } from '#shared/protocol/errors.ts';
import { call, newWallet, signIn, type Answer } from './caller.ts';

let token: string;
beforeAll(async () => {
  ({ token } = await signIn());
});

const order = { symbol: 'SOL-PERP', side: 'buy', order_type: 'market', quantity: 1 };
const place = (change: Record<string, unknown>) =>
  call('POST', '/api/trading/orders', { token, body: { ...order, ...change } });

/** The code, after checking that the answer is the one shape of errors. */
function codeOf({ status, headers, body }: Answer<ErrorResponse>): string {
  const error = errorResponseSchema.parse(body);
  const definition = ERROR_CODES[error.code as ErrorCode];
  expect(definition.status).toBe(status);
  expect(error.retryable).toBe(definition.retryable);
  expect(error.request_id).toBe(headers.get('x-request-id'));
  expect(headers.get('content-type')).toContain('application/json');
  return error.code;
}

describe('an order', () => {
  it.each<[string, Record<string, unknown>, ErrorCode, string]>([
    ['of an unknown market', { symbol: 'DOGE-PERP' }, 'MARKET_001', 'symbol'],
    ['without a market', { symbol: undefined }, 'VALIDATION_001', 'symbol'],
    ['of a market that is no text', { symbol: 5 }, 'VALIDATION_001', 'symbol'],
    ['without a quantity', { quantity: undefined }, 'VALIDATION_001', 'quantity'],
    ['of a negative quantity', { quantity: -1 }, 'VALIDATION_005', 'quantity'],
    ['of zero quantity', { quantity: 0 }, 'VALIDATION_005', 'quantity'],
    ['of a quantity beyond 64 bits', { quantity: '184467440737.09551616' }, 'VALIDATION_005', 'quantity'],
    ['of a quantity that is no number', { quantity: 'many' }, 'VALIDATION_001', 'quantity'],
    ['of a quantity that is null', { quantity: null }, 'VALIDATION_001', 'quantity'],
    ['with too precise a price', { order_type: 'limit', price: '1.123456789' }, 'VALIDATION_005', 'price'],
    ['with a price of zero', { order_type: 'limit', price: 0 }, 'VALIDATION_005', 'price'],
    ['of a limit without a price', { order_type: 'limit' }, 'VALIDATION_001', 'price'],
    ['of a market with a price', { price: 100 }, 'VALIDATION_001', 'price'],
    ['with an unknown side', { side: 'hold' }, 'VALIDATION_001', 'side'],
    ['with a leverage no market has', { leverage: 101 }, 'VALIDATION_005', 'leverage'],
    ['with a leverage of zero', { leverage: 0 }, 'VALIDATION_005', 'leverage'],
    ['with a leverage of three decimals', { leverage: 1.001 }, 'VALIDATION_005', 'leverage'],
    ['with a slippage above 100 %', { max_slippage_bps: 10_001 }, 'VALIDATION_001', 'max_slippage_bps'],
    ['with an expiry but without gtt', { expires_at: '2030-01-01T00:00:00Z' }, 'VALIDATION_001', 'expires_at'],
    ['of a past expiry', { time_in_force: 'gtt', expires_at: '2020-01-01T00:00:00Z' }, 'VALIDATION_001', 'expires_at'],
    [
      'with an id of a thousand characters',
      { client_order_id: 'x'.repeat(1_000) },
      'VALIDATION_001',
      'client_order_id',
    ],
    ['with a field nobody reads', { reduceOnly: true }, 'VALIDATION_001', ''],
  ])('%s is refused, naming the field', async (_what, change, code, path) => {
    const answer = await place(change);
    expect(codeOf(answer)).toBe(code);
    expect(answer.body.details?.[0]?.path).toBe(path);
  });

  it('of more decimals than the unit has is refused, not rounded, however the number is written', async () => {
    for (const quantity of ['1.000000001', '1e-9', '"1.000000001"']) {
      const text = JSON.stringify(order).replace('"quantity":1', `"quantity":${quantity}`);
      expect(codeOf(await call('POST', '/api/trading/orders', { token, text }))).toBe('VALIDATION_005');
    }
  });

  it('of nothing but an array, a number or a text is refused', async () => {
    for (const text of ['', '{}', '[]', '5', '"x"', 'null', '{"__proto__":{"symbol":"SOL-PERP"}}']) {
      expect(codeOf(await call('POST', '/api/trading/orders', { token, text }))).toBe('VALIDATION_001');
    }
  });
});

describe('a body', () => {
  it('that is not JSON has its own code', async () => {
    expect(codeOf(await call('POST', '/api/trading/orders', { token, text: '{"symbol":' }))).toBe('VALIDATION_002');
  });

  it('over 64 KB is refused before it is read, announced or not', async () => {
    const text = JSON.stringify({ pad: 'x'.repeat(64 * 1_024) });
    expect(codeOf(await call('POST', '/api/trading/orders', { token, text }))).toBe('VALIDATION_003');
    expect(codeOf(await call('POST', '/api/auth/nonce', { text }))).toBe('VALIDATION_003');
  });

  it('of another content type has its own code', async () => {
    const headers = { 'content-type': 'text/plain' };
    expect(codeOf(await call('POST', '/api/trading/orders', { token, body: order, headers }))).toBe('VALIDATION_006');
  });
});

describe('an address', () => {
  it.each([
    '',
    'abc',
    'x'.repeat(44),
    '0'.repeat(44),
    '1'.repeat(31),
    `${newWallet().address}11`,
    "'; drop table users",
  ])('of %o is refused by its own code', async (wallet_address) => {
    expect(codeOf(await call('POST', '/api/auth/nonce', { body: { wallet_address } }))).toBe('VALIDATION_004');
  });
});

describe('ids and lists', () => {
  it("of nobody's order are not found", async () => {
    const id = crypto.randomUUID();
    expect(codeOf(await call('GET', `/api/trading/orders/${id}`, { token }))).toBe('TRADING_001');
    expect(codeOf(await call('DELETE', `/api/trading/orders/${id}`, { token }))).toBe('TRADING_001');
  });

  it('that are no ids, limits or cursors are refused', async () => {
    for (const path of [
      '/api/trading/orders/abc',
      '/api/trading/orders?limit=0',
      '/api/trading/orders?limit=201',
      '/api/trading/orders?limit=x',
    ]) {
      expect(codeOf(await call('GET', path, { token }))).toBe('VALIDATION_001');
    }
    expect(codeOf(await call('GET', '/api/trading/orders?symbol=DOGE', { token }))).toBe('MARKET_001');
    expect(codeOf(await call('GET', '/api/market/candles?symbol=SOL-PERP&interval=2m'))).toBe('VALIDATION_001');
    expect(codeOf(await call('GET', '/api/market/candles?symbol=SOL-PERP&from=10&to=5'))).toBe('VALIDATION_001');
    expect(codeOf(await call('GET', '/api/market/candles?symbol=SOL-PERP&from=0'))).toBe('VALIDATION_001');
    expect(codeOf(await call('GET', '/api/market/prices?symbols=SOL-PERP,DOGE'))).toBe('MARKET_001');
  });

  it('of parameters nobody knows are refused, never ignored, naming the parameter and those there are', async () => {
    const cases: [string, string, string, RegExp][] = [
      ['DELETE', '/api/trading/orders?market=SOL-PERP', 'market', /"market".*symbol/],
      ['GET', '/api/trading/orders?client_order_ids=a', 'client_order_ids', /client_order_id/],
      ['GET', '/api/trading/positions?symbol=SOL-PERP', 'symbol', /takes none/],
      ['GET', '/api/trading/fills?symbol=SOL-PERP&Limit=5', 'Limit', /limit/],
      ['GET', '/api/trading/orders?__proto__=1', '__proto__', /limit/],
      ['DELETE', '/api/trading/orders?symbol=SOL-PERP&symbol=BTC-PERP', 'symbol', /symbol once/],
      ['GET', '/api/trading/orders?limit=5&limit=5', 'limit', /limit once/],
    ];
    for (const [method, path, name, says] of cases) {
      const answer = await call<ErrorResponse>(method, path, { token });
      expect(codeOf(answer), path).toBe('VALIDATION_001');
      expect(answer.body.details?.[0]?.path).toBe(name);
      expect(answer.body.message).toMatch(says);
    }
    const both = await call<unknown[]>('GET', '/api/market/prices?symbols=SOL-PERP&symbols=BTC-PERP');
    expect(both.body).toHaveLength(2);
    expect((await call('GET', '/health?probe=1')).status).toBe(200);
  });

  it('of an unknown idempotency key say that nothing happened', async () => {
    expect(codeOf(await call('GET', '/api/trading/commands/none', { token }))).toBe('TRADING_022');
  });
});

describe('headers', () => {
  it.each(['', 'x'.repeat(129), 'with space', 'ümlaut'])('with %o as Idempotency-Key are refused', async (key) => {
    const headers = { 'idempotency-key': encodeURI(key) === key ? key : encodeURI(key).padEnd(129, 'x') };
    expect(codeOf(await call('POST', '/api/trading/orders', { token, body: order, headers }))).toBe('VALIDATION_007');
  });

  it('with a request id that could forge log lines are refused, and the answer has an id of ours', async () => {
    for (const id of ['a b', 'short', 'x'.repeat(65), '{"a":1}_____']) {
      const answer = await call('GET', '/health', { headers: { 'x-request-id': id } });
      expect(codeOf(answer)).toBe('VALIDATION_007');
      expect(answer.body.request_id).not.toBe(id);
    }
    expect(
      (await call('GET', '/health', { headers: { 'x-request-id': 'my-request-1' } })).headers.get('x-request-id'),
    ).toBe('my-request-1');
  });
});

describe('paths and methods', () => {
  it('that do not exist have their own codes, and the right methods are named', async () => {
    expect(codeOf(await call('GET', '/api/nothing'))).toBe('SYSTEM_003');
    const answer = await call('PUT', '/api/trading/orders');
    expect(codeOf(answer)).toBe('SYSTEM_005');
    expect(answer.headers.get('allow')).toBe('POST, GET, DELETE');
  });
});
