/** Many sequences, each in a world of its own, until a number of instructions has run or an invariant breaks. */
import type { Action } from './action.ts';
import { instructions } from './codec.ts';
import { Generator } from './generator.ts';
import type { InstructionName } from './instruction-names.ts';
import { reachedBy } from './reached.ts';
import { Session } from './session.ts';
import { setupActions } from './setup.ts';
import { type Failure, asTest, failureIn, kindOf, merged, shrink } from './shrink.ts';

/** Instructions of one sequence. */
export const sequenceLength = 2_500;
/** Longest time that shrinking a failing sequence takes, milliseconds. */
const shrinkMsMax = 180_000;

/** How often an instruction was sent, accepted, and refused for which reason. */
export interface Tally {
  sent: number;
  accepted: number;
  /** Most compute units of an accepted one. */
  units: number;
  readonly refused: Map<string, number>;
}

export interface Report {
  readonly executed: number;
  readonly tallies: ReadonlyMap<InstructionName, Tally>;
  /** How often something worth reaching was reached, by what it is. */
  readonly reached: ReadonlyMap<string, number>;
  readonly failure: (Failure & { readonly seed: number; readonly test: string }) | undefined;
}

interface Run {
  readonly tallies: Map<InstructionName, Tally>;
  readonly reached: Map<string, number>;
}

/** Runs sequences of the seeds from `seed` on, until `total` instructions have run. */
export function fuzz(options: {
  readonly seed: number;
  readonly instructions: number;
  readonly say?: (line: string) => void;
}): Report {
  const run: Run = { tallies: new Map(), reached: new Map() };
  for (const { name } of instructions) {
    run.tallies.set(name as InstructionName, { sent: 0, accepted: 0, units: 0, refused: new Map() });
  }
  let executed = 0;
  for (let seed = options.seed; executed < options.instructions; seed += 1) {
    const actions: Action[] = [];
    try {
      executed += sequence(seed, Math.min(sequenceLength, options.instructions - executed), actions, run);
    } catch (error) {
      return { ...run, executed, failure: { ...shrunk(seed, actions, error, options.say), seed } };
    }
    options.say?.(`seed ${seed}: ${executed} instructions`);
  }
  return { ...run, executed, failure: undefined };
}

/** One sequence; `actions` collects what was done. */
function sequence(seed: number, length: number, actions: Action[], run: Run): number {
  const session = new Session(seed);
  const perform = (action: Action): void => {
    actions.push(action);
    const step = session.run(action);
    if (step === undefined) return;
    count(run.tallies, step.action.do, step.outcome.error, step.outcome.computeUnits);
    for (const what of reachedBy(step)) run.reached.set(what, (run.reached.get(what) ?? 0) + 1);
  };
  for (const action of setupActions(seed)) perform(action);
  const generator = new Generator(session.world, seed);
  while (session.executed < length) perform(generator.next());
  session.recount();
  return session.executed;
}

function count(tallies: Map<InstructionName, Tally>, name: InstructionName, error: string | null, units: number): void {
  const tally = tallies.get(name);
  if (tally === undefined) throw new Error(`the IDL has no instruction ${name}`);
  tally.sent += 1;
  if (error === null) {
    tally.accepted += 1;
    tally.units = Math.max(tally.units, units);
  } else tally.refused.set(error, (tally.refused.get(error) ?? 0) + 1);
}

function shrunk(
  seed: number,
  actions: readonly Action[],
  error: unknown,
  say?: (line: string) => void,
): Failure & { test: string } {
  const failure = failureIn(seed, actions);
  if (failure === undefined) throw new Error('a failing sequence does not fail again', { cause: error });
  const kind = kindOf(failure);
  say?.(`seed ${seed}, ${actions.length} actions: ${failure.message}; shrinking`);
  const fails = (tried: readonly Action[]): boolean => {
    const found = failureIn(seed, tried);
    return found !== undefined && kindOf(found) === kind;
  };
  const short = merged(shrink(actions, fails, shrinkMsMax));
  const last = failureIn(seed, short) ?? failure;
  return { ...last, test: asTest(seed, short, last) };
}

/** Each instruction's numbers as a table. */
export function table(report: Report): string {
  const rows = [...report.tallies].map(([name, { sent, accepted, units, refused }]) => {
    const share = sent === 0 ? 0 : Math.round((100 * accepted) / sent);
    const reasons = [...refused].sort(([, a], [, b]) => b - a).map(([reason, times]) => `${reason} ${times}`);
    return [
      name.padEnd(22),
      String(sent).padStart(8),
      `${share}%`.padStart(5),
      String(units).padStart(8),
      `  ${reasons.join(', ')}`,
    ].join('');
  });
  const reached = [...report.reached].sort().map(([what, times]) => `${what} ${times}`);
  return [
    `${'instruction'.padEnd(22)}    sent    ok    units  refused as`,
    ...rows,
    '',
    `reached: ${reached.join(', ')}`,
  ].join('\n');
}
