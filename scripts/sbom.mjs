import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/paths.mjs';
import { run } from './lib/run.mjs';

// `npm run sbom`: test-results/sbom.cdx.json, every package of npm and every crate with version and hash, as CycloneDX.
const folder = join(root, 'test-results');
// Peers that nobody installs do not fit each other; they are no part of what is listed.
const args = [
  'sbom',
  '--sbom-format',
  'cyclonedx',
  '--package-lock-only',
  '--legacy-peer-deps',
  '--loglevel',
  'silent',
];
const { code, output } = await run('npm', args, { capture: true });
if (code !== 0) throw new Error(`npm sbom failed:\n${output}`);
const bom = JSON.parse(output.slice(output.indexOf('{')));

const crates = [];
for (const block of readFileSync(join(root, 'Cargo.lock'), 'utf8').split('[[package]]').slice(1)) {
  const value = (key) => new RegExp(`^${key} = "(.*)"$`, 'm').exec(block)?.[1];
  const [name, version, checksum] = [value('name'), value('version'), value('checksum')];
  // Without a checksum it is one of ours.
  if (checksum === undefined) continue;
  const purl = `pkg:cargo/${name}@${version}`;
  const hashes = [{ alg: 'SHA-256', content: checksum }];
  crates.push({ 'bom-ref': purl, type: 'library', name, version, purl, hashes });
}
bom.components.push(...crates);
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'sbom.cdx.json'), `${JSON.stringify(bom, null, 2)}\n`);
console.log(
  `test-results/sbom.cdx.json: ${bom.components.length - crates.length} packages of npm, ${crates.length} crates`,
);
