import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { breachesOf, licencePage, packagesOf, readPolicy } from './lib/licences.mjs';
import { root } from './lib/paths.mjs';

// `npm run licences`: writes docs/licences.md and refuses what the policy does not allow.
const policy = readPolicy();
const packages = packagesOf(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
writeFileSync(join(root, 'docs/licences.md'), licencePage(packages, policy));
const breaches = breachesOf(packages, policy);
for (const line of breaches) console.error(line);
console.log(`${packages.length} packages, ${breaches.length} not allowed`);
process.exitCode = breaches.length === 0 ? 0 : 1;
