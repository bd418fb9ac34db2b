import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { localKeyring, localVariables } from '../local/bootstrap/bootstrap.ts';
import { loadOrCreateKeys } from '../local/supervisor/keys.ts';
import { AccountMalformed } from '../workers/chain/accounts.ts';
import { ChainUnavailable, RpcRefusal } from '../workers/chain/rpc.ts';
import { NetworkInitialiser, type Plan, WrongCluster } from './network/initialise.ts';
import { fileJournal } from './network/journal.ts';
import { KeyFileUnusable, Keyring, readKeyFile } from './network/keyring.ts';
import { NetworkFileInvalid, readNetworkFile } from './network/network-file.ts';
import { deployArguments, deployWith, toolsMissing } from './network/official-tools.ts';
import { StepFailed } from './network/sender.ts';
import { exitCodeOf, exitCodes, planLines } from './network/show.ts';

// `npm run network:init -- devnet`: brings a network to what networks/devnet.toml says (docs/networks.md).
const usage = `npm run network:init -- NETWORK [options]

  NETWORK           localnet, devnet or mainnet: networks/NETWORK.toml
  --plan            shows what would be done, and does nothing
  --yes             does not ask
  --unsigned        prints the next transactions of keys that are not here, unsigned, in base64, for a multisig
  --keypair FILE    a key that signs, repeatable; the first one pays (also: KEYPAIRS=FILE:FILE)
  --state-dir DIR   where a run notes what it sends (default .quantdesk); a local network's keys are there

Ends with 0 where the network is as the file says, 1 where a step failed, 2 where something is refused, 3 where something is left to do.`;

const root = fileURLToPath(new URL('..', import.meta.url));

function flagsOf(argv: string[]) {
  const flag = { type: 'boolean', default: false } as const;
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      ...{ plan: flag, yes: flag, unsigned: flag, help: flag },
      keypair: { type: 'string', multiple: true, default: [] },
      'state-dir': { type: 'string', default: '.quantdesk' },
    },
  });
  const [network, ...rest] = positionals;
  if (values.help || network === undefined || rest.length > 0 || !/^[a-z][a-z0-9-]*$/.test(network)) return null;
  return { ...values, network };
}

async function ask(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.error('Nobody is here to ask: --yes does it, --plan only shows it.');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Do this? Type yes: ');
  terminal.close();
  return answer.trim() === 'yes';
}

async function main(flags: NonNullable<ReturnType<typeof flagsOf>>): Promise<number> {
  const stateDir = flags['state-dir'];
  const isLocal = flags.network === 'localnet' && existsSync(join(stateDir, 'keys.json'));
  const localKeys = isLocal ? loadOrCreateKeys(stateDir) : null;
  const rpcUrl = process.env['RPC_URL'] ?? 'http://127.0.0.1:8899';
  const variables =
    localKeys === null ? process.env : { ...localVariables({ rpcUrl, keys: localKeys }), ...process.env };
  const wanted = readNetworkFile(join(root, 'networks', `${flags.network}.toml`), variables);
  const files = [...flags.keypair, ...(process.env['KEYPAIRS'] ?? '').split(':').filter((path) => path !== '')];
  const keyring =
    localKeys === null ? new Keyring(files.map((path) => readKeyFile(path, root))) : localKeyring(localKeys);
  const show = (plan: Plan) => console.log(planLines(plan).join('\n'));
  const initialiser = new NetworkInitialiser({
    ...{ wanted, root, keyring },
    journal: fileJournal(join(stateDir, `network-${flags.network}.json`)),
    toolsMissing: wanted.cluster === 'localnet' ? null : toolsMissing(process.env['PATH']),
    deploy: (artifact, isNew) => deployWith(deployArguments(wanted, keyring, artifact, isNew), root),
    confirm: async (plan) => {
      show(plan);
      const hasSteps = plan.items.some(({ steps }) => steps.length > 0);
      return hasSteps && (flags.yes || (await ask()));
    },
    onProgress: (phase, what) => console.log(`${{ begin: '→', sent: ' ', done: '✓' }[phase]} ${what}`),
  });
  if (!flags.plan && !flags.unsigned) return exitCodeOf(await initialiser.apply());
  const plan = await initialiser.plan();
  show(plan);
  if (flags.unsigned) {
    for (const { step, signer, transaction } of initialiser.unsigned(plan))
      console.log(`\n${step}, signed and paid by ${signer}:\n${transaction}`);
  }
  return exitCodeOf(plan);
}

const isExpected = (error: unknown): error is Error =>
  [NetworkFileInvalid, KeyFileUnusable, WrongCluster, StepFailed, ChainUnavailable, RpcRefusal, AccountMalformed].some(
    (kind) => error instanceof kind,
  );

const flags = flagsOf(process.argv.slice(2));
if (flags === null) {
  console.error(usage);
  process.exit(exitCodes.failed);
}
try {
  process.exitCode = await main(flags);
} catch (error) {
  if (!isExpected(error)) throw error;
  const isBefore = [NetworkFileInvalid, KeyFileUnusable, WrongCluster].some((kind) => error instanceof kind);
  console.error(isBefore ? error.message : `${error.message}\nWhat was done stays; run it again to go on.`);
  process.exitCode = exitCodes.failed;
}
