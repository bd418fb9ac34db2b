import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection, PublicKey } from '@solana/web3.js';
import { expect, test } from 'vitest';
import idl from '#program/quantdesk_perp_dex.ts';
import { startLocalSolana } from '../solana/server.ts';
import { Store } from '../solana/store.ts';
import { addressOf, newKeys } from '../supervisor/keys.ts';
import { bootstrap } from './bootstrap.ts';

const artifact = new URL('../../programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so', import.meta.url);
const fixture = new URL('../../tests/program/fixtures/version-1.json', import.meta.url);

test('a chain that an older program wrote is brought to the present layout before anything else, and what another file made stays as it is', async () => {
  const { accounts } = JSON.parse(readFileSync(fixture, 'utf8')) as { accounts: { address: string; data: string }[] };
  const stateDir = mkdtempSync(join(tmpdir(), 'quantdesk-migrate-'));
  const store = new Store(stateDir);
  for (const { address, data } of accounts)
    store.putAccount({
      ...{ address, data: Buffer.from(data, 'base64'), lamports: 10n ** 9n, owner: idl.address, executable: false },
    });
  store.close();
  const keys = newKeys();
  const programs = [{ id: idl.address, elf: readFileSync(artifact), upgradeAuthority: addressOf(keys.admin) }];
  const solana = await startLocalSolana({ stateDir, programs });
  try {
    const connection = new Connection(solana.url, 'confirmed');
    const versions = async () => {
      const found = await connection.getProgramAccounts(new PublicKey(idl.address));
      return found.map(({ account }) => account.data[8]);
    };
    const bring = () => bootstrap({ rpcUrl: solana.url, keys });
    expect(await versions()).toEqual(accounts.map(() => 1));
    // The fixture's exchange holds another token: no file can change that.
    await expect(bring()).rejects.toThrow(/frozen since the exchange was made/);
    expect(await versions()).toEqual(accounts.map(() => 2));
    const before = solana.state()['transactions'];
    await expect(bring()).rejects.toThrow(/frozen since the exchange was made/);
    expect(solana.state()['transactions']).toBe(before);
  } finally {
    await solana.close();
    rmSync(stateDir, { recursive: true });
  }
});
