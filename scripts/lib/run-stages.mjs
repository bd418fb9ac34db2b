/**
 * @typedef {import('./stages.mjs').StageResult & { name: string, seconds: number }} StageReport
 * @typedef {{ name: string, lane?: string, run: Function, again?: (files: string[]) => Promise<import('./stages.mjs').StageResult> }} Stage
 */

/**
 * Runs stages: those without a lane alone, one after the other; then the lanes beside each other, the first one shown as it runs, the others
 * when all are through.
 * @returns {Promise<StageReport[]>}
 */
export async function runStages(stages) {
  const alone = await runInOrder(stages.filter(({ lane }) => lane === undefined));
  const laneNames = new Set(stages.flatMap(({ lane }) => lane ?? []));
  const lanes = [...laneNames].map((name) => stages.filter(({ lane }) => lane === name));
  const beside = await Promise.all(lanes.map((lane, index) => runInOrder(lane, { capture: index > 0 })));
  for (const report of beside.slice(1).flat()) {
    console.log(`\n▶ ${report.name}`);
    tell(report);
  }
  return [...alone, ...beside.flat()];
}

async function runInOrder(stages, { capture = false } = {}) {
  const reports = [];
  for (const { name, run } of stages) {
    if (!capture) console.log(`\n▶ ${name}`);
    const startedAt = performance.now();
    const result = await outcomeOf(() => run({ capture }));
    const report = { name, seconds: (performance.now() - startedAt) / 1000, ...result };
    if (!capture) tell(report);
    reports.push(report);
  }
  return reports;
}

/**
 * What a run came to; one that throws has failed. Whoever waits for several runs leaves none of them behind this way.
 * @returns {Promise<import('./stages.mjs').StageResult>}
 */
export async function outcomeOf(run) {
  try {
    return await run();
  } catch (error) {
    const output = error instanceof Error ? error.stack : String(error);
    return { passed: 0, failed: 1, skipped: 0, output, failures: [{ name: 'the stage itself', message: output }] };
  }
}

/** What a stage did not show while it ran. */
function tell({ output = '', notRun }) {
  if (output !== '') console.log(output.trimEnd());
  if (notRun !== undefined) console.log(`  ${notRun}`);
}

/** Of each failure; its stage showed the whole. */
const messageLinesMax = 30;
/** Where the test runner, not the test, stood. */
const runnersFrame = /^\s*at .*(node_modules|<anonymous>)/;

/**
 * Everything that failed, to stand at the end of the output, where a log that was cut short still has it.
 * @param {StageReport[]} reports
 * @returns {string} Empty where nothing failed.
 */
export function failureSummary(reports) {
  const failed = reports.flatMap(({ name, failures = [] }) => failures.map((failure) => told('✗', name, failure)));
  const unsteady = reports.flatMap(({ name, unsteady: all = [] }) => all.map((failure) => told('⚠', name, failure)));
  return [
    failed.length === 0 ? '' : `\nWhat failed:\n\n${failed.join('\n\n')}`,
    unsteady.length === 0
      ? ''
      : `\nUnsteady (failed, then passed alone; each is a defect):\n\n${unsteady.join('\n\n')}`,
  ].join('');
}

function told(mark, stage, { name, message }) {
  const lines = message.trim().split('\n');
  const kept = lines.filter((line) => !runnersFrame.test(line)).slice(0, messageLinesMax);
  return `${mark} ${stage}: ${name}\n${kept.map((line) => `    ${line}`).join('\n')}`;
}
