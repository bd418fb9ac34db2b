import { spawn } from 'node:child_process';
import { delimiter, dirname, join } from 'node:path';
import { nodeBinary, root } from './paths.mjs';

/** Environment in which `node` and the tools of node_modules are the pinned ones. */
export function toolEnvironment(extra = {}) {
  const path = [dirname(nodeBinary()), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  return { ...process.env, PATH: path, ...extra };
}

/**
 * Runs a command in the repository's root. With `capture` its output is kept and returned, else it is shown as it comes. After `timeoutMs` it is
 * ended, and `code` is not 0.
 * @returns {Promise<{ code: number, output: string, seconds: number }>}
 */
export function run(command, args, { capture = false, env = {}, shell = false, timeoutMs } = {}) {
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      shell,
      timeout: timeoutMs,
      env: toolEnvironment(env),
      stdio: capture ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    let output = '';
    const collect = (chunk) => (output += chunk);
    child.stdout?.setEncoding('utf8').on('data', collect);
    child.stderr?.setEncoding('utf8').on('data', collect);
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code: code ?? 1, output, seconds: (performance.now() - startedAt) / 1000 }),
    );
  });
}

/** Runs a script or tool of the project with the pinned Node. */
export const runNode = (args, options) => run(nodeBinary(), args, options);

/** Path of a tool's script in node_modules, to be run by {@link runNode}. */
export const toolScript = (...parts) => join(root, 'node_modules', ...parts);

/** Whether a program is on the PATH. */
export async function exists(command) {
  try {
    return (await run(command, ['--version'], { capture: true })).code === 0;
  } catch {
    return false;
  }
}
