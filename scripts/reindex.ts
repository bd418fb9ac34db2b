import { existsSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { PublicKey } from '@solana/web3.js';
import { createDatabase } from '#db/client.ts';
import { createOwnerDatabase } from '#db/owner.ts';
import { ProjectionRebuild, rebuildSearchPath } from '#db/projection/rebuild.ts';
import { createProjectionRepository } from '#db/repositories/projection.ts';
import { isMarketSymbol } from '#shared/markets.ts';
import { Addresses } from '../workers/chain/addresses.ts';
import { SolanaRpc } from '../workers/chain/rpc.ts';
import { ChainReader } from '../workers/indexer/chain-reader.ts';
import { decodeEvents } from '../workers/indexer/event-decoder.ts';
import { reindex } from './lib/reindex.ts';

// `npm run reindex`: rebuilds what the database derives from the chain. The settings are the worker's: of the environment, or of a local
// exchange that runs (`npm run reindex -- --state-dir .quantdesk`). See docs/runbooks/reindex.md.
const stateDirFlag = process.argv.indexOf('--state-dir');
const stateDir = stateDirFlag === -1 ? '.quantdesk' : (process.argv[stateDirFlag + 1] ?? '.quantdesk');
/** Replacing all rows is one statement after another in one transaction. */
const replaceTimeoutMs = 15 * 60_000;
/** Longer than it takes a slot to become final. */
const vanishedAfterMs = 30_000;

const variablesFile = `${stateDir}/worker.env`;
if (process.env['DATABASE_URL'] === undefined && existsSync(variablesFile)) loadEnvFile(variablesFile);

function setting(name: string): string {
  const value = process.env[name];
  if (value !== undefined && value !== '') return value;
  console.error(
    `Set DATABASE_URL, RPC_URL, PROGRAM_ID and USDC_MINT as the worker has them (${name} is missing), or start a local exchange.`,
  );
  return process.exit(1);
}

const [databaseUrl, httpEndpoint] = [setting('DATABASE_URL'), process.env['DATABASE_HTTP_ENDPOINT']];
const addresses = new Addresses(setting('PROGRAM_ID'), setting('USDC_MINT'));
const program = addresses.program.toBase58();
const eventAuthority = addresses.eventAuthority.toBase58();
const rebuilt = createDatabase({ databaseUrl, httpEndpoint, searchPath: rebuildSearchPath, requestTimeoutMs: 60_000 });
// Tried once: a transaction of minutes whose answer was lost is better looked at than repeated.
const served = createDatabase({ databaseUrl, httpEndpoint, requestTimeoutMs: replaceTimeoutMs, attemptsMax: 1 });

try {
  const differences = await reindex({
    reader: new ChainReader(new SolanaRpc(setting('RPC_URL'))),
    address: program,
    decode: (transaction) => decodeEvents(transaction, { program, eventAuthority }),
    projection: createProjectionRepository(rebuilt, (owner, symbol) => {
      if (!isMarketSymbol(symbol)) throw new RangeError(`${symbol} is not a market`);
      return addresses.position(new PublicKey(owner), symbol).toBase58();
    }),
    rebuild: new ProjectionRebuild(createOwnerDatabase(databaseUrl, httpEndpoint), served),
    vanishedAfterMs,
    report: (line) => console.log(line),
  });
  console.table(differences);
  console.log('The projection is what the chain says.');
} catch (error) {
  if (!(error instanceof Error)) throw error;
  console.error(`${error.name}: ${error.message}\nThe projection is as it was. Run it again to go on.`);
  process.exitCode = 1;
}
