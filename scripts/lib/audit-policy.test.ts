import { describe, expect, it } from 'vitest';
import { advisoriesOf, judge } from './audit-policy.mjs';

const now = Date.parse('2026-01-10T12:00:00Z');
const reason = 'the function at fault is not in our bundle';
const advisory = (severity: string, shipped: boolean) => ({
  ...{ id: 'GHSA-1', package: 'left', title: 'a hole' },
  ...{ severity, shipped },
});
const exception = (until: string) => ({ advisory: 'GHSA-1', until, reason });

describe('the audit of dependencies', () => {
  it('reads each advisory once, however many packages it reaches, and knows which is shipped', () => {
    const cause = { name: 'left', severity: 'high', title: 'a hole', url: 'https://github.com/advisories/GHSA-1' };
    const report = { vulnerabilities: { left: { via: [cause] }, right: { via: ['left', cause] } } };
    expect(advisoriesOf(report, new Set(['GHSA-1']))).toEqual([advisory('high', true)]);
    expect(advisoriesOf(report, new Set())).toEqual([advisory('high', false)]);
    expect(advisoriesOf({}, new Set())).toEqual([]);
  });

  it.each([
    ['critical', true, 'blocked'],
    ['high', true, 'blocked'],
    ['moderate', true, 'told'],
    ['critical', false, 'blocked'],
    ['high', false, 'told'],
  ] as const)('takes a %s one (shipped: %s) as %s', (severity, shipped, how) => {
    expect(judge([advisory(severity, shipped)], [], now)[how]).toHaveLength(1);
  });

  it('lets an exception hold to the end of its last day, and no longer', () => {
    const held = judge([advisory('high', true)], [exception('2026-01-10')], now);
    expect([held.excepted.length, held.blocked.length, held.wrong]).toEqual([1, 0, []]);
    const over = judge([advisory('high', true)], [exception('2026-01-09')], now);
    expect([over.blocked.length, over.wrong]).toEqual([1, ['GHSA-1: ran out on 2026-01-09']]);
  });

  it.each([
    ['for longer than 90 days', { ...exception('2026-06-01') }],
    ['without a reason', { ...exception('2026-01-20'), reason: 'later' }],
    ['without an end', { ...exception('soon') }],
  ])('takes no exception %s', (_what, given) => {
    const judged = judge([advisory('high', true)], [given], now);
    expect([judged.blocked.length, judged.wrong.length]).toEqual([1, 1]);
  });

  it('wants an exception deleted that nothing needs any more', () => {
    expect(judge([], [exception('2026-01-20')], now).wrong).toEqual(['GHSA-1: is not reported any more; delete it']);
  });
});
