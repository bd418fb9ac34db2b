import type { Plan } from './initialise.ts';
import type { Outcome } from './plan-item.ts';

const marks: Readonly<Record<Outcome, string>> = {
  create: '+',
  change: '~',
  unchanged: '=',
  waiting: '…',
  refused: '✗',
  kept: '·',
};

/** What a run ended with, as its exit code says it: 2 before 3, because nobody but the operator can end it. */
export const exitCodes = { done: 0, failed: 1, refused: 2, unfinished: 3 } as const;

/** A plan as lines of text. */
export function planLines({ items, notes }: Plan): string[] {
  const outcomes = (Object.keys(marks) as Outcome[])
    .map((outcome) => [outcome, items.filter((item) => item.outcome === outcome).length] as const)
    .filter(([, count]) => count > 0);
  return [
    ...notes,
    ...(notes.length === 0 ? [] : ['']),
    ...items.flatMap(({ subject, outcome, details, steps }) => {
      const signers = [...new Set(steps.flatMap((step) => step.signers))];
      const signed = signers.length === 0 ? [] : [`signed by ${signers.join(', ')}`];
      return [
        `${marks[outcome]} ${outcome.padEnd(9)} ${subject}`,
        ...[...details, ...signed].map((line) => `              ${line}`),
      ];
    }),
    '',
    outcomes.map(([outcome, count]) => `${count} ${outcome}`).join(', '),
  ];
}

/** What is left of a plan. */
export function exitCodeOf({ items }: Plan): number {
  const outcomes = new Set(items.map(({ outcome }) => outcome));
  if (outcomes.has('refused')) return exitCodes.refused;
  const isDone = !outcomes.has('create') && !outcomes.has('change') && !outcomes.has('waiting');
  return isDone ? exitCodes.done : exitCodes.unfinished;
}
