import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { breachesOf, licencePage, packagesOf, readPolicy } from './lib/licences.mjs';
import { root } from './lib/paths.mjs';

// Every installed package is under a licence that the policy allows, and docs/licences.md says which.
const read = (path) => readFileSync(join(root, path), 'utf8');
const policy = readPolicy();
const packages = packagesOf(JSON.parse(read('package-lock.json')));
const problems = breachesOf(packages, policy);
if (read('docs/licences.md') !== licencePage(packages, policy))
  problems.push('docs/licences.md is not what package-lock.json says: npm run licences');
for (const line of problems) console.error(line);
process.exit(problems.length === 0 ? 0 : 1);
