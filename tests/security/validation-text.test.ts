import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { pageQuerySchema } from '#shared/protocol/common.ts';
import { placeOrderRequestSchema } from '#shared/protocol/orders.ts';
import { buildTransactionRequestSchema } from '#shared/protocol/transactions.ts';
import { refusalOf } from '../../workers/api/errors.ts';
import { validate } from '../../workers/api/validation.ts';

function refusalTo(schema: z.ZodType, value: unknown) {
  try {
    validate(schema, value, 'body');
  } catch (error) {
    return refusalOf(error);
  }
  throw new Error('it was accepted');
}

const detailsOf = (schema: z.ZodType, value: unknown) =>
  Object.fromEntries((refusalTo(schema, value).details ?? []).map(({ path, message }) => [path, message]));

describe('a request that does not fit', () => {
  it('is told in words of this exchange what each field takes, whatever library checks it', () => {
    const order = {
      symbol: 'DOGE',
      side: 'hold',
      quantity: '1e-9',
      max_slippage_bps: 10_001,
      time_in_force: 7,
      expires_at: 'now',
      reduceOnly: true,
    };
    expect(detailsOf(placeOrderRequestSchema, order)).toEqual({
      '': 'There is no field "reduceOnly" here.',
      symbol: 'Unknown market. Markets are SOL-PERP, BTC-PERP, ETH-PERP.',
      side: 'Give one of buy, sell.',
      order_type: 'Missing. Give one of market, limit, stop, stop_limit.',
      quantity: '"1e-9" has more than 8 decimals; round it to 8',
      max_slippage_bps: 'Give at most 10000.',
      time_in_force: 'Give one of gtc, ioc, gtt.',
      expires_at: 'Give a time in UTC like 2026-01-31T12:00:00Z.',
    });
    expect(detailsOf(pageQuerySchema, { limit: '1.5', cursor: '' })).toEqual({
      limit: 'Give a whole number.',
      cursor: 'Give at least 1 character.',
    });
    expect(detailsOf(buildTransactionRequestSchema, { action: 'steal', params: {} }).action).toContain(
      'Give one of open_account, deposit, withdraw',
    );
    const exact = { symbol: 'SOL-PERP', side: 'buy', order_type: 'stop', quantity: 1, stop_price: '2650.123456789' };
    expect(refusalTo(placeOrderRequestSchema, exact).message).toBe(
      'stop_price: "2650.123456789" has more than 8 decimals; round it to 8',
    );
    expect(refusalTo(placeOrderRequestSchema, { ...exact, stop_price: 0 }).message).toMatch(
      /^stop_price: Give between /,
    );
    expect(refusalTo(placeOrderRequestSchema, { ...exact, stop_price: true }).message).toBe(
      'stop_price: Give a decimal number: 12.5 or "12.5".',
    );
    expect(refusalTo(placeOrderRequestSchema, []).message).toBe('The body does not fit: Give an object.');
  });

  it('of text that no store keeps is refused wherever it stands, at any depth', () => {
    const deep = (leaf: unknown): unknown => Array.from({ length: 5_000 }).reduce((inner) => ({ a: [inner] }), leaf);
    const accepting = z.record(z.string(), z.unknown());
    for (const value of [{ a: 'x\u0000' }, { 'x\u0000': 1 }, { a: ['\ud800'] }, { '\udc00': 1 }, deep('\u0000')]) {
      expect(refusalTo(accepting, value).message).toBe(
        'The body does not fit: text takes no U+0000 and no half of a surrogate pair.',
      );
    }
  });

  it('repeats at most a little of what the caller sent', () => {
    const crowd = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`${i}`.padStart(1_000, 'x'), 1]));
    const { message, details = [] } = refusalTo(z.strictObject({}), crowd);
    expect(message).toContain('and 995 more');
    expect(JSON.stringify(details).length + message.length).toBeLessThan(2_000);
  });
});
