import { readFileSync } from 'node:fs';
import { Keypair } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalSolana, startLocalSolana } from '../../local/solana/server.ts';
import { compareProgram } from '../../scripts/deploy/program-check.ts';

const artifact = readFileSync('programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so');
const programId = Keypair.generate().publicKey.toBase58();
const upgradeAuthority = Keypair.generate().publicKey.toBase58();

let solana: LocalSolana;

beforeAll(async () => {
  solana = await startLocalSolana({ programs: [{ id: programId, elf: artifact, upgradeAuthority }] });
});
afterAll(() => solana.close());

describe('the program of a network', () => {
  test('is the committed artifact, byte for byte, and says who may upgrade it', async () => {
    const { state, deployed, committed, authority } = await compareProgram(solana.url, programId);
    expect([state, deployed, authority]).toEqual(['same', committed, upgradeAuthority]);
  });

  test('is another one when a single byte differs, or when it goes on behind the artifact', async () => {
    const altered = Buffer.from(artifact);
    altered.writeUInt8(altered.readUInt8(1_000) ^ 1, 1_000);
    expect((await compareProgram(solana.url, programId, altered)).state).toBe('different');
    expect((await compareProgram(solana.url, programId, artifact.subarray(0, artifact.length / 2))).state).toBe(
      'different',
    );
  });

  test('is missing where nothing is deployed', async () => {
    const nobody = Keypair.generate().publicKey.toBase58();
    expect(await compareProgram(solana.url, nobody)).toMatchObject({ state: 'missing', deployed: null });
  });
});
