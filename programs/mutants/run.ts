// Breaks the program in many ways, one at a time, and shows which test notices: `npm run program:mutants`.
//   -- --list          names and what they break
//   -- --only a,b      these alone
//   -- --near          only the tests named for each, not all where those notice nothing
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mutants } from './catalog/index.ts';
import { type Catch, firstFailure } from './catch.ts';
import type { Mutant } from './mutant.ts';
import { build, prepareScratch } from './scratch.ts';

const report = new URL('../../test-results/mutants.md', import.meta.url);
const write = (line: string): void => void process.stdout.write(`${line}\n`);

type Verdict =
  | { readonly kind: 'caught'; readonly by: Catch }
  | { readonly kind: 'survived' }
  /** It says nothing: it does not compile, or its test fails without it too. */
  | { readonly kind: 'void'; readonly reason: string };

interface Outcome {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  readonly seconds: number;
}

const { values } = parseArgs({
  options: { only: { type: 'string' }, list: { type: 'boolean' }, near: { type: 'boolean' } },
});

function chosen(): readonly Mutant[] {
  if (values.only === undefined) return mutants;
  return values.only.split(',').map((name) => {
    const found = mutants.find((mutant) => mutant.name === name);
    if (found === undefined) throw new Error(`no mutant ${name}; --list names them`);
    return found;
  });
}

/** Test files that the program passes as it is, in the profile of the mutants: only those can catch anything. */
const sound = new Set<string>();

/** One file after the other: a quick one that notices spares the slow ones. */
async function nearestFailure(mutant: Mutant, artifact: string): Promise<Catch | null> {
  for (const file of mutant.tests) {
    const failure = await firstFailure(artifact, [file]);
    if (failure !== null) return failure;
  }
  return null;
}

/** The tests named for the mutant first, all of them where those notice nothing. */
async function verdictOn(mutant: Mutant, artifact: string, unbroken: string): Promise<Verdict> {
  const by =
    (await nearestFailure(mutant, artifact)) ?? (values.near === true ? null : await firstFailure(artifact, []));
  if (by === null) return { kind: 'survived' };
  if (!sound.has(by.file)) {
    const own = await firstFailure(unbroken, [by.file]);
    if (own !== null) return { kind: 'void', reason: `${own.file} fails without it too: ${own.title}` };
    sound.add(by.file);
  }
  return { kind: 'caught', by };
}

const built = (mutant: Mutant): Promise<string | Error> => build(mutant).catch((error: Error) => error);

/** Tests one mutant while the next one compiles; `done` hears of each. */
async function runAll(wanted: readonly Mutant[], done: (outcome: Outcome) => void): Promise<void> {
  const unbroken = await build(null);
  let building: Promise<string | Error> | undefined;
  for (const [index, mutant] of wanted.entries()) {
    const artifact = await (building ?? built(mutant));
    const startedAt = performance.now();
    const next = wanted[index + 1];
    building = next === undefined ? undefined : built(next);
    const verdict: Verdict =
      artifact instanceof Error
        ? { kind: 'void', reason: artifact.message }
        : await verdictOn(mutant, artifact, unbroken);
    done({ mutant, verdict, seconds: Math.round((performance.now() - startedAt) / 1000) });
  }
}

function verdictText(verdict: Verdict): string {
  if (verdict.kind === 'caught') return `\`${verdict.by.file}\`: ${verdict.by.title}`;
  return verdict.kind === 'survived' ? '**nothing**' : `**void**: ${verdict.reason.split('\n')[0] ?? ''}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function reportOf(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(
    ({ mutant, verdict, seconds }) =>
      `| \`${mutant.name}\` | ${cell(mutant.breaks)} | ${cell(verdictText(verdict))} | ${seconds} |`,
  );
  const caught = outcomes.filter(({ verdict }) => verdict.kind === 'caught').length;
  const head = ['| mutant | the guarantee it breaks | caught by | seconds |', '| --- | --- | --- | ---: |'];
  return ['# Mutants', '', `${caught} of ${outcomes.length} caught.`, '', ...head, ...rows, ''].join('\n');
}

if (values.list === true) {
  for (const { name, breaks, file } of mutants) write(`${name.padEnd(32)} ${breaks} (${file})`);
  process.exit(0);
}

const outcomes: Outcome[] = [];
mkdirSync(new URL('.', report), { recursive: true });
prepareScratch();
await runAll(chosen(), (outcome) => {
  outcomes.push(outcome);
  const { mutant, verdict, seconds } = outcome;
  write(`${verdict.kind.padEnd(8)}  ${mutant.name} (${seconds} s)  ${verdictText(verdict)}`);
  if (verdict.kind === 'void') write(verdict.reason);
  writeFileSync(report, reportOf(outcomes));
});
write(`\n${reportOf(outcomes)}`);
process.exit(outcomes.every(({ verdict }) => verdict.kind === 'caught') ? 0 : 1);
