import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { failureSummary, runStages } from './run-stages.mjs';

const passes = async () => {
  await sleep(100);
  return { passed: 1, failed: 0, skipped: 0 };
};
const throws = () => {
  throw new Error('the report is cut off');
};

it.each(['one', 'two'])(
  'a stage that throws has failed; its lane goes on and the others are waited for (lane %s)',
  async (bad) => {
    const lane = (name: string) => [
      { name: `${name}, first`, lane: name, run: name === bad ? throws : passes },
      { name: `${name}, second`, lane: name, run: passes },
    ];
    const reports = await runStages([...lane('one'), ...lane('two')]);
    expect(reports.map(({ name, passed, failed }) => [name, passed, failed])).toEqual([
      ['one, first', ...(bad === 'one' ? [0, 1] : [1, 0])],
      ['one, second', 1, 0],
      ['two, first', ...(bad === 'two' ? [0, 1] : [1, 0])],
      ['two, second', 1, 0],
    ]);
    expect(reports.find(({ failed }) => failed > 0)).toMatchObject({
      skipped: 0,
      output: expect.stringContaining('the report is cut off') as string,
    });
  },
);

it('everything that failed stands at the end: its stage, its name and the first lines of why', async () => {
  const failures = [
    { name: 'orders.test.ts > an order is filled', message: 'expected 1\nto be 2\n'.padEnd(10_000, 'at x\n') },
  ];
  const failing = { name: 'node', run: () => Promise.resolve({ passed: 0, failed: 1, skipped: 0, failures }) };
  const summary = failureSummary(await runStages([{ name: 'check', run: passes }, failing]));
  expect(summary).toContain('✗ node: orders.test.ts > an order is filled\n    expected 1\n    to be 2');
  expect(summary.split('\n').length).toBeLessThan(40);
  expect(failureSummary(await runStages([{ name: 'check', run: passes }]))).toBe('');
});
