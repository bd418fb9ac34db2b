import { spawn, spawnSync } from 'node:child_process';
import type { Keyring } from './keyring.ts';
import type { WantedNetwork } from './network-file.ts';
import type { Artifact } from './plan-item.ts';
import { StepFailed } from './sender.ts';

const versionMsMax = 10_000;
/** A megabyte goes to the chain in about a thousand transactions. */
const deployMsMax = 30 * 60_000;

/** Why Solana's own command line cannot be used here; null where it can. `path` is where commands are looked for. */
export function toolsMissing(path: string | undefined): string | null {
  const found = spawnSync('solana', ['--version'], {
    timeout: versionMsMax,
    env: { ...process.env, PATH: path ?? '' },
  });
  if (found.status === 0) return null;
  return 'the solana command is missing: install the official tools (https://docs.anza.xyz/cli/install), then run this again';
}

/** The arguments of `solana` that put the artifact on chain, or replace what is there. @throws StepFailed where a key has no file */
export function deployArguments(wanted: WantedNetwork, keyring: Keyring, artifact: Artifact, isNew: boolean): string[] {
  const fileOf = (address: string): string => {
    const path = keyring.get(address)?.path ?? null;
    if (path === null) throw new StepFailed(`the solana command needs a file with the key of ${address}`);
    return path;
  };
  const payer = keyring.payer?.keypair.publicKey.toBase58() ?? '';
  return [
    ...['program', 'deploy', artifact.path],
    // The first time the program's own key signs; later its address says which one.
    ...['--program-id', isNew ? fileOf(wanted.program.id) : wanted.program.id],
    ...['--upgrade-authority', fileOf(wanted.program.upgrade_authority)],
    ...['--keypair', fileOf(payer), '--url', wanted.rpc_url, '--commitment', 'finalized'],
    ...(wanted.micro_lamports_per_unit === 0
      ? []
      : ['--with-compute-unit-price', String(wanted.micro_lamports_per_unit)]),
  ];
}

/** Runs the official deployment and shows what it says. @throws StepFailed */
export async function deployWith(args: readonly string[], cwd: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const tool = spawn('solana', args, { cwd, stdio: 'inherit', timeout: deployMsMax });
  tool.once('error', (error) => reject(new StepFailed(`program: deploy: ${error.message}`)));
  tool.once('exit', (code, signal) => {
    if (code === 0) return resolve();
    const how = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
    // It prints the seed phrase of the buffer it was filling, which it can go on from.
    reject(new StepFailed(`program: deploy: solana ${how}; what it had written is kept in the buffer it names above`));
  });
  return promise;
}
