/** Makes a failing sequence short: leaves out what it does not need to break the same invariant, and prints what remains as a test. */
import type { Action } from './action.ts';
import { Session } from './session.ts';
import { Broken } from './step.ts';

/** What went wrong. */
export interface Failure {
  readonly invariant: string;
  readonly message: string;
}

/** A failure without its numbers and keys: what has to stay the same while a sequence gets shorter. */
export const kindOf = ({ message }: Failure): string =>
  message.replaceAll(/[1-9A-HJ-NP-Za-km-z]{32,44}/g, 'key').replaceAll(/-?\d+/g, '#');

const failureOf = (error: unknown): Failure => {
  if (error instanceof Broken) return { invariant: error.invariant, message: error.message };
  const message = error instanceof Error ? error.message : String(error);
  return { invariant: message, message };
};

/** Runs a sequence; undefined where every invariant holds. */
export function failureIn(
  seed: number,
  actions: readonly Action[],
  make = (): Session => new Session(seed),
): Failure | undefined {
  try {
    const session = make();
    for (const action of actions) session.run(action);
    session.recount();
  } catch (error) {
    return failureOf(error);
  }
  return undefined;
}

/**
 * Leaves out ever smaller parts of the sequence as long as it fails in the same way. Ends where no single action can be left out, or
 * after `millisecondsMax`.
 */
export function shrink(
  actions: readonly Action[],
  fails: (actions: readonly Action[]) => boolean,
  millisecondsMax: number,
): readonly Action[] {
  const end = performance.now() + millisecondsMax;
  let kept = actions;
  for (let part = Math.ceil(kept.length / 2); part >= 1; part = part === 1 ? 0 : Math.ceil(part / 2)) {
    let shorter = true;
    while (shorter) {
      shorter = false;
      // From the end: what happened last matters most, and what is left out early makes every later try faster.
      for (let from = 0; from < kept.length && performance.now() < end;) {
        const tried = [...kept.slice(0, from), ...kept.slice(from + part)];
        if (tried.length < kept.length && fails(tried)) {
          kept = tried;
          shorter = part === 1;
        } else from += part;
      }
    }
  }
  return kept;
}

/** Pauses that follow each other as one. */
export function merged(actions: readonly Action[]): readonly Action[] {
  const shorter: Action[] = [];
  for (const action of actions) {
    const last = shorter.at(-1);
    if (action.do === 'clock' && last?.do === 'clock') {
      shorter[shorter.length - 1] = { do: 'clock', seconds: last.seconds + action.seconds };
    } else shorter.push(action);
  }
  return shorter;
}

function literal(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{ ${members.map(([name, item]) => `${name}: ${literal(item)}`).join(', ')} }`;
}

/** The sequence as a test to paste into a file beside `session.ts`. */
export function asTest(seed: number, actions: readonly Action[], failure: Failure): string {
  return [
    `import { it } from 'vitest';`,
    `import type { Action } from './action.ts';`,
    `import { Session } from './session.ts';`,
    '',
    `// ${failure.message}`,
    `it(${JSON.stringify(`invariant ${failure.invariant} holds`)}, () => {`,
    `  const session = new Session(${seed});`,
    '  const actions: Action[] = [',
    ...actions.map((action) => `    ${literal(action)},`),
    '  ];',
    '  for (const action of actions) session.run(action);',
    '});',
  ].join('\n');
}
