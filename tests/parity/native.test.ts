/** TypeScript against the same mathematics in Rust, natively: golden vectors and random cases, to the last unit. */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { randomCases } from './cases.ts';
import { type ParityAnswer, type ParityCase, answer, differences, isTypeScriptOnly } from './functions.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** Cases of one question to the binary, which is held in memory, and how many questions: 100,000 cases altogether. */
const batchSize = 5_000;
const batches = 20;
const seed = 20_250_612;
const buildTimeoutMs = 900_000;
const agreementTimeoutMs = 600_000;
const answerBytesMax = 256 * 1024 * 1024;
const shownMax = 5;

/** A missing toolchain is reported, never installed. */
const environment = { ...process.env, RUSTUP_AUTO_INSTALL: '0' };
const command = ['run', '--quiet', '--package', 'xtask', '--', 'math'];

/** Builds and starts the native binary once; says why where it cannot. */
function prepareNative(): { readonly ready: true } | { readonly ready: false; readonly reason: string } {
  const run = spawnSync('cargo', command, { cwd: root, env: environment, input: '', timeout: buildTimeoutMs });
  if (run.error !== undefined) return { ready: false, reason: 'there is no cargo on this machine' };
  if (run.status === 0) return { ready: true };
  return { ready: false, reason: `cargo ${command.join(' ')} failed: ${run.stderr.toString().split('\n')[0] ?? ''}` };
}

const native = prepareNative();
if (!native.ready) console.warn(`The mathematics in Rust was NOT compared with TypeScript: ${native.reason}.`);

/** The binary's answers, one per case, in order. */
function askNative(cases: readonly ParityCase[]): ParityAnswer[] {
  const lines = cases.map((item) => JSON.stringify({ fn: item.fn, input: item.input })).join('\n');
  const run = spawnSync('cargo', command, {
    cwd: root,
    env: environment,
    input: `${lines}\n`,
    maxBuffer: answerBytesMax,
  });
  if (run.status !== 0) throw new Error(`the native binary ended with ${String(run.status)}: ${String(run.stderr)}`);
  const answers = run.stdout.toString().trim().split('\n');
  expect(answers).toHaveLength(cases.length);
  return answers.map((line) => JSON.parse(line) as ParityAnswer);
}

/** Cases on which the two languages differ, with both answers, ready to be read. */
function disagreements(cases: readonly ParityCase[]): string[] {
  const theirs = askNative(cases);
  return cases.flatMap((item, i) => {
    const ours = answer(item);
    const apart = differences({ ...ours }, { ...theirs[i] } as never);
    return apart.length === 0 ? [] : [`${item.fn} ${JSON.stringify(item.input)}\n  ${apart.join('\n  ')}`];
  });
}

test.runIf(native.ready)('Rust gives the golden vectors', { timeout: 60_000 }, () => {
  const directory = new URL('./vectors/', import.meta.url);
  const cases = readdirSync(directory).flatMap(
    (file) => (JSON.parse(readFileSync(new URL(file, directory), 'utf8')) as { cases: ParityCase[] }).cases,
  );
  const shared = cases.filter(({ fn }) => !isTypeScriptOnly(fn));
  const theirs = askNative(shared);
  const apart = shared.flatMap(({ fn, name, output, error }, i) => {
    const expected = error === undefined ? { output: output ?? {} } : { error };
    const differing = differences(expected, { ...theirs[i] } as never);
    return differing.length === 0 ? [] : [`${fn}: ${name ?? ''}\n  ${differing.join('\n  ')}`];
  });
  expect(apart).toEqual([]);
});

test.runIf(native.ready)(
  `Rust and TypeScript agree on ${batches * batchSize} random cases`,
  { timeout: agreementTimeoutMs },
  () => {
    for (let batch = 0; batch < batches; batch += 1) {
      const apart = disagreements(randomCases(batchSize, seed + batch));
      expect(apart.slice(0, shownMax), `seed ${seed + batch}`).toEqual([]);
    }
  },
);

test('the random cases reach both outcomes of every function', () => {
  const outcomes = new Map<string, Set<string>>();
  for (const item of randomCases(batchSize, seed)) {
    const done = answer(item);
    const seen = outcomes.get(item.fn) ?? new Set();
    outcomes.set(item.fn, seen.add('output' in done ? 'output' : done.error));
  }
  for (const [fn, seen] of outcomes) expect(seen.has('output'), fn).toBe(true);
  for (const fn of ['open', 'reduce', 'liquidate', 'remove_margin', 'settle']) {
    expect(outcomes.get(fn)?.size, fn).toBeGreaterThan(1);
  }
});
