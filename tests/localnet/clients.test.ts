import * as anchor from '@coral-xyz/anchor';
import * as spl from '@solana/spl-token';
import {
  Connection,
  Keypair,
  LAMPORTS_PER_SOL,
  SendTransactionError,
  SystemProgram,
  Transaction,
} from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalSolana, startLocalSolana } from '../../local/solana/server.ts';
import { fundedKeypair, systemTransfer } from './fixtures.ts';

let solana: LocalSolana;
let connection: Connection;
let payer: Keypair;

beforeAll(async () => {
  solana = await startLocalSolana();
  connection = new Connection(solana.url, 'confirmed');
  payer = await fundedKeypair(connection);
});
afterAll(() => solana.close());

describe('unmodified clients', () => {
  test('web3.js sends a transfer, confirms it over its WebSocket and sees the balances move by amount and fee', async () => {
    const to = Keypair.generate().publicKey;
    const before = await connection.getBalance(payer.publicKey);
    const transfer = SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: LAMPORTS_PER_SOL });
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash();
    const signature = await connection.sendTransaction(new Transaction().add(transfer), [payer]);
    const confirmed = await connection.confirmTransaction({ signature, blockhash, lastValidBlockHeight });
    expect(confirmed.value.err).toBeNull();
    expect(await connection.getBalance(to)).toBe(LAMPORTS_PER_SOL);
    expect(await connection.getBalance(payer.publicKey)).toBe(before - LAMPORTS_PER_SOL - 5000);
  });

  test('spl-token creates a mint and accounts, mints, transfers and reads supply, balances and holdings', async () => {
    const mint = await spl.createMint(connection, payer, payer.publicKey, null, 6);
    const mine = await spl.getOrCreateAssociatedTokenAccount(connection, payer, mint, payer.publicKey);
    const other = Keypair.generate().publicKey;
    const theirs = await spl.getOrCreateAssociatedTokenAccount(connection, payer, mint, other);
    await spl.mintTo(connection, payer, mint, mine.address, payer, 1_000_000_000n);
    await spl.transfer(connection, payer, mine.address, theirs.address, payer, 250_500_000n);
    expect((await spl.getAccount(connection, theirs.address)).amount).toBe(250_500_000n);
    const supply = await connection.getTokenSupply(mint);
    expect(supply.value).toMatchObject({ amount: '1000000000', decimals: 6, uiAmountString: '1000' });
    const held = await connection.getTokenAccountBalance(theirs.address);
    expect(held.value.uiAmountString).toBe('250.5');
    const owned = await connection.getTokenAccountsByOwner(other, { mint });
    expect(owned.value.map(({ pubkey }) => pubkey.toBase58())).toEqual([theirs.address.toBase58()]);
    const parsed = await connection.getParsedTokenAccountsByOwner(other, { programId: spl.TOKEN_PROGRAM_ID });
    expect(parsed.value[0]?.account.data.parsed.info.tokenAmount.amount).toBe('250500000');
  });

  test('Anchor builds a transaction from an IDL, sends it and gets its confirmation', async () => {
    const provider = new anchor.AnchorProvider(connection, new anchor.Wallet(payer), { commitment: 'confirmed' });
    const to = Keypair.generate().publicKey;
    const signature = await systemTransfer(provider, new anchor.BN(2 * LAMPORTS_PER_SOL))
      .accounts({ from: payer.publicKey, to })
      .rpc();
    const landed = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    expect(landed?.meta?.err).toBeNull();
    expect(await connection.getBalance(to)).toBe(2 * LAMPORTS_PER_SOL);
  });

  test('a failing program reaches the client as preflight error -32002 with its code in the message and its logs', async () => {
    const provider = new anchor.AnchorProvider(connection, new anchor.Wallet(payer), { commitment: 'confirmed' });
    const far = new anchor.BN(1_000_000).mul(new anchor.BN(LAMPORTS_PER_SOL));
    const accounts = { from: payer.publicKey, to: Keypair.generate().publicKey };
    const sent = systemTransfer(provider, far).accounts(accounts).rpc();
    const error = await sent.then(() => undefined).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SendTransactionError);
    const { transactionError } = error as SendTransactionError;
    expect(transactionError.message).toBe(
      'Transaction simulation failed: Error processing Instruction 0: custom program error: 0x1',
    );
    expect(transactionError.logs?.join('\n')).toContain('insufficient lamports');
  });
});
