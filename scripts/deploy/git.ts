import { execFileSync } from 'node:child_process';
import { root } from '../lib/paths.mjs';
import { type Landed, parseLock } from './migration-lock.ts';

const commitPattern = /^[0-9a-f]{7,40}$/;

const gitIn = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
const git = (...args: readonly string[]): string => gitIn(root, ...args);

/** The commit that is checked out: 12 digits, a version's tag on Cloudflare and its VERSION. @throws outside a checkout */
export const headCommit = (folder: string = root): string => gitIn(folder, 'rev-parse', '--short=12', 'HEAD');

/** First line of the checked-out commit's message. */
export const headSubject = (): string => git('log', '-1', '--format=%s');

/** Files that differ from the commit; a version is built from a commit, not from somebody's folder. */
export const changedFiles = (folder: string = root): readonly string[] =>
  gitIn(folder, 'status', '--porcelain').split('\n').filter(Boolean);

/** Everybody who deploys or rolls back has to find the commits of all versions: they are on this branch. */
const mainBranch = 'origin/main';

function isOnMain(folder: string): boolean {
  try {
    gitIn(folder, 'merge-base', '--is-ancestor', 'HEAD', mainBranch);
    return true;
  } catch {
    return false;
  }
}

/**
 * A version is made of a commit that landed: nothing else can be found again, compared with, or gone back over.
 * @param folder a checkout; this one, where none is named.
 * @throws where files differ from the commit, or it is not on the main branch.
 */
export function refuseUnlanded(folder: string = root): void {
  const changed = changedFiles(folder);
  if (changed.length > 0) throw new Error(`Commit first: ${changed.length} files differ from the commit.`);
  if (!isOnMain(folder))
    throw new Error(`Commit ${headCommit(folder)} is not on ${mainBranch}: land it first, or git fetch origin.`);
}

/** A file of a commit. @throws for a commit that is not here */
function fileAt(commit: string, path: string): string {
  if (!commitPattern.test(commit))
    throw new Error(`the version that serves was not deployed from a commit (its tag is "${commit}")`);
  try {
    return git('show', `${commit}:${path}`);
  } catch (error) {
    throw new Error(`commit ${commit} is not in this clone: git fetch`, { cause: error });
  }
}

/** `migrations.lock` of a commit. @throws for a commit that is not here */
export const lockAt = (commit: string): readonly Landed[] => parseLock(fileAt(commit, 'migrations.lock'));

/** The database's journal of migrations, of a commit. @throws for a commit that is not here */
export const journalAt = (commit: string): string => fileAt(commit, 'db/migrations/meta/_journal.json');
