/** One way to break the program: an exact text of one source file, replaced. */
export interface Mutant {
  /** Unique, as `--only` takes it. */
  readonly name: string;
  /** What no longer holds in the broken program. */
  readonly breaks: string;
  /** Source file, relative to `programs/quantdesk-perp-dex/src`. */
  readonly file: string;
  /** Must occur exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** Test files that should notice, relative to `tests`: they run first. */
  readonly tests: readonly string[];
}

/** Where the sources of the program lie, relative to the repository's root. */
export const sourceFolder = 'programs/quantdesk-perp-dex/src';

/** How often a text occurs in another. */
export const occurrences = (text: string, part: string): number => text.split(part).length - 1;

/** The source with the mutant's replacement. Throws where the text to replace is not there exactly once. */
export function mutate(mutant: Mutant, source: string): string {
  const found = occurrences(source, mutant.find);
  if (found !== 1) throw new Error(`${mutant.name}: ${mutant.file} has its text ${found} times, not once`);
  return source.split(mutant.find).join(mutant.replace);
}
