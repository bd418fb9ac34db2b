// Rebuilds the program and compares it with what is committed, byte for byte: `npm run program:verify`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { artifactNames } from './artifacts.mjs';
import { root, run } from './toolchain.mjs';

const artifacts = join(root, 'programs/quantdesk-perp-dex/artifacts');
const files = [...artifactNames, 'SHA256SUMS'].map((name) => join(artifacts, name));
const committed = files.map((file) => readFileSync(file));

run(process.execPath, ['programs/sbf/build.mjs']);

const changed = files.filter((file, index) => !readFileSync(file).equals(committed[index]));
if (changed.length > 0) {
  process.stderr.write(`A fresh build differs from what was committed:\n${changed.join('\n')}\n`);
  process.exit(1);
}
process.stdout.write('A fresh build gives exactly the committed artifacts.\n');
