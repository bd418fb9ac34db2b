import {
  AddressLookupTableProgram,
  ComputeBudgetProgram,
  Connection,
  Keypair,
  LAMPORTS_PER_SOL,
  type PublicKey,
  SystemProgram,
  Transaction,
  type TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import bs58 from 'bs58';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type LocalSolana, startLocalSolana } from '../../local/solana/server.ts';
import { call, eventually, fundedKeypair } from './fixtures.ts';

let solana: LocalSolana;
let connection: Connection;
let payer: Keypair;

beforeAll(async () => {
  solana = await startLocalSolana();
  connection = new Connection(solana.url, 'confirmed');
  payer = await fundedKeypair(connection);
});
beforeEach(() => solana.control({ reset: true }));
afterAll(() => solana.close());

const pay = (to: PublicKey, lamports: number) =>
  SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports });

async function signed(...instructions: TransactionInstruction[]): Promise<Transaction> {
  const transaction = new Transaction().add(...instructions);
  transaction.recentBlockhash = (await connection.getLatestBlockhash()).blockhash;
  transaction.feePayer = payer.publicKey;
  transaction.sign(payer);
  return transaction;
}

const send = (transaction: Transaction, options: Record<string, unknown> = {}) =>
  call(solana.url, 'sendTransaction', [transaction.serialize().toString('base64'), { encoding: 'base64', ...options }]);

describe('landing', () => {
  test('the same transaction sent five times at once moves the money once', async () => {
    const to = Keypair.generate().publicKey;
    const transaction = await signed(pay(to, LAMPORTS_PER_SOL));
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => send(transaction, { skipPreflight: true })));
    expect(new Set(answers.map(({ result }) => result)).size).toBe(1);
    expect(await connection.getBalance(to)).toBe(LAMPORTS_PER_SOL);
    expect(await connection.getSignaturesForAddress(to)).toHaveLength(1);
  });

  test('a duplicate is refused by preflight as AlreadyProcessed', async () => {
    const transaction = await signed(pay(Keypair.generate().publicKey, LAMPORTS_PER_SOL));
    await send(transaction);
    const { error } = await send(transaction);
    expect(error).toMatchObject({ code: -32002, data: { err: 'AlreadyProcessed', logs: [] } });
    expect(error?.message).toBe('Transaction simulation failed: This transaction has already been processed');
  });

  test('a blockhash is valid for the 150 slots after its own and refused as BlockhashNotFound from the 151st', async () => {
    solana.control({ slots: 'paused' });
    const young = await signed(pay(Keypair.generate().publicKey, LAMPORTS_PER_SOL));
    const old = await signed(pay(Keypair.generate().publicKey, 2 * LAMPORTS_PER_SOL));
    const { lastValidBlockHeight } = await connection.getLatestBlockhash();
    solana.control({ advance_slots: 150 });
    expect(await connection.getBlockHeight()).toBe(lastValidBlockHeight);
    expect((await send(young)).result).toBeTypeOf('string');
    solana.control({ advance_slots: 1 });
    expect((await send(old)).error).toMatchObject({ code: -32002, data: { err: 'BlockhashNotFound' } });
    expect((await connection.isBlockhashValid(String(old.recentBlockhash))).value).toBe(false);
    const skipped = await send(old, { skipPreflight: true });
    expect(await connection.getSignatureStatus(String(skipped.result))).toMatchObject({ value: null });
  });

  test('without preflight a failing transaction lands as failed, costs its fee and is listed with its error', async () => {
    const to = Keypair.generate().publicKey;
    const before = await connection.getBalance(payer.publicKey);
    const { result } = await send(await signed(pay(to, 1_000_000 * LAMPORTS_PER_SOL)), { skipPreflight: true });
    const err = { InstructionError: [0, { Custom: 1 }] };
    expect(await connection.getBalance(payer.publicKey)).toBe(before - 5000);
    expect((await connection.getSignatureStatus(String(result))).value).toMatchObject({ err });
    expect(await connection.getSignaturesForAddress(to)).toMatchObject([{ signature: result, err }]);
  });

  test('a tampered signature is refused with -32003, with and without preflight', async () => {
    const raw = (await signed(pay(Keypair.generate().publicKey, LAMPORTS_PER_SOL))).serialize();
    raw.writeUInt8(raw.readUInt8(5) ^ 1, 5);
    for (const skipPreflight of [false, true]) {
      const params = [raw.toString('base64'), { encoding: 'base64', skipPreflight }];
      const { error } = await call(solana.url, 'sendTransaction', params);
      expect(error).toMatchObject({ code: -32003, message: 'Transaction signature verification failure' });
    }
  });

  test('bytes that are no transaction are refused with -32602', async () => {
    for (const text of ['AAAA', Buffer.alloc(1233, 1).toString('base64')]) {
      const { error } = await call(solana.url, 'sendTransaction', [text, { encoding: 'base64' }]);
      expect(error?.code).toBe(-32602);
    }
  });

  test('the fee answered for a message is the fee taken, priority fee included', async () => {
    const limit = ComputeBudgetProgram.setComputeUnitLimit({ units: 123_457 });
    const price = ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 987_654 });
    for (const budget of [[], [limit, price], [price]]) {
      const transaction = await signed(...budget, pay(payer.publicKey, 1));
      const { value } = await connection.getFeeForMessage(transaction.compileMessage());
      const before = await connection.getBalance(payer.publicKey);
      const signature = String((await send(transaction)).result);
      expect(before - (await connection.getBalance(payer.publicKey))).toBe(value);
      expect((await connection.getTransaction(signature))?.meta?.fee).toBe(value);
    }
  });
});

