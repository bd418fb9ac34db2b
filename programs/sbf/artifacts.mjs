// What is committed of a build, and how it is bound to its sources: SHA256SUMS holds the hash of every artifact and one hash over
// all build inputs. Needs no Rust.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const artifacts = join(root, 'programs/quantdesk-perp-dex/artifacts');
const sumsFile = join(artifacts, 'SHA256SUMS');
const INPUTS_NAME = '(build inputs)';

/** Files whose bytes decide what a build gives. */
const inputFiles = [
  'Cargo.toml',
  'Cargo.lock',
  'rust-toolchain.toml',
  'programs/quantdesk-perp-dex/Cargo.toml',
  'programs/sbf/emit-types.mjs',
  'programs/sbf/patch-std.mjs',
  'programs/sbf/sbpf-linker-wrap',
  'programs/sbf/targets/sbpf-solana-solana.json',
  'programs/sbf/toolchain.mjs',
  'programs/xtask/Cargo.toml',
  'programs/xtask/src/idl.rs',
];
const inputFolder = 'programs/quantdesk-perp-dex/src';

/** Artifacts in the order they are listed. */
export const artifactNames = ['quantdesk_perp_dex.json', 'quantdesk_perp_dex.so', 'quantdesk_perp_dex.ts'];

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

function sourceFiles() {
  return readdirSync(join(root, inputFolder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replaceAll('\\', '/'))
    .sort();
}

/** One hash over the names and bytes of all build inputs. */
export function inputsHash() {
  const hash = createHash('sha256');
  for (const file of [...inputFiles, ...sourceFiles()]) {
    hash.update(`${file}\0${sha256(readFileSync(join(root, file)))}\n`);
  }
  return hash.digest('hex');
}

const sums = () =>
  [
    ...artifactNames.map((name) => `${sha256(readFileSync(join(artifacts, name)))}  ${name}`),
    `${inputsHash()}  ${INPUTS_NAME}`,
  ]
    .map((line) => `${line}\n`)
    .join('');

/** Writes SHA256SUMS for what lies in the artifacts folder now. */
export function writeSums() {
  writeFileSync(sumsFile, sums());
}

/** Names whose committed hash differs from what is there now; empty where sources and artifacts belong together. */
export function differences() {
  const committed = readFileSync(sumsFile, 'utf8').trim().split('\n');
  const present = sums().trim().split('\n');
  return present.filter((line) => !committed.includes(line)).map((line) => line.slice(line.indexOf('  ') + 2));
}
