import { execFileSync } from 'node:child_process';
import { root } from '../lib/paths.mjs';
import { type Landed, parseLock } from './migration-lock.ts';

const commitPattern = /^[0-9a-f]{7,40}$/;

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();

/** The commit that is checked out: 12 digits, a version's tag on Cloudflare and its VERSION. @throws outside a checkout */
export const headCommit = (): string => git('rev-parse', '--short=12', 'HEAD');

/** First line of the checked-out commit's message. */
export const headSubject = (): string => git('log', '-1', '--format=%s');

/** Files that differ from the commit; a version is built from a commit, not from somebody's folder. */
export const changedFiles = (): readonly string[] => git('status', '--porcelain').split('\n').filter(Boolean);

/** `migrations.lock` of a commit. @throws for a commit that is not here */
export function lockAt(commit: string): readonly Landed[] {
  if (!commitPattern.test(commit))
    throw new Error(`the version that serves was not deployed from a commit (its tag is "${commit}")`);
  try {
    return parseLock(git('show', `${commit}:migrations.lock`));
  } catch (error) {
    throw new Error(`commit ${commit} is not in this clone: git fetch`, { cause: error });
  }
}
