import { ApiError } from '#sdk/index.ts';

/** How far a command is: sent; its answer lost, so that the exchange is asked what became of it; not known for good. */
export type CommandStage = 'sending' | 'asking' | 'unknown';

/** Times the exchange is asked what became of a command, and the pauses before each, which grow. */
export const commandQuestions = { askedMax: 8, pauseMsBase: 500, pauseMsMax: 5_000 } as const;
/** So many answers that it knows of no such command, seconds apart: a request under way would have arrived. */
const absencesMax = 3;

/** Whether the command may have taken effect although no answer says so. A refusal for the price's sake comes before anything is stored. */
export function isAnswerLost(error: unknown): boolean {
  if (!(error instanceof ApiError) || error.code.startsWith('ORACLE_')) return false;
  return (
    (error.status === 0 && error.code !== 'CLIENT_ABORTED') || error.code === 'CLIENT_BAD_ANSWER' || error.status >= 500
  );
}

export type NextQuestion =
  | { readonly kind: 'ask'; readonly afterMs: number }
  /** The exchange never received it. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'giveUp' };

/** What to do after `asked` questions, of which `absences` were answered that there is no such command. */
export function nextQuestion(asked: number, absences: number): NextQuestion {
  const { askedMax, pauseMsBase, pauseMsMax } = commandQuestions;
  if (absences >= absencesMax) return { kind: 'absent' };
  if (asked >= askedMax) return { kind: 'giveUp' };
  return { kind: 'ask', afterMs: Math.min(pauseMsMax, pauseMsBase * 2 ** asked) };
}
