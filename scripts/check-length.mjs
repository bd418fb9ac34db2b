import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';

/** A file is one idea: this many lines. */
const linesMax = 400;
const sources = /\.(rs|ts|tsx|mjs|css)$/;
const generated = /(\/artifacts\/|^db\/migrations\/)/;

// Untracked files count too: they are about to be committed.
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => sources.test(file) && !generated.test(file) && existsSync(join(root, file)));
const tooLong = files
  .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
  .filter(({ lines }) => lines > linesMax);

for (const { file, lines } of tooLong) console.error(`${file}: ${lines} lines (at most ${linesMax})`);
process.exit(tooLong.length === 0 ? 0 : 1);
