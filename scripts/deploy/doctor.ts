import { existsSync, statSync } from 'node:fs';
import { Keypair } from '@solana/web3.js';
import bs58 from 'bs58';
import { type SecretDeclaration, secrets } from '../../workers/secrets.ts';
import { messageOf } from './attempt.ts';
import { appliedMigrations } from './database.ts';
import { type Environment, secretsFileOf, strangeNames } from './environment.ts';
import { changedFiles, headCommit } from './git.ts';
import { presentMigrations } from './migration-list.ts';
import { compareProgram, rpcCall } from './program-check.ts';
import { keptSecrets, settingProblems } from './settings-check.ts';
import type { wrangler } from './wrangler.ts';

/**
 * What was found. `unknown`: it could not be asked; `missing`: the deployment would fail, or the exchange would not work; `optional`: it works, and
 * lacks something that operators want to have.
 */
export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'missing' | 'unknown' | 'optional';
  readonly text: string;
  /** What to do about it; empty where nothing is to be done. */
  readonly todo: string;
}

/** What is asked of an environment, and with what. */
export interface Patient {
  readonly environment: Environment;
  readonly values: Readonly<Record<string, string>>;
  readonly secretsFile: string;
  /** Runs wrangler. */
  readonly ask: typeof wrangler;
}

const nodeMajorMin = 22;
const lamportsPerSol = 1_000_000_000;
/** What a payer needs for a first day of trades, SOL. */
const solMin = 1;

/** First blocks of the networks: an RPC address says which one it serves. */
const genesisHashes: Readonly<Record<string, string>> = {
  devnet: 'EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG',
  mainnet: '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d',
};

const ok = (name: string, text: string): Finding => ({ name, state: 'ok', text, todo: '' });
const missing = (name: string, text: string, todo: string): Finding => ({ name, state: 'missing', text, todo });
const unknown = (name: string, text: string, todo: string): Finding => ({ name, state: 'unknown', text, todo });

/** Looks for everything a first deployment needs. Changes nothing, never throws, and goes on without an account. */
export async function examine(patient: Patient): Promise<readonly Finding[]> {
  const account = await accountOf(patient);
  const kept = account.state === 'ok' ? await keptSecrets(patient.ask, patient.environment.name) : new Set<string>();
  return [
    tools(),
    checkout(),
    secretsFile(patient),
    ...settingsOf(patient, kept),
    ...optionalOf(patient, kept),
    await databaseOf(patient),
    ...(await chainOf(patient)),
    account,
    ...(account.state === 'ok' ? await resourcesOf(patient) : resourcesUnknown(patient)),
  ];
}

function tools(): Finding {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= nodeMajorMin
    ? ok('tools', `Node ${process.versions.node}; wrangler is pinned in package.json`)
    : missing('tools', `Node ${process.versions.node}`, 'call it through npm: npm run doctor -- staging');
}

function checkout(): Finding {
  try {
    const changed = changedFiles().length;
    return changed === 0
      ? ok('checkout', `commit ${headCommit()}`)
      : missing('checkout', `${changed} files differ from the commit`, 'commit or stash them: a version is a commit');
  } catch {
    return missing('checkout', 'this is no git checkout', 'git clone the repository');
  }
}

function secretsFile({ secretsFile: file }: Patient): Finding {
  if (!existsSync(file)) return ok('secrets file', 'none: secrets come from the shell, or are on Cloudflare already');
  const strange = strangeNames(file);
  if (strange.length > 0)
    return missing('secrets file', `no secret is called ${strange.join(', ')}`, 'look for a slip in the name');
  const isOpen = (statSync(file).mode & 0o077) !== 0;
  return isOpen
    ? missing('secrets file', `${file} can be read by others`, `chmod 600 ${file}`)
    : ok('secrets file', file);
}

/** One finding for each variable that is wrong; a secret's says what it looks like. */
function settingsOf({ environment, values }: Patient, kept: ReadonlySet<string>): readonly Finding[] {
  const problems = settingProblems(values, kept);
  if (problems.length === 0) return [ok('settings', 'complete and well-formed')];
  return problems.map(({ name, message }) => {
    const declared: Readonly<Record<string, SecretDeclaration>> = secrets;
    const form = declared[name.split('.')[0] ?? name]?.form;
    const todo = form === undefined ? 'wrangler.toml' : `${secretsFileOf(environment.name)}: ${name}=${form}`;
    return missing(name, message, todo);
  });
}

/** Secrets that nothing demands and that are not given, where operators are without something then. */
function optionalOf({ environment, values }: Patient, kept: ReadonlySet<string>): readonly Finding[] {
  const declared: Readonly<Record<string, SecretDeclaration>> = secrets;
  return Object.entries(declared).flatMap(([name, { without, form }]) => {
    if (without === undefined || name in values || kept.has(name)) return [];
    const todo = `${secretsFileOf(environment.name)}: ${name}=${form}`;
    return [{ name, state: 'optional' as const, text: `is not given: ${without}`, todo }];
  });
}

