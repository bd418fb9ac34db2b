// Builds the program and refreshes everything committed beside it: `npm run program:build`.
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { writeSums } from './artifacts.mjs';
import { compile, root, run } from './toolchain.mjs';

const artifacts = join(root, 'programs/quantdesk-perp-dex/artifacts');

mkdirSync(join(root, 'target/deploy'), { recursive: true });
mkdirSync(artifacts, { recursive: true });
compile();
copyFileSync(join(root, 'target/deploy/quantdesk_perp_dex.so'), join(artifacts, 'quantdesk_perp_dex.so'));
run('cargo', ['run', '--quiet', '--locked', '-p', 'xtask', '--', 'idl']);
run(process.execPath, ['programs/sbf/emit-types.mjs']);
writeSums();
process.stdout.write('programs/quantdesk-perp-dex/artifacts is up to date\n');
