import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeBinary, root } from '../lib/paths.mjs';
import { toolEnvironment, toolScript } from '../lib/run.mjs';
import type { DeployedVersion } from './release-rules.ts';

/** A command of wrangler may take so long: an upload with its files. */
const commandMsMax = 5 * 60_000;
const outputBytesMax = 16 * 1_024 * 1_024;
const toldCharactersMax = 2_000;

/** A command of wrangler that failed, with what it said. */
export class WranglerError extends Error {
  override readonly name = 'WranglerError';
}

/** Runs wrangler as an operator would. Answers what it wrote. @throws WranglerError */
export function wrangler(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const script = toolScript('wrangler', 'bin', 'wrangler.js');
  const quiet = { WRANGLER_SEND_METRICS: 'false', WRANGLER_HIDE_BANNER: 'true', CI: 'true' };
  const options = {
    ...{ cwd: root, timeout: commandMsMax, maxBuffer: outputBytesMax, encoding: 'utf8' as const },
    env: toolEnvironment({ ...quiet, ...env }),
  };
  return new Promise((resolve, reject) => {
    execFile(nodeBinary(), [script, ...args], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const said = `${stdout}\n${stderr}`.trim().slice(-toldCharactersMax);
      reject(new WranglerError(`wrangler ${args.slice(0, 2).join(' ')} failed:\n${said}`));
    });
  });
}

/** Runs a command that makes a version. Answers its id. @throws WranglerError */
export async function versionMadeBy(args: readonly string[]): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'quantdesk-wrangler-'));
  const file = join(folder, 'output.ndjson');
  try {
    await wrangler(args, { WRANGLER_OUTPUT_FILE_PATH: file });
    const entries = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { readonly version_id?: string | null });
    const made = entries.find(({ version_id: id }) => typeof id === 'string')?.version_id;
    if (typeof made !== 'string') throw new WranglerError(`wrangler ${args[0] ?? ''} named no version`);
    return made;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is read of a version of a worker on Cloudflare; its bindings are told of one version, not in a list. */
export interface VersionAnswer {
  readonly id: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly metadata?: { readonly created_on?: string };
  readonly resources?: { readonly bindings?: readonly { readonly name: string; readonly text?: string }[] };
}

/** A version of a worker, by the commit it was built from: its tag, and its VERSION where somebody changed a secret and named no tag. */
export function versionOf({ id, annotations = {}, metadata = {}, resources = {} }: VersionAnswer): DeployedVersion {
  const { text = '' } = resources.bindings?.find(({ name }) => name === 'VERSION') ?? {};
  return { id, commit: annotations['workers/tag'] ?? text, createdOn: metadata.created_on ?? '' };
}

const viewVersion = async (id: string, flags: readonly string[]): Promise<DeployedVersion> =>
  versionOf(JSON.parse(await wrangler(['versions', 'view', id, ...flags])) as VersionAnswer);

/** The version that serves the most of an environment; null where its worker does not exist. @throws WranglerError */
export async function servedVersion(environment: string): Promise<DeployedVersion | null> {
  const flags = ['--env', environment, '--json'];
  try {
    const { versions } = JSON.parse(await wrangler(['deployments', 'status', ...flags])) as {
      readonly versions: readonly { readonly version_id: string; readonly percentage: number }[];
    };
    const [first] = versions.toSorted((one, other) => other.percentage - one.percentage);
    return first === undefined ? null : await viewVersion(first.version_id, flags);
  } catch (error) {
    // 10007: there is no such worker. Without deployments it exists for its secrets alone.
    if (error instanceof WranglerError && /\[code: 10007\]|has no deployments/.test(error.message)) return null;
    throw error;
  }
}

/** Versions that were fully deployed, the one that serves first, each once. @throws WranglerError */
export async function deployedVersions(environment: string): Promise<readonly DeployedVersion[]> {
  const flags = ['--env', environment, '--json'];
  const deployments = JSON.parse(await wrangler(['deployments', 'list', ...flags])) as readonly {
    readonly created_on: string;
    readonly versions: readonly { readonly version_id: string; readonly percentage: number }[];
  }[];
  const ids = deployments
    .toSorted((one, other) => other.created_on.localeCompare(one.created_on))
    .flatMap(({ versions: parts }) => (parts.length === 1 ? parts.map(({ version_id: id }) => id) : []));
  return Promise.all([...new Set(ids)].map((id) => viewVersion(id, flags)));
}

/** The version that was uploaded last, whether it serves or not: the one that wrangler copies when a secret changes. @throws WranglerError */
export async function newestVersion(environment: string): Promise<DeployedVersion | null> {
  const versions = JSON.parse(
    await wrangler(['versions', 'list', '--env', environment, '--json']),
  ) as readonly VersionAnswer[];
  return versions.map(versionOf).toSorted((one, other) => other.createdOn.localeCompare(one.createdOn))[0] ?? null;
}

/** Versions and their shares of the traffic, percent, as one deployment. @throws WranglerError */
export function deployVersions(
  environment: string,
  shares: Readonly<Record<string, number>>,
  message: string,
): Promise<string> {
  const specs = Object.entries(shares).map(([id, share]) => `${id}@${share}%`);
  return wrangler(['versions', 'deploy', ...specs, '--yes', '--message', message, '--env', environment]);
}
