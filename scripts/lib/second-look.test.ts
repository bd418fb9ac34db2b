import { expect, it } from 'vitest';
import { failureSummary } from './run-stages.mjs';
import { lookAgain } from './second-look.mjs';

const failure = (file: string | undefined) => ({ name: `${file} > waits`, message: 'too late', file });
const report = (name: string, ...files: (string | undefined)[]) => ({
  name,
  seconds: 1,
  passed: 10,
  failed: files.length,
  skipped: 0,
  failures: files.map(failure),
});

/** A stage that may be run again; `failed` is what fails then. */
function stage(name: string, failed: number) {
  const asked: string[][] = [];
  const again = (files: string[]) => {
    asked.push(files);
    return Promise.resolve({ passed: 5 - failed, failed, skipped: 0 });
  };
  return { asked, stage: { name, run: () => undefined, again } };
}

it('a test that passes when it runs alone counts as passed and is told as unsteady, with how it failed', async () => {
  const { asked, stage: workerd } = stage('workerd', 0);
  const seen = await lookAgain([workerd], [report('workerd', 'a.test.ts', 'a.test.ts')]);
  expect(asked).toEqual([['a.test.ts']]);
  expect(seen).toMatchObject([{ passed: 12, failed: 0, unsteady: [{ name: 'a.test.ts > waits' }, {}] }]);
  expect(failureSummary(seen)).toContain('⚠ workerd: a.test.ts > waits\n    too late');
});

it('a test that fails again has failed', async () => {
  const { stage: workerd } = stage('workerd', 1);
  const reports = [report('workerd', 'a.test.ts')];
  expect(await lookAgain([workerd], reports)).toEqual(reports);
});

it.each([
  ['more than two files failed', [report('workerd', 'a', 'b', 'c')]],
  ['a stage failed that has no clocks of its own', [report('workerd', 'a'), report('node', 'b')]],
  ['more failed than is told', [{ ...report('workerd', 'a'), failed: 2 }]],
  ['the file that failed is not known', [report('workerd', undefined)]],
  ['nothing failed', [report('workerd')]],
])('nothing runs again where %s', async (_, reports) => {
  const { asked, stage: workerd } = stage('workerd', 0);
  const node = { name: 'node', run: () => undefined };
  expect(await lookAgain([workerd, node], reports)).toEqual(reports);
  expect(asked).toEqual([]);
});
