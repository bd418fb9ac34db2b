import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { exists, run } from './run.mjs';

/** Of its own: flags of the compiler differ from those of every other build. */
const targetFolder = join(root, 'target/coverage');
const profileFolder = join(targetFolder, 'profiles');
const sources = 'programs/quantdesk-perp-dex/src/math';

/**
 * What the golden vectors run of the program's mathematics, natively, by the compiler's own counters. The compiled program, which the parity
 * and the tests of the program run, carries no counters: nothing of them is in these figures.
 * @typedef {{ file: string, lines: { count: number, covered: number }, regions: { count: number, covered: number } }} SourceFile
 * @returns {Promise<{ files: SourceFile[] } | { reason: string }>} `reason`: why nothing was measured.
 * @throws {Error} When the tests or a tool fail.
 */
export async function programCoverage() {
  if (!(await exists('cargo'))) return { reason: 'there is no cargo' };
  const tools = await coverageTools();
  if (tools === null) return { reason: 'the compiler has no llvm-tools (rustup component add llvm-tools)' };

  rmSync(profileFolder, { recursive: true, force: true });
  mkdirSync(profileFolder, { recursive: true });
  const env = { CARGO_TARGET_DIR: targetFolder, RUSTFLAGS: '-Cinstrument-coverage' };
  const cargo = ['test', '--locked', '--package', 'xtask'];
  // The compiler's helpers are instrumented too, and would leave their profiles beside the sources.
  const building = { ...env, LLVM_PROFILE_FILE: join(targetFolder, 'build-%m.profraw') };
  const built = await output('cargo', [...cargo, '--no-run', '--message-format', 'json'], building);
  await output('cargo', [...cargo, '--quiet'], { ...env, LLVM_PROFILE_FILE: join(profileFolder, '%p-%m.profraw') });

  const profiles = readdirSync(profileFolder).map((name) => join(profileFolder, name));
  const merged = join(targetFolder, 'math.profdata');
  await output(tools.profdata, ['merge', '-sparse', '-o', merged, ...profiles]);
  const exported = await output(tools.cov, [
    'export',
    '--summary-only',
    `--instr-profile=${merged}`,
    testBinary(built),
    '--sources',
    join(root, sources),
  ]);
  const [{ files }] = JSON.parse(exported.slice(exported.indexOf('{'))).data;
  return {
    files: files.map(({ filename, summary: { lines, regions } }) => ({ file: filename, lines, regions })),
  };
}

/** llvm-profdata and llvm-cov of the compiler in use: others do not read its profiles. Null where they are not installed. */
async function coverageTools() {
  const sysroot = (await output('rustc', ['--print', 'sysroot'])).trim();
  const host = /^host: (\S+)$/m.exec(await output('rustc', ['-vV']))?.[1] ?? '';
  const folder = join(sysroot, 'lib/rustlib', host, 'bin');
  const tools = { profdata: join(folder, 'llvm-profdata'), cov: join(folder, 'llvm-cov') };
  return Object.values(tools).every((path) => existsSync(path)) ? tools : null;
}

/** The executable with the tests, by what cargo tells of a build. */
function testBinary(messages) {
  const artifacts = messages
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
  const tests = artifacts.find(({ executable, profile }) => typeof executable === 'string' && profile?.test === true);
  if (tests === undefined) throw new Error('cargo built no tests');
  return tests.executable;
}

async function output(command, args, env = {}) {
  const { code, output: text } = await run(command, args, { capture: true, env });
  if (code !== 0) throw new Error(`${command} ${args[0]} ended with ${code}:\n${text}`);
  return text;
}
