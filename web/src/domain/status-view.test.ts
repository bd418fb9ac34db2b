import type { ReadyDto } from '#shared/protocol/health.ts';
import { describe, expect, test } from 'vitest';

import { formatAge, statusParts, statusSummary } from './status-view.ts';

const check = { ok: true, latency_ms: 12, breaker: 'closed', message: null } as const;
const market = {
  ...{ symbol: 'SOL-PERP', ok: true, price_state: 'ok', feed: 'live', breaker: 'closed', price_age_ms: 900 },
  ...{ index_difference: 0, oldest_candidate_ms: null, risks: [], message: null },
} as const satisfies ReadyDto['markets'][number];
const healthy: ReadyDto = {
  ...{ ready: true, version: '1', database: check, chain: check, markets: [market] },
  indexer: { ok: true, lag_slots: 2, holes: [], database_backlog: 0, message: null },
  models: [],
};

test('an age is written in the unit in which it can be grasped', () => {
  expect([340, 2_449, 59_999, 119_999, 120_000, 7_199_999, 7_200_000].map(formatAge)).toEqual([
    '340 ms',
    '2.4 s',
    '59 s',
    '119 s',
    '2 min',
    '119 min',
    '2 h',
  ]);
});

test('an exchange that is well says so in every part', () => {
  const { markets, services } = statusParts(healthy);
  expect([...markets, ...services].map(({ tone }) => tone)).toEqual(['up', 'up', 'up', 'up']);
  expect(statusSummary(healthy, true).tone).toBe('up');
});

describe('what is not well', () => {
  test.each([
    ['stale', 'warn', /wait/],
    ['uncertain', 'warn', /closed/],
    ['halted', 'down', /closed/],
  ] as const)('a %s price says what orders can still do', (state, tone, meaning) => {
    const [part] = statusParts({ ...healthy, markets: [{ ...market, ok: false, price_state: state }] }).markets;
    expect(part?.tone).toBe(tone);
    expect(part?.meaning).toMatch(meaning);
  });

  test('a market that does not answer is down, not unknown', () => {
    const [part] = statusParts({
      ...healthy,
      markets: [{ ...market, ok: false, price_state: null, feed: null, breaker: null, price_age_ms: null }],
    }).markets;
    expect(part?.tone).toBe('down');
    expect(part?.facts).toEqual([]);
  });

  test('an open breaker is shown although the last call went well', () => {
    const { services } = statusParts({ ...healthy, chain: { ...check, breaker: 'half_open' } });
    expect(services[0]).toMatchObject({ id: 'chain', tone: 'warn' });
  });

  test('a missing event weighs more than a late indexer', () => {
    const late = statusParts({ ...healthy, indexer: { ...healthy.indexer, ok: false, lag_slots: 80 } }).services[2];
    const holed = statusParts({
      ...healthy,
      indexer: { ...healthy.indexer, ok: false, lag_slots: 80, holes: ['fills'] },
    }).services[2];
    expect(late?.meaning).not.toBe(holed?.meaning);
    expect(holed?.facts.map(({ value }) => value)).toContain('1');
  });

  test('the summary names the parts that are not well', () => {
    const summary = statusSummary({ ...healthy, ready: false, database: { ...check, ok: false } }, true);
    expect(summary.text).toContain('Database');
    expect(summary.text).not.toContain('SOL-PERP');
  });

  test('without an answer nothing older counts as the state of now', () => {
    expect(statusSummary(healthy, false).tone).toBe('down');
  });
});
