import { describe, expect, it } from 'vitest';
import { price, quote, size } from '#shared/money/units.ts';
import { orderSchema, placeOrderRequestSchema, type OrderDto } from './orders.ts';
import { presentOrder } from './present/order.ts';
import { buildTransactionRequestSchema } from './transactions.ts';
import { readJson, writeJson } from './wire.ts';
import { accountClientMessageSchema, channelKindOf, channelSchemas, marketClientMessageSchema } from './ws.ts';
import type { OrderRecord } from '#shared/order-record.ts';

const record: OrderRecord = {
  orderId: '7d444840-9dc0-41d1-b245-5ffdce74fad2',
  userId: '7d444840-9dc0-41d1-b245-5ffdce74fad3',
  owner: '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE',
  version: 3,
  intent: 'trade',
  symbol: 'SOL-PERP',
  side: 'buy',
  orderType: 'limit',
  quantity: 18446744073709551615n,
  price: 14_850_000_001n,
  stopPrice: null,
  reduceOnly: false,
  leverageE2: 2_000,
  maxSlippageBps: 50,
  timeInForce: 'gtc',
  expiresAtMs: null,
  clientOrderId: null,
  takeProfit: 16_000_000_000n,
  stopLoss: null,
  groupId: null,
  parentOrderId: null,
  exitKind: null,
  analysisId: null,
  stage: 'resting',
  status: 'pending',
  eligibleFrom: 1_749_700_000,
  filledQuantity: 0n,
  averageFillPrice: null,
  fee: 0n,
  positionId: null,
  transactionHash: null,
  error: null,
  createdAtMs: 1_749_700_000_123,
  executedAtMs: null,
  attempts: [],
};

describe('orders on the wire', () => {
  it('carry every digit of a size beyond 2^53 as a JSON number, and read back the same', () => {
    const text = writeJson(orderSchema, presentOrder(record));
    expect(text).toContain('"quantity":184467440737.09551615');
    expect(text).toContain('"price":148.50000001');
    expect(text).toContain('"leverage":20,');
    expect(text).toContain('"take_profit":160,');
    expect(readJson(orderSchema, text)).toEqual(presentOrder(record) satisfies OrderDto);
  });

  it('show a change of margin as USDC, not as a size', () => {
    const shown = presentOrder({ ...record, intent: 'add_margin', quantity: 5_000_000n });
    expect([shown.quantity, shown.amount]).toEqual([size(0n), quote(5_000_000n)]);
  });
});

describe('a new order', () => {
  const body = '{"symbol":"SOL-PERP","side":"buy","order_type":"market","quantity":2.5';
  const parse = (text: string) => placeOrderRequestSchema.safeParse(JSON.parse(text));
  const firstIssue = (text: string) => parse(text).error?.issues[0];

  it('is read with decimals as integers and with its defaults', () => {
    expect(readJson(placeOrderRequestSchema, `${body},"leverage":20}`)).toMatchObject({
      quantity: 250_000_000n,
      leverage: 2_000,
      time_in_force: 'gtc',
      reduce_only: false,
    });
  });

  it('is refused when its price does not belong to its type', () => {
    expect(firstIssue(`${body},"price":1}`)?.path).toEqual(['price']);
    expect(firstIssue(`${body.replace('market', 'limit')}}`)?.path).toEqual(['price']);
    expect(firstIssue(`${body.replace('market', 'stop')}}`)?.path).toEqual(['stop_price']);
    expect(firstIssue(`${body},"time_in_force":"gtt"}`)?.path).toEqual(['expires_at']);
  });

  it('is refused when it has a field nobody reads, so that a misspelt safeguard is not lost silently', () => {
    expect(firstIssue(`${body},"reduceOnly":true}`)?.code).toBe('unrecognized_keys');
  });
});

describe('transactions to build', () => {
  it('take exactly the parameters of their action', () => {
    const parse = (value: unknown) => buildTransactionRequestSchema.safeParse(value);
    expect(parse({ action: 'deposit', params: { amount: '10.5' } }).data).toEqual({
      action: 'deposit',
      params: { amount: quote(10_500_000n) },
    });
    expect(parse({ action: 'deposit', params: {} }).success).toBe(false);
    expect(parse({ action: 'deposit', params: { amount: 0 } }).success).toBe(false);
    expect(parse({ action: 'mint', params: {} }).success).toBe(false);
    expect(parse({ action: 'open_account', params: {} }).data).toEqual({
      action: 'open_account',
      params: { delegate: true },
    });
  });
});

describe('socket messages', () => {
  it('of a market socket take market channels only', () => {
    const parse = (value: unknown) => marketClientMessageSchema.safeParse(value).success;
    expect(parse({ op: 'subscribe', channels: ['price', 'candles:1m'] })).toBe(true);
    expect(parse({ op: 'subscribe', channels: ['price'], from: { epoch: 'e', seq: 7 } })).toBe(true);
    expect(parse({ op: 'subscribe', channels: ['orders'] })).toBe(false);
    expect(parse({ op: 'subscribe', channels: [] })).toBe(false);
    expect(accountClientMessageSchema.safeParse({ op: 'ack', channel: 'orders', seq: 3 }).success).toBe(true);
    expect(parse({ op: 'dance' })).toBe(false);
  });

  it('carry prices exactly', () => {
    const data = {
      symbol: 'SOL-PERP' as const,
      price: price(14_850_000_001n),
      confidence: price(0n),
      ema: price(14_850_000_000n),
      publish_time: 1_749_700_000,
      state: 'ok' as const,
      funding_rate: null,
    };
    const text = writeJson(channelSchemas.price.update, data);
    expect(text).toContain('"price":148.50000001,"confidence":0,"ema":148.5');
    expect(readJson(channelSchemas[channelKindOf('price')].update, text)).toEqual(data);
    expect(channelKindOf('candles:4h')).toBe('candles');
  });
});
