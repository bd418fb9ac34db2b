import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run, runNode, toolScript } from './lib/run.mjs';

// No file of the repository holds a key, token or password (secretlint; `.secretlintrc.json` says by which rules).
const notText = /\.(png|so|gz|br|ico|woff2|csv)$/;
const { output } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
  capture: true,
});
const files = output.split('\0').filter((path) => path !== '' && !notText.test(path));
const config = ['--secretlintrc', join(root, '.secretlintrc.json'), '--secretlintignore', join(root, '.gitignore')];
const found = await runNode([toolScript('secretlint', 'bin', 'secretlint.js'), ...config, '--no-glob', ...files]);
process.exit(found.code);
