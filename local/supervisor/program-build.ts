import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The compiled program that the local chain installs. */
export const programFile = 'programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so';

/**
 * Refuses a state folder whose accounts were written by another build of the program: their layout may differ, and what reads
 * them would fail in ways that name something else. Remembers the build of a new folder.
 */
export function checkProgramBuild(stateDir: string): void {
  const path = join(stateDir, 'program.sha256');
  const build = createHash('sha256').update(readFileSync(programFile)).digest('hex');
  if (!existsSync(path)) return writeFileSync(path, build);
  if (readFileSync(path, 'utf8') === build) return;
  throw new Error(
    `the state in ${stateDir} was made by another build of the program; npm start -- --fresh starts over (test funds and positions are forgotten)`,
  );
}
