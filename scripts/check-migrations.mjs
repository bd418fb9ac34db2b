// Fails when a migration that has landed (of the database, of the objects' classes or of their tables) was changed, moved or removed, and for a
// new one that is not listed or is not what it says. `--append` lists new ones: npm run migrations:lock.
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockProblems, newLines, parseLock } from './deploy/migration-lock.ts';
import { presentMigrations } from './deploy/migration-list.ts';
import { root } from './lib/paths.mjs';

const lockName = 'migrations.lock';
const lockFile = join(root, lockName);

const git = (...args) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** The list as commits before had it; none where this is no checkout. */
function earlierLocks() {
  try {
    const commits = git('log', '--format=%H', '--', lockName).split('\n').filter(Boolean);
    // A commit that removed it has none.
    return commits.flatMap((commit) => {
      try {
        return [git('show', `${commit}:${lockName}`)];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

const present = presentMigrations();
const lock = existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : '';
if (process.argv.includes('--append')) appendFileSync(lockFile, newLines(present, parseLock(lock)));
const problems = lockProblems(present, readFileSync(lockFile, 'utf8'), earlierLocks());
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exit(1);
console.log(`${present.length} migrations are what they were when they landed.`);
