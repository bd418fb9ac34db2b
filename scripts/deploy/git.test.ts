import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseUnlanded } from './git.ts';

const folder = mkdtempSync(join(tmpdir(), 'quantdesk-checkout-'));
const [main, clone] = [join(folder, 'main'), join(folder, 'clone')];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (cwd: string, ...args: readonly string[]): void => {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...identity, ...args], { cwd, stdio: 'pipe' });
};

beforeAll(() => {
  git(folder, 'init', '-q', '-b', 'main', main);
  git(main, 'commit', '-q', '--allow-empty', '-m', 'first');
  git(folder, 'clone', '-q', main, clone);
});

describe('a checkout', () => {
  it('whose commit is on the main branch, without changes, is deployed', () => {
    expect(() => refuseUnlanded(clone)).not.toThrow();
  });

  it('with files that differ from the commit is not, new ones among them', () => {
    const file = join(clone, 'new.txt');
    writeFileSync(file, '');
    expect(() => refuseUnlanded(clone)).toThrow('Commit first: 1 files differ');
    rmSync(file);
  });

  it('whose commit did not land is not, until it has', () => {
    git(clone, 'commit', '-q', '--allow-empty', '-m', 'second');
    expect(() => refuseUnlanded(clone)).toThrow('is not on origin/main');
    git(clone, 'push', '-q', 'origin', 'HEAD:refs/heads/landed');
    git(main, 'merge', '-q', '--ff-only', 'landed');
    git(clone, 'fetch', '-q', 'origin');
    expect(() => refuseUnlanded(clone)).not.toThrow();
  });

  it('without that branch is told to fetch it', () => {
    expect(() => refuseUnlanded(main)).toThrow('git fetch origin');
  });
});
