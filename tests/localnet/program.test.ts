import { readFileSync } from 'node:fs';
import { AnchorError, AnchorProvider, BN, Program, Wallet } from '@coral-xyz/anchor';
import * as spl from '@solana/spl-token';
import { Connection, Keypair, PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import idl, { type QuantdeskPerpDex } from '#program/quantdesk_perp_dex.ts';
import { programDataAddress } from '../../local/solana/programs.ts';
import { type LocalSolana, startLocalSolana } from '../../local/solana/server.ts';
import { fund, fundedKeypair } from './fixtures.ts';

const artifact = new URL('../../programs/quantdesk-perp-dex/artifacts/quantdesk_perp_dex.so', import.meta.url);

let solana: LocalSolana;
let connection: Connection;
let admin: Keypair;
let mint: PublicKey;

beforeAll(async () => {
  admin = Keypair.generate();
  const upgradeAuthority = admin.publicKey.toBase58();
  solana = await startLocalSolana({ programs: [{ id: idl.address, elf: readFileSync(artifact), upgradeAuthority }] });
  connection = new Connection(solana.url, 'confirmed');
  await fund(connection, admin);
  mint = await spl.createMint(connection, admin, admin.publicKey, null, 6);
});
afterAll(() => solana.close());

function initialize(authority: Keypair) {
  const provider = new AnchorProvider(connection, new Wallet(authority), { commitment: 'confirmed' });
  const program = new Program<QuantdeskPerpDex>(idl, provider);
  const args = {
    ...{ admin: admin.publicKey, riskManager: admin.publicKey, treasuryAuthority: admin.publicKey },
    ...{
      keepers: [admin.publicKey],
      timeLockSeconds: 0,
      poolDelaySeconds: 0,
      lpFeeBps: 10,
      topupCapPerHour: new BN(0),
    },
    ...{ outflowCap: new BN(0), outflowWindowSeconds: 86_400, outflowFloor: new BN(100_000_000) },
  };
  const accounts = {
    upgradeAuthority: authority.publicKey,
    programData: new PublicKey(programDataAddress(idl.address)),
    usdcMint: mint,
    tokenProgram: spl.TOKEN_PROGRAM_ID,
  };
  return program.methods.initializeExchange(args).accountsPartial(accounts).rpc();
}

describe('the exchange on the local chain', () => {
  test('a stranger who is not the upgrade authority gets the typed Anchor error', async () => {
    const stranger = await fundedKeypair(connection);
    const error = await initialize(stranger).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AnchorError);
    expect((error as AnchorError).error.errorCode.code).toBe('NotUpgradeAuthority');
  });

  test('the upgrade authority initialises it, and its event is read from the called instructions of the transaction', async () => {
    const signature = await initialize(admin);
    const landed = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    const keys = landed?.transaction.message.getAccountKeys().staticAccountKeys ?? [];
    const called = (landed?.meta?.innerInstructions ?? []).flatMap(({ instructions }) => instructions);
    const own = called.filter(({ programIdIndex }) => keys[programIdIndex]?.toBase58() === idl.address);
    expect(own).toHaveLength(1);
    expect(landed?.meta?.computeUnitsConsumed).toBeGreaterThan(0);
  });
});