describe('commitment', () => {
  test('a transaction is confirmed at once and finalized 32 slots later, not before', async () => {
    solana.control({ slots: 'paused' });
    const signature = String((await send(await signed(pay(Keypair.generate().publicKey, LAMPORTS_PER_SOL)))).result);
    const status = async () => (await connection.getSignatureStatus(signature)).value;
    expect(await status()).toMatchObject({ confirmations: 0, confirmationStatus: 'confirmed' });
    solana.control({ advance_slots: 31 });
    expect(await status()).toMatchObject({ confirmations: 31, confirmationStatus: 'confirmed' });
    expect(await connection.getTransaction(signature, { commitment: 'finalized' })).toBeNull();
    solana.control({ advance_slots: 1 });
    expect(await status()).toMatchObject({ confirmations: null, confirmationStatus: 'finalized' });
    expect(await connection.getTransaction(signature, { commitment: 'finalized' })).not.toBeNull();
  });

  test('an old signature is known only to a search of the history', async () => {
    const signature = String((await send(await signed(pay(Keypair.generate().publicKey, LAMPORTS_PER_SOL)))).result);
    solana.control({ advance_slots: 151 });
    expect((await connection.getSignatureStatus(signature)).value).toBeNull();
    const searched = await connection.getSignatureStatus(signature, { searchTransactionHistory: true });
    expect(searched.value).toMatchObject({ confirmationStatus: 'finalized' });
  });

  test('slots and blockhashes of finalized lie 32 slots behind those of confirmed', async () => {
    solana.control({ slots: 'paused' });
    const [confirmed, finalized] = [await connection.getSlot('confirmed'), await connection.getSlot('finalized')];
    expect(confirmed - finalized).toBe(32);
    const [young, old] = [await connection.getLatestBlockhash(), await connection.getLatestBlockhash('finalized')];
    expect(young.lastValidBlockHeight - old.lastValidBlockHeight).toBe(32);
    expect((await connection.isBlockhashValid(old.blockhash)).value).toBe(true);
  });

  test('a request that needs a later slot than the chain has is refused with -32016', async () => {
    const params = [payer.publicKey.toBase58(), { minContextSlot: 1_000_000_000 }];
    expect((await call(solana.url, 'getBalance', params)).error).toMatchObject({ code: -32016 });
  });

  test('slots come every 400 ms and the clock follows real time', async () => {
    // Of a chain whose beginning is known: after a standstill some slots come at once, but never more than real time has had.
    const startedAtMs = Date.now();
    const fresh = await startLocalSolana();
    try {
      const first = Number(fresh.state()['slot']);
      const slots = await eventually('five slots', () => {
        const passed = Number(fresh.state()['slot']) - first;
        return passed >= 5 ? passed : undefined;
      });
      expect(slots).toBeLessThanOrEqual((Date.now() - startedAtMs) / 400);
    } finally {
      await fresh.close();
    }
    const askedAt = Date.now() / 1000;
    const time = Number(await connection.getBlockTime(await connection.getSlot()));
    expect(time).toBeGreaterThan(askedAt - 2);
    expect(time).toBeLessThan(Date.now() / 1000 + 2);
  });
});

