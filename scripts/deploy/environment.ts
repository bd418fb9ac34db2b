import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { unstable_readConfig as readConfig } from 'wrangler';
import { secrets } from '../../workers/secrets.ts';
import { root } from '../lib/paths.mjs';

export const environmentNames = ['staging', 'production'] as const;
export type EnvironmentName = (typeof environmentNames)[number];

/** One environment of wrangler.toml, as the commands that deploy need it. */
export interface Environment {
  readonly name: EnvironmentName;
  /** The worker's name on Cloudflare; the Pages project of the terminal has the same. */
  readonly worker: string;
  readonly network: string;
  /** Where the API is reached: the custom domain of the block. */
  readonly origin: string;
  /** The terminal's host, shown in sign-in texts. */
  readonly webHost: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly requiredSecrets: readonly string[];
  readonly queues: readonly string[];
}

/** What is read of a parsed block of wrangler.toml. */
interface ParsedBlock {
  readonly name?: string;
  readonly routes?: readonly (string | { readonly pattern: string })[];
  readonly vars: Readonly<Record<string, unknown>>;
  readonly secrets?: { readonly required?: readonly string[] };
  readonly queues: { readonly consumers?: readonly { readonly queue: string }[] };
}

/** @throws for a name that is no environment. */
export function environmentNamed(text: string | undefined): EnvironmentName {
  const name = environmentNames.find((known) => known === text);
  if (name === undefined) throw new Error(`Name the environment: ${environmentNames.join(' or ')}.`);
  return name;
}

/** Reads a block of wrangler.toml. @throws when it lacks what a deployment needs. */
export function readEnvironment(name: EnvironmentName): Environment {
  const config: ParsedBlock = readConfig({ config: join(root, 'wrangler.toml'), env: name }, { hideWarnings: true });
  const route = config.routes?.map((entry) => (typeof entry === 'string' ? { pattern: entry } : entry))[0];
  if (config.name === undefined || route === undefined) throw new Error(`env.${name} has no name or no route`);
  const vars = Object.fromEntries(Object.entries(config.vars).map(([key, value]) => [key, String(value)]));
  return {
    name,
    worker: config.name,
    network: vars['NETWORK'] ?? '',
    origin: `https://${route.pattern}`,
    webHost: vars['SIGN_IN_DOMAIN'] ?? '',
    vars,
    requiredSecrets: config.secrets?.required ?? [],
    queues: (config.queues.consumers ?? []).map(({ queue }) => queue),
  };
}

/** What the shell may name: the secrets, and the database's owner where the worker logs in as somebody else. */
const shellNames = [...Object.keys(secrets), 'DATABASE_OWNER_URL'];

/** Where an operator keeps an environment's secrets on the machine that deploys; git ignores it. */
export const secretsFileOf = (name: EnvironmentName): string => join(root, `.secrets.${name}`);

const secretsIn = (file: string): Readonly<Record<string, string | undefined>> =>
  existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};

/** What of a secrets' file goes up with a version: the worker's secrets. The database's owner is the deploying machine's alone. */
export function uploadedSecrets(file: string): Readonly<Record<string, string>> {
  const given = secretsIn(file);
  const named = Object.keys(secrets).map((name) => [name, given[name] ?? ''] as const);
  return Object.fromEntries(named.filter(([, value]) => value !== ''));
}

/** Does something with a file of these secrets, which only this user may read and which is gone afterwards. */
export async function withSecretsFile<T>(
  given: Readonly<Record<string, string>>,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'quantdesk-secrets-'));
  try {
    const file = join(folder, 'secrets.json');
    writeFileSync(file, JSON.stringify(given), { mode: 0o600 });
    return await work(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Names in a secrets' file that nobody reads: misspelt ones, mostly. */
export const strangeNames = (file: string): readonly string[] =>
  Object.keys(secretsIn(file)).filter((name) => !shellNames.includes(name));

/** Variables and secrets as this machine knows them: of the shell, else of the secrets' file, else of wrangler.toml. */
export function knownValues(
  environment: Environment,
  shell: Readonly<Record<string, string | undefined>> = process.env,
  file: string = secretsFileOf(environment.name),
): Readonly<Record<string, string>> {
  const known: Record<string, string> = {};
  for (const [key, value] of Object.entries({ ...environment.vars, ...secretsIn(file) })) {
    if (value !== undefined && value !== '') known[key] = value;
  }
  // Of the shell only what the worker has a use for: everything else there is none of its business.
  for (const key of shellNames) {
    const value = shell[key];
    if (value !== undefined && value !== '') known[key] = value;
  }
  return known;
}
