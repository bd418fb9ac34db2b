import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { preflightProblem } from './preflight.mjs';
import { root } from './paths.mjs';
import { run } from './run.mjs';

const lockfile = join(root, 'package-lock.json');
/** npm writes it at the end of an installation. */
const installedLockfile = join(root, 'node_modules', '.package-lock.json');
const stamp = join(root, 'node_modules', '.quantdesk-installed');
const installLock = join(root, '.quantdesk', 'install.lock');
const installWaitMsMax = 15 * 60_000;
const pollMs = 500;

/** Stops with a helpful message where this machine cannot run the project; else installs the dependencies where that is needed. */
export async function prepare() {
  const problem = preflightProblem({ version: process.version, platform: process.platform, arch: process.arch });
  if (problem !== null) {
    console.error(problem);
    process.exit(1);
  }
  if (isInstalled()) return;
  await withInstallLock(async () => {
    if (!isInstalled()) await install();
  });
}

async function install() {
  console.log('Installing the dependencies (npm ci); this takes about a minute the first time…');
  const npmCli = process.env.npm_execpath;
  const [command, args] = npmCli?.endsWith('.js') ? [process.execPath, [npmCli]] : ['npm', []];
  const { code, seconds } = await run(
    command,
    [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      shell: command === 'npm' && process.platform === 'win32',
    },
  );
  if (code !== 0) {
    console.error('The installation failed; the lines above say why. Run the same command again once that is mended.');
    process.exit(1);
  }
  writeFileSync(stamp, lockfileHash());
  console.log(`Installed in ${seconds.toFixed(0)} s.`);
}

/** Whether node_modules is what package-lock.json describes: stamped for it, or written by npm after it. */
function isInstalled() {
  if (!existsSync(installedLockfile)) return false;
  const hash = lockfileHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true;
  if (statSync(installedLockfile).mtimeMs < statSync(lockfile).mtimeMs) return false;
  writeFileSync(stamp, hash);
  return true;
}

const lockfileHash = () => createHash('sha256').update(readFileSync(lockfile)).digest('hex');

/** Two starts at once do not install into one another. */
async function withInstallLock(work) {
  mkdirSync(join(root, '.quantdesk'), { recursive: true });
  const deadline = Date.now() + installWaitMsMax;
  let told = false;
  while (!tryLock()) {
    if (!told) console.log('Another process installs the dependencies; waiting for it…');
    told = true;
    if (Date.now() > deadline) throw new Error(`gave up waiting for ${installLock}; delete it if nothing installs`);
    await sleep(pollMs);
  }
  try {
    return await work();
  } finally {
    rmSync(installLock, { force: true });
  }
}

function tryLock() {
  try {
    const file = openSync(installLock, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const holder = Number(readFileSync(installLock, 'utf8'));
    // A lock whose process is gone is a leftover; an empty one is being written this moment.
    if (holder > 0 && !isAlive(holder)) rmSync(installLock, { force: true });
    return false;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
