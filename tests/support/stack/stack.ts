import { readFileSync } from 'node:fs';
import idl from '#program/quantdesk_perp_dex.ts';
import { startHermes, type HermesServer } from '../../../local/hermes/server.ts';
import { startNeon, type Neon, type NeonOptions } from '../../../local/neon/start.ts';
import { startLocalSolana, type LocalSolana } from '../../../local/solana/server.ts';
import { bootstrap } from '../../../local/bootstrap/bootstrap.ts';
import { addressOf, newKeys, type LocalKeys } from '../../../local/supervisor/keys.ts';
import { workerVariables } from '../../../local/supervisor/worker-variables.ts';

const webPort = 5173;

/** Everything the worker talks to, real and on free ports: Hermes replay, local Solana with the exchange on it, Postgres. */
export interface Stack {
  readonly hermes: HermesServer;
  readonly solana: LocalSolana;
  readonly neon: Neon;
  readonly keys: LocalKeys;
  /** Variables for the worker under test. */
  readonly variables: Record<string, string>;
  close(): Promise<void>;
}

/** Starts a fresh stack in this process, in memory where `database` names no other place. */
export async function startStack(database: NeonOptions = {}): Promise<Stack> {
  const keys = newKeys();
  const hermes = await startHermes();
  const [solana, neon] = await Promise.all([startChain(hermes, keys), startNeon({ port: 0, ...database })]);
  const variables = workerVariables({
    rpcUrl: solana.url,
    hermesUrl: hermes.url,
    databaseUrl: neon.databaseUrl,
    databaseHttpEndpoint: neon.httpEndpoint,
    webPort,
    programId: idl.address,
    keys,
  });
  return {
    hermes,
    solana,
    neon,
    keys,
    variables,
    close: async () => {
      await Promise.all([hermes.close(), solana.close(), neon.close()]);
    },
  };
}

async function startChain(hermes: HermesServer, keys: LocalKeys): Promise<LocalSolana> {
  const solana = await startLocalSolana({
    hermes: hermes.url,
    programs: [
      {
        id: idl.address,
        elf: readFileSync('programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so'),
        upgradeAuthority: addressOf(keys.admin),
      },
    ],
  });
  await bootstrap({ rpcUrl: solana.url, keys });
  return solana;
}