async function databaseOf({ values }: Patient): Promise<Finding> {
  const url = values['DATABASE_OWNER_URL'] ?? values['DATABASE_URL'];
  if (url === undefined) return unknown('database', 'its address is not known here', 'set DATABASE_URL');
  try {
    const applied = await appliedMigrations(url);
    const pending = presentMigrations().filter(({ of, name }) => of === 'database' && !applied.has(name)).length;
    return ok('database', `answers; ${pending} migrations are pending, the deployment applies them`);
  } catch {
    // The driver's message may name the address.
    return missing(
      'database',
      'does not answer, or refuses the login',
      'look at DATABASE_URL and at the project on Neon',
    );
  }
}

async function chainOf({ environment, values }: Patient): Promise<readonly Finding[]> {
  const { RPC_URL: rpcUrl, PROGRAM_ID: programId, KEEPER_SECRET_KEY: keeper, FEE_PAYER_SECRET_KEYS: payers } = values;
  if (rpcUrl === undefined) return [unknown('network', 'no RPC address is known here', 'set RPC_URL')];
  const network = await networkOf(environment.network, rpcUrl);
  if (network.state !== 'ok') return [network];
  const keys = [
    ...(keeper === undefined ? [] : [['keeper', keeper] as const]),
    ...(payers?.split(',').map((key, place) => [`fee payer ${place + 1}`, key.trim()] as const) ?? []),
  ];
  const funded = await Promise.all(keys.map(([name, key]) => fundsOf(name, key, rpcUrl)));
  const payersUnknown = unknown('keeper, fee payers', 'their keys are not known here', 'fund their addresses by hand');
  return [network, ...(keys.length === 0 ? [payersUnknown] : funded), await programOf(rpcUrl, programId)];
}

async function networkOf(network: string, rpcUrl: string): Promise<Finding> {
  try {
    const genesis = await rpcCall<string>(rpcUrl, 'getGenesisHash', []);
    return genesisHashes[network] === genesis
      ? ok('network', network)
      : missing(
          'network',
          `RPC_URL serves another network than ${network}`,
          'set RPC_URL to an address of that network',
        );
  } catch (error) {
    return missing('network', messageOf(error), 'look at RPC_URL and its key');
  }
}

async function fundsOf(name: string, secretKey: string, rpcUrl: string): Promise<Finding> {
  try {
    const address = Keypair.fromSecretKey(bs58.decode(secretKey)).publicKey.toBase58();
    const { value } = await rpcCall<{ value: number }>(rpcUrl, 'getBalance', [address]);
    const text = `${address} has ${value / lamportsPerSol} SOL`;
    return value >= solMin * lamportsPerSol ? ok(name, text) : missing(name, text, `send it ${solMin} SOL at least`);
  } catch {
    return missing(name, 'is no key, or its balance cannot be read', 'look at its form');
  }
}

async function programOf(rpcUrl: string, programId: string | undefined): Promise<Finding> {
  if (programId === undefined) return unknown('program', 'its address is not known here', 'set PROGRAM_ID');
  try {
    const { state, authority } = await compareProgram(rpcUrl, programId);
    if (state === 'same') return ok('program', `the committed artifact; upgraded by ${authority ?? 'nobody'}`);
    const text = state === 'missing' ? 'is not deployed' : 'another one than the committed is deployed';
    return missing('program', text, 'npm run network:init (docs/deploying.md)');
  } catch (error) {
    return missing('program', messageOf(error), 'look at PROGRAM_ID');
  }
}

async function accountOf({ ask }: Patient): Promise<Finding> {
  try {
    await ask(['whoami', '--json']);
    return ok('Cloudflare account', 'logged in');
  } catch {
    const text = 'not logged in, so nothing of the account could be asked';
    return missing(
      'Cloudflare account',
      text,
      'npx wrangler login, or set CLOUDFLARE_API_TOKEN and CLOUDFLARE_ACCOUNT_ID',
    );
  }
}

const createQueue = (queue: string): string => `npx wrangler queues create ${queue}`;
const createProject = ({ worker }: Environment): string =>
  `npx wrangler pages project create ${worker} --production-branch main`;

async function resourcesOf({ ask, environment }: Patient): Promise<readonly Finding[]> {
  const listed = async (args: readonly string[]): Promise<string> => ask(args).catch(() => '');
  const [queues, projects] = [await listed(['queues', 'list']), await listed(['pages', 'project', 'list', '--json'])];
  const has = (text: string, name: string): boolean => text.split(/[\s"│,]+/).includes(name);
  return [
    ...environment.queues.map((queue) =>
      has(queues, queue) ? ok('queue', queue) : missing('queue', `${queue} does not exist`, createQueue(queue)),
    ),
    has(projects, environment.worker)
      ? ok('Pages project', environment.worker)
      : missing('Pages project', `${environment.worker} does not exist`, createProject(environment)),
  ];
}

const resourcesUnknown = ({ environment }: Patient): readonly Finding[] => [
  ...environment.queues.map((queue) => unknown('queue', `${queue}: needs the account`, createQueue(queue))),
  unknown('Pages project', `${environment.worker}: needs the account`, createProject(environment)),
];
