import { spawn } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/lib/paths.mjs';
import { type Mutant, mutate, sourceFolder } from './mutant.ts';

/** The scratch copy; its build cache stays for the next run. */
const scratch = join(tmpdir(), `quantdesk-mutants-${process.getuid?.() ?? 0}`);
const built = join(scratch, 'built');
const parts = ['Cargo.lock', 'rust-toolchain.toml', 'programs/quantdesk-perp-dex', 'programs/xtask'];
const buildParts = ['patch-std.mjs', 'sbpf-linker-wrap', 'targets', 'toolchain.mjs'];
const tools = 'programs/sbf/.sbf';

/**
 * Four units and no LTO by rustc: only what the replacement touches is compiled again. The linker's time grows with the number of
 * modules, so everything else is one unit each.
 */
const profile = `[profile.release]
opt-level = "s"
overflow-checks = true
lto = "off"
codegen-units = 4
incremental = true

[profile.release.package."*"]
codegen-units = 1
`;

/** Makes the scratch copy from the checkout as it is now. */
export function prepareScratch(): void {
  rmSync(join(scratch, 'programs'), { recursive: true, force: true });
  mkdirSync(join(scratch, 'programs/sbf'), { recursive: true });
  mkdirSync(built, { recursive: true });
  // New times: cargo compiles what an interrupted run left broken.
  for (const part of parts) cpSync(join(root, part), join(scratch, part), { recursive: true });
  for (const part of buildParts) {
    cpSync(join(root, 'programs/sbf', part), join(scratch, 'programs/sbf', part), { recursive: true });
  }
  mkdirSync(join(root, tools), { recursive: true });
  if (!existsSync(join(scratch, tools))) symlinkSync(join(root, tools), join(scratch, tools));
  const [workspace] = readFileSync(join(root, 'Cargo.toml'), 'utf8').split('[profile.release]');
  writeFileSync(join(scratch, 'Cargo.toml'), `${workspace ?? ''}${profile}`);
}

/** The path of a mutant's source in the scratch copy. */
const sourceOf = (mutant: Mutant): string => join(scratch, sourceFolder, mutant.file);

/** Compiles the program with this mutant in it (null: as it is). Gives the path of the `.so`. Throws where it does not compile. */
export async function build(mutant: Mutant | null): Promise<string> {
  const original = mutant === null ? null : readFileSync(sourceOf(mutant), 'utf8');
  if (mutant !== null && original !== null) writeFileSync(sourceOf(mutant), mutate(mutant, original));
  try {
    await compile();
  } finally {
    if (mutant !== null && original !== null) writeFileSync(sourceOf(mutant), original);
  }
  const artifact = join(built, `${mutant?.name ?? 'unbroken'}.so`);
  copyFileSync(join(scratch, 'target/deploy/quantdesk_perp_dex.so'), artifact);
  return artifact;
}

/** The checkout's own way of building, run from the scratch copy. */
function compile(): Promise<void> {
  const toolchain = pathToFileURL(join(scratch, 'programs/sbf/toolchain.mjs')).href;
  const script = `const { compile } = await import(${JSON.stringify(toolchain)}); compile();`;
  const { CARGO_TARGET_DIR: _elsewhere, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: scratch,
      env: { ...env, CARGO_TERM_COLOR: 'never' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const collect = (chunk: string): void => {
      output += chunk;
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`it does not compile:\n${output}`))));
  });
}
