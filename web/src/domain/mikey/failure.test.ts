import { ApiError } from '#sdk/index.ts';
import { expect, test } from 'vitest';

import { failureOf } from './failure.ts';

const refused = (code: string, retryAfterMs?: number) =>
  failureOf(
    new ApiError({
      ...{ status: code.startsWith('CLIENT') ? 0 : 429, code, message: 'm', retryable: true },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    }),
    1_000,
  );

test('each code that a trader can meet has its own next step', () => {
  const kinds = [
    'AUTH_010',
    'AI_003',
    'AI_007',
    'RATE_001',
    'ORACLE_001',
    'MARKET_003',
    'AI_001',
    'AI_004',
    'AI_005',
    'AI_008',
  ];
  expect(kinds.map((code) => refused(code).kind)).toEqual([
    ...['session', 'budget', 'busy', 'busy', 'oracle', 'oracle', 'model', 'gone', 'full', 'declined'],
  ]);
  expect(refused('CLIENT_NETWORK').kind).toBe('connection');
  expect(refused('SYSTEM_001').kind).toBe('other');
});

test('when it comes back is told from the moment of the answer', () => {
  expect(refused('AI_003', 5_000).againAtMs).toBe(6_000);
  expect(refused('AI_003').againAtMs).toBeNull();
});

test('what is no answer of the exchange carries no words of a program', () => {
  expect(failureOf(new TypeError('x is undefined'), 0)).toEqual({
    ...{ kind: 'other', code: '', message: '', againAtMs: null },
  });
});
