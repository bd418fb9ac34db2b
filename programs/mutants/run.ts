// Breaks the program in many ways, one at a time, and shows which test notices: `npm run program:mutants`.
//   -- --list          names and what they break
//   -- --only a,b      these alone
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { mutants } from './catalog/index.ts';
import { type Catch, firstFailure } from './catch.ts';
import type { Mutant } from './mutant.ts';
import { build, prepareScratch } from './scratch.ts';

const report = new URL('../../test-results/mutants.md', import.meta.url);
const write = (line: string): void => void process.stdout.write(`${line}\n`);

interface Outcome {
  readonly mutant: Mutant;
  readonly caught: Catch | null;
  readonly seconds: number;
}

const { values } = parseArgs({ options: { only: { type: 'string' }, list: { type: 'boolean' } } });

function chosen(): readonly Mutant[] {
  if (values.only === undefined) return mutants;
  return values.only.split(',').map((name) => {
    const found = mutants.find((mutant) => mutant.name === name);
    if (found === undefined) throw new Error(`no mutant ${name}; --list names them`);
    return found;
  });
}

/** The likely tests first; all of them where those notice nothing. */
const catchOf = async (artifact: string, tests: readonly string[]): Promise<Catch | null> =>
  (await firstFailure(artifact, tests)) ?? (await firstFailure(artifact, []));

/** Tests one mutant while the next one compiles. */
async function runAll(wanted: readonly Mutant[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let building = build(wanted[0] ?? null);
  for (const [index, mutant] of wanted.entries()) {
    const artifact = await building;
    const startedAt = performance.now();
    const next = wanted[index + 1];
    if (next !== undefined) {
      building = build(next);
      // Awaited in the next round; until then a failure to compile must not end the process.
      building.catch(() => undefined);
    }
    const caught = await catchOf(artifact, mutant.tests);
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    outcomes.push({ mutant, caught, seconds });
    write(
      `${caught === null ? 'SURVIVED' : 'caught  '}  ${mutant.name} (${seconds} s)  ${caught === null ? '' : `${caught.file}: ${caught.title}`}`,
    );
  }
  return outcomes;
}

const cell = (text: string): string => text.replaceAll('|', '\\|');

function table(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ mutant, caught, seconds }) => {
    const by = caught === null ? '**nothing**' : `\`${caught.file}\`: ${caught.title}`;
    return `| \`${mutant.name}\` | ${cell(mutant.breaks)} | ${cell(by)} | ${seconds} |`;
  });
  const head = ['| mutant | the guarantee it breaks | caught by | seconds |', '| --- | --- | --- | ---: |'];
  return [...head, ...rows].join('\n');
}

if (values.list === true) {
  for (const { name, breaks, file } of mutants) write(`${name.padEnd(32)} ${breaks} (${file})`);
  process.exit(0);
}

const wanted = chosen();
prepareScratch();
write('The program as it is, in the profile of the mutants:');
const unbroken = await firstFailure(await build(null), [...new Set(wanted.flatMap(({ tests }) => tests))]);
if (unbroken !== null) throw new Error(`it fails without any mutant: ${unbroken.file}: ${unbroken.title}`);
write(`it passes. Now ${wanted.length} mutants:`);
const outcomes = await runAll(wanted);
const survivors = outcomes.filter(({ caught }) => caught === null);
const text = `# Mutants\n\n${outcomes.length - survivors.length} of ${outcomes.length} caught.\n\n${table(outcomes)}\n`;
mkdirSync(new URL('.', report), { recursive: true });
writeFileSync(report, text);
write(`\n${text}`);
process.exit(survivors.length === 0 ? 0 : 1);
