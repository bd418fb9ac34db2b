/** Files looked at again in one run: more is not bad luck, it is a fault. */
export const filesMax = 2;

/**
 * Runs what failed a second time, alone, in the stages whose tests run on real clocks and processes (those with `again`). What passes then
 * counts as unsteady: passed, and told as a defect with how it failed. Where anything failed that is not looked at again, nothing is: the
 * run is red anyhow.
 * @param {import('./run-stages.mjs').Stage[]} stages
 * @param {import('./run-stages.mjs').StageReport[]} reports
 * @returns {Promise<import('./run-stages.mjs').StageReport[]>}
 */
export async function lookAgain(stages, reports) {
  const failing = reports.filter(({ failed }) => failed > 0);
  const waiting = failing.map((report) => ({ report, stage: stages.find(({ name }) => name === report.name) }));
  const files = new Set(failing.flatMap(({ failures = [] }) => failures.map(({ file }) => file)));
  const whole = failing.every(({ failed, failures = [] }) => failures.length === failed);
  const mayPass = waiting.every(({ stage }) => stage?.again !== undefined) && whole && !files.has(undefined);
  if (failing.length === 0 || !mayPass || files.size > filesMax) return reports;

  const seen = new Map();
  for (const { report, stage } of waiting) {
    const own = [...new Set(report.failures.map(({ file }) => file))];
    console.log(`\n▶ ${report.name}, once more: ${own.join(', ')}`);
    const { failed, passed } = await stage.again(own);
    if (failed === 0 && passed >= report.failed) seen.set(report, { ...report, ...asUnsteady(report) });
  }
  return reports.map((report) => seen.get(report) ?? report);
}

const asUnsteady = ({ passed, failed, failures }) => ({
  passed: passed + failed,
  failed: 0,
  failures: [],
  unsteady: failures,
});
