import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keypair, LAMPORTS_PER_SOL } from '@solana/web3.js';
import { expect, test } from 'vitest';
import idl from '#program/quantdesk_perp_dex.ts';
import { startLocalSolana } from '../solana/server.ts';
import { Store } from '../solana/store.ts';
import { migrateAccounts } from './migrate.ts';
import { programClient } from './program.ts';

const artifact = new URL('../../programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so', import.meta.url);
const fixture = new URL('../../tests/program/fixtures/version-1.json', import.meta.url);

test('a local chain that an older program wrote is brought to the present layout, and a second run changes nothing', async () => {
  const { accounts } = JSON.parse(readFileSync(fixture, 'utf8')) as { accounts: { address: string; data: string }[] };
  const stateDir = mkdtempSync(join(tmpdir(), 'quantdesk-migrate-'));
  const store = new Store(stateDir);
  for (const { address, data } of accounts)
    store.putAccount({
      ...{ address, data: Buffer.from(data, 'base64'), lamports: 10n ** 9n, owner: idl.address, executable: false },
    });
  store.close();
  const payer = Keypair.generate();
  const programs = [{ id: idl.address, elf: readFileSync(artifact), upgradeAuthority: payer.publicKey.toBase58() }];
  const solana = await startLocalSolana({ stateDir, programs });
  try {
    const program = programClient(solana.url, payer);
    await program.provider.connection.requestAirdrop(payer.publicKey, LAMPORTS_PER_SOL);
    const versions = async () => {
      const found = await program.provider.connection.getProgramAccounts(program.programId);
      return found.map(({ account }) => account.data[8]);
    };
    expect(await versions()).toEqual(accounts.map(() => 1));
    await migrateAccounts(program);
    expect(await versions()).toEqual(accounts.map(() => 2));
    const before = solana.state()['transactions'];
    await migrateAccounts(program);
    expect(solana.state()['transactions']).toBe(before);
  } finally {
    await solana.close();
    rmSync(stateDir, { recursive: true });
  }
});
