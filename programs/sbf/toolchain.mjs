// The pinned tools that turn the program into sBPF bytecode, installed from package registries where they are missing.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NIGHTLY = 'nightly-2026-10-30';
const LINKER_VERSION = '0.2.6';
const here = fileURLToPath(new URL('.', import.meta.url));
const cache = join(here, '.sbf');
const tools = join(cache, 'tools');
/**
 * Where the standard library and the target lie while building. cargo mixes both paths into the names of symbols, and those decide the
 * order of code and data: only with one fixed path does every checkout on every machine give the same bytes.
 */
const fixedFolder = '/tmp/quantdesk-sbf';
const targetFile = 'sbpf-solana-solana.json';

/** The repository's root, where cargo's workspace is. */
export const root = fileURLToPath(new URL('../../', import.meta.url));

/** Without the variable that the rustup proxy sets, which would override the toolchain named on the command line. */
export function cleanEnv() {
  const { RUSTUP_TOOLCHAIN: _overridden, ...env } = process.env;
  return env;
}

/** Runs a command in the repository's root; throws where it fails. */
export function run(command, args, env = cleanEnv()) {
  execFileSync(command, args, { cwd: root, env, stdio: 'inherit' });
}

const read = (command, args) => execFileSync(command, args, { cwd: root, env: cleanEnv(), encoding: 'utf8' }).trim();

function installToolchain() {
  const installed = read('rustup', ['toolchain', 'list']);
  if (!installed.split('\n').some((line) => line.startsWith(NIGHTLY))) {
    const profile = ['--profile', 'minimal', '-c', 'rust-src', '--no-self-update'];
    run('rustup', ['toolchain', 'install', NIGHTLY, ...profile]);
  }
  if (!existsSync(join(tools, 'bin', 'sbpf-linker'))) {
    run('cargo', ['install', 'sbpf-linker', '--version', LINKER_VERSION, '--locked', '--root', tools]);
  }
}

/** The fixed folder, with the target in it. Throws where another user made it: what lies there becomes part of the program. */
function prepareFixedFolder() {
  mkdirSync(fixedFolder, { recursive: true, mode: 0o700 });
  if (statSync(fixedFolder).uid !== process.getuid?.()) throw new Error(`${fixedFolder} belongs to another user`);
  const target = join(fixedFolder, targetFile);
  copyFileSync(join(here, 'targets', targetFile), target);
  return target;
}

/** A patched copy of the standard library; the toolchain itself stays untouched. */
function patchedStd(sysroot) {
  const copy = join(fixedFolder, NIGHTLY);
  const library = join(copy, 'library');
  const patch = join(here, 'patch-std.mjs');
  const done = join(copy, `.patched-${createHash('sha256').update(readFileSync(patch)).digest('hex').slice(0, 16)}`);
  if (!existsSync(done)) {
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy, { recursive: true });
    cpSync(join(sysroot, 'lib/rustlib/src/rust/library'), library, { recursive: true });
    run(process.execPath, [patch, library]);
    writeFileSync(done, '');
  }
  return library;
}

/** Compiles the program; the linker writes `target/deploy/quantdesk_perp_dex.so`. */
export function compile() {
  installToolchain();
  const target = prepareFixedFolder();
  const sysroot = read('rustc', [`+${NIGHTLY}`, '--print', 'sysroot']);
  const env = {
    ...cleanEnv(),
    PATH: `${here}:${process.env.PATH}`,
    SBF_TOOLS: tools,
    LD_LIBRARY_PATH: join(sysroot, 'lib'),
    RUSTC_BOOTSTRAP_SYNTHETIC_TARGET: '1',
    __CARGO_TESTS_ONLY_SRC_ROOT: patchedStd(sysroot),
    RUSTFLAGS: [
      '-C target-cpu=v3 -C target-feature=+allows-misaligned-mem-access -C relocation-model=static',
      '-Zunstable-options -Cpanic=immediate-abort -C passes=lower-atomic -C linker=sbpf-linker-wrap',
    ].join(' '),
  };
  const std = ['-Z', 'build-std=core,alloc,std,panic_abort', '-Z', 'build-std-features=optimize_for_size'];
  const build = [`+${NIGHTLY}`, 'build', '--release', '--locked', '-p', 'quantdesk-perp-dex', '--target', target];
  run('cargo', [...build, '-Z', 'json-target-spec', ...std], env);
}