describe('history', () => {
  test('signatures of an address come newest first, in pages by before, until and limit', async () => {
    const to = Keypair.generate().publicKey;
    const sent: string[] = [];
    for (let count = 1; count <= 5; count++) {
      sent.unshift(String((await send(await signed(pay(to, count * LAMPORTS_PER_SOL)))).result));
    }
    const list = async (options: Record<string, unknown>) =>
      (await connection.getSignaturesForAddress(to, options)).map(({ signature }) => signature);
    expect(await list({})).toEqual(sent);
    expect(await list({ limit: 2 })).toEqual(sent.slice(0, 2));
    expect(await list({ before: sent[1], limit: 2 })).toEqual(sent.slice(2, 4));
    expect(await list({ until: sent[3] })).toEqual(sent.slice(0, 3));
    expect(await list({ before: bs58.encode(Buffer.alloc(64, 7)) })).toEqual([]);
  });

  test('getTransaction tells called instructions, logs, balances and the block time', async () => {
    const to = Keypair.generate().publicKey;
    const transaction = await signed(pay(to, LAMPORTS_PER_SOL));
    const signature = String((await send(transaction)).result);
    const landed = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    expect(landed?.version).toBe('legacy');
    expect(landed?.transaction.signatures).toEqual([signature]);
    expect(landed?.transaction.message.recentBlockhash).toBe(transaction.recentBlockhash);
    expect(landed?.meta?.postBalances[1]).toBe(LAMPORTS_PER_SOL);
    expect(landed?.meta?.logMessages?.at(-1)).toContain('success');
    expect(landed?.blockTime).toBe(await connection.getBlockTime(landed?.slot ?? 0));
  });

  test('a version 0 transaction loads addresses from a lookup table, and only clients that know versions may read it', async () => {
    const slot = await connection.getSlot();
    const to = Keypair.generate().publicKey;
    const authority = { authority: payer.publicKey, payer: payer.publicKey };
    const [create, table] = AddressLookupTableProgram.createLookupTable({ ...authority, recentSlot: slot });
    const extend = AddressLookupTableProgram.extendLookupTable({ ...authority, lookupTable: table, addresses: [to] });
    expect((await send(await signed(create, extend))).error).toBeUndefined();
    solana.control({ advance_slots: 1 });
    const lookup = (await connection.getAddressLookupTable(table)).value;
    const { blockhash: recentBlockhash } = await connection.getLatestBlockhash();
    const instructions = [pay(to, LAMPORTS_PER_SOL)];
    const message = new TransactionMessage({ payerKey: payer.publicKey, recentBlockhash, instructions });
    const transaction = new VersionedTransaction(message.compileToV0Message(lookup === null ? [] : [lookup]));
    transaction.sign([payer]);
    const signature = await connection.sendTransaction(transaction);
    const landed = await connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
    expect(landed?.version).toBe(0);
    expect(landed?.meta?.loadedAddresses?.writable.map(String)).toEqual([to.toBase58()]);
    expect(landed?.meta?.postBalances.at(-2)).toBeDefined();
    expect(await connection.getSignaturesForAddress(to)).toHaveLength(1);
    await expect(connection.getTransaction(signature)).rejects.toMatchObject({ code: -32015 });
  });
});

describe('a fork', () => {
  test('takes back what landed in the last slots, and what lands again does so in a later slot', async () => {
    const [gone, kept] = [Keypair.generate().publicKey, Keypair.generate().publicKey];
    const old = Keypair.generate().publicKey;
    await send(await signed(pay(old, LAMPORTS_PER_SOL)));
    solana.control({ advance_slots: 3 });
    const [first, second] = [await signed(pay(gone, LAMPORTS_PER_SOL)), await signed(pay(kept, LAMPORTS_PER_SOL))];
    const signatures = [(await send(first)).result, (await send(second)).result] as string[];
    const slot = (await connection.getSignatureStatus(signatures[1] ?? '')).value?.slot ?? 0;
    solana.control({ slots: 'paused', advance_slots: 1 });
    solana.control({ fork: { slots: 2 + (await connection.getSlot('confirmed')) - slot, keep: signatures.slice(1) } });
    expect(await connection.getBalance(gone)).toBe(0);
    expect(await connection.getBalance(old)).toBe(LAMPORTS_PER_SOL);
    expect(await connection.getBalance(kept)).toBe(LAMPORTS_PER_SOL);
    const statuses = await connection.getSignatureStatuses(signatures, { searchTransactionHistory: true });
    expect(statuses.value[0]).toBeNull();
    expect(statuses.value[1]?.slot).toBeGreaterThan(slot);
    expect(await connection.getSignaturesForAddress(gone, {}, 'confirmed')).toEqual([]);
    expect((await send(first)).result).toBe(signatures[0]);
    expect(await connection.getBalance(gone)).toBe(LAMPORTS_PER_SOL);
  });
});

describe('simulation', () => {
  test('simulating leaves no trace, needs no signature and shows the accounts as they would be', async () => {
    const to = Keypair.generate().publicKey;
    const message = new TransactionMessage({
      payerKey: payer.publicKey,
      recentBlockhash: bs58.encode(Buffer.alloc(32, 9)),
      instructions: [pay(to, LAMPORTS_PER_SOL)],
    }).compileToV0Message();
    const accounts = { encoding: 'base64' as const, addresses: [to.toBase58()] };
    const run = (config: Record<string, unknown>) =>
      connection.simulateTransaction(new VersionedTransaction(message), { accounts, ...config });
    const replaced = await run({ replaceRecentBlockhash: true });
    expect(replaced.value.err).toBeNull();
    expect(replaced.value.accounts?.[0]?.lamports).toBe(LAMPORTS_PER_SOL);
    expect((await run({})).value.err).toBe('BlockhashNotFound');
    expect(await connection.getBalance(to)).toBe(0);
    await expect(run({ sigVerify: true })).rejects.toThrow('signature verification failure');
  });
});
