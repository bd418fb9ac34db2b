import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run, runNode, toolScript } from './lib/run.mjs';

// No file of the repository, or of those named, holds a key, token or password (secretlint; `.secretlintrc.json` says by which rules, and the key of a
// Solana wallet, which it does not know, is a rule of our own).
const notText = /\.(png|so|gz|br|ico|woff2|csv)$/;

async function filesOfRepository() {
  const { output } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    capture: true,
  });
  return output.split('\0').filter((path) => path !== '' && !notText.test(path));
}

const named = process.argv.slice(2);
const files = named.length > 0 ? named : await filesOfRepository();
const { rules } = JSON.parse(readFileSync(join(root, '.secretlintrc.json'), 'utf8'));
const all = JSON.stringify({ rules: [...rules, { id: join(root, 'scripts', 'lib', 'secretlint-rule-solana.mjs') }] });
const config = ['--secretlintrcJSON', all, '--secretlintignore', join(root, '.gitignore')];
const found = await runNode([toolScript('secretlint', 'bin', 'secretlint.js'), ...config, '--no-glob', ...files]);
process.exit(found.code);
