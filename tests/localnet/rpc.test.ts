import { Connection, Keypair, LAMPORTS_PER_SOL, PublicKey, SystemProgram, Transaction } from '@solana/web3.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { programDataAddress } from '../../local/solana/programs.ts';
import { parseSolanaOptions } from '../../local/solana/options.ts';
import { type LocalSolana, startLocalSolana } from '../../local/solana/server.ts';
import { call, eventually, fundedKeypair, postControl } from './fixtures.ts';

const memoProgram = 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr';
const upgradeAuthority = Keypair.generate().publicKey;
const programId = Keypair.generate().publicKey;

let solana: LocalSolana;
let connection: Connection;
let payer: Keypair;

/** The memo program's own code, as the virtual machine ships it: a real program to install at another address. */
async function memoElf(): Promise<Uint8Array> {
  const source = await startLocalSolana();
  const account = await new Connection(source.url).getAccountInfo(new PublicKey(memoProgram));
  await source.close();
  return account?.data ?? new Uint8Array();
}

beforeAll(async () => {
  const program = { id: programId.toBase58(), elf: await memoElf(), upgradeAuthority: upgradeAuthority.toBase58() };
  solana = await startLocalSolana({ programs: [program] });
  connection = new Connection(solana.url, 'confirmed');
  payer = await fundedKeypair(connection);
});
beforeEach(() => solana.control({ reset: true }));
afterAll(() => solana.close());

const transfer = (to: PublicKey) =>
  new Transaction().add(
    SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports: LAMPORTS_PER_SOL }),
  );

describe('an installed program', () => {
  test('runs, and its ProgramData account names the upgrade authority as the loader writes it', async () => {
    const memo = { programId, keys: [], data: Buffer.from('quantdesk') };
    const signature = await connection.sendTransaction(new Transaction().add(memo), [payer]);
    const landed = await connection.getTransaction(signature);
    expect(landed?.meta?.logMessages?.join('\n')).toContain('quantdesk');
    const program = await connection.getAccountInfo(programId);
    const dataAddress = new PublicKey(programDataAddress(programId.toBase58()));
    expect(program?.executable).toBe(true);
    expect(program?.owner.toBase58()).toBe('BPFLoaderUpgradeab1e11111111111111111111111');
    expect(new PublicKey(program?.data.subarray(4) ?? []).equals(dataAddress)).toBe(true);
    const data = (await connection.getAccountInfo(dataAddress))?.data;
    expect(data?.readUInt32LE(0)).toBe(3);
    expect(data?.[12]).toBe(1);
    expect(new PublicKey(data?.subarray(13, 45) ?? []).equals(upgradeAuthority)).toBe(true);
  });

  test('flags that do not fit are named', () => {
    expect(() => parseSolanaOptions(['--program', 'nonsense'])).toThrow('--program');
    expect(() => parseSolanaOptions(['--program', `${programId.toBase58()}=missing.so`])).toThrow('missing.so');
    expect(() => parseSolanaOptions(['--upgrade-authority', 'me'])).toThrow('--upgrade-authority');
    expect(() => parseSolanaOptions(['--hermes', 'ftp://x'])).toThrow('--hermes');
  });
});

describe('the protocol', () => {
  const post = async (body: string) => (await (await fetch(solana.url, { method: 'POST', body })).json()) as unknown;

  test('a batch is answered in order, each request by itself', async () => {
    const requests = ['getSlot', 'nonsense', 'getHealth'].map((method, id) => ({ jsonrpc: '2.0', id, method }));
    const answers = await post(JSON.stringify(requests));
    expect(answers).toMatchObject([{ id: 0 }, { id: 1, error: { code: -32601 } }, { id: 2, result: 'ok' }]);
  });

  test('bad requests get the codes of JSON-RPC and tell nothing of the inside', async () => {
    expect(await post('{')).toMatchObject({ error: { code: -32700 } });
    expect(await post('[]')).toMatchObject({ error: { code: -32600 } });
    expect(await post('{"jsonrpc":"1.0","id":1,"method":"getSlot"}')).toMatchObject({ error: { code: -32600 } });
    expect((await call(solana.url, 'toString')).error?.code).toBe(-32601);
    expect((await call(solana.url, 'getBalance', ['not a key'])).error?.code).toBe(-32602);
    expect((await call(solana.url, 'getBalance', [])).error?.code).toBe(-32602);
    expect(
      (await call(solana.url, 'getSignaturesForAddress', [payer.publicKey.toBase58(), { limit: 0 }])).error?.code,
    ).toBe(-32602);
    const large = await fetch(solana.url, { method: 'POST', body: 'x'.repeat(600_000) });
    expect(large.status).toBe(413);
  });

  test('a web page may call the RPC and may not call the control endpoint', async () => {
    const preflight = await fetch(solana.url, { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    const control = await fetch(`${solana.url}/_control`, { method: 'OPTIONS' });
    expect(control.headers.get('access-control-allow-origin')).toBeNull();
    expect((await fetch(`${solana.url}/_control`, { method: 'POST', body: '{"reset":true}' })).status).toBe(415);
    expect((await postControl(solana.url, { outage: 'fire' })).status).toBe(400);
  });

  test('program accounts are found by size and by bytes', async () => {
    const filters = [{ dataSize: 36 }, { memcmp: { offset: 4, bytes: programDataAddress(programId.toBase58()) } }];
    const loader = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111');
    const found = await connection.getProgramAccounts(loader, { filters });
    expect(found.map(({ pubkey }) => pubkey.toBase58())).toEqual([programId.toBase58()]);
  });

  test('questions about the chain have their answers', async () => {
    expect((await connection.getVersion())['solana-core']).toMatch(/^\d+\.\d+\.\d+$/);
    expect(await connection.getMinimumBalanceForRentExemption(0)).toBe(890_880);
    expect(await connection.getEpochInfo()).toMatchObject({ epoch: 0, slotsInEpoch: 432_000 });
    // In one slot, so that the two answers are about the same.
    solana.control({ slots: 'paused' });
    expect(await connection.getRecentPrioritizationFees()).toContainEqual({
      slot: await connection.getSlot(),
      prioritizationFee: 0,
    });
    const accounts = await connection.getMultipleAccountsInfo([payer.publicKey, Keypair.generate().publicKey]);
    expect(accounts[0]?.lamports).toBe(await connection.getBalance(payer.publicKey));
    expect(accounts[1]).toBeNull();
    await expect(connection.requestAirdrop(payer.publicKey, 1_001 * LAMPORTS_PER_SOL)).rejects.toThrow(
      'Invalid params',
    );
  });

  test('two equal airdrops in one slot are two transactions', async () => {
    solana.control({ slots: 'paused' });
    const to = Keypair.generate().publicKey;
    const [first, second] = [
      await connection.requestAirdrop(to, LAMPORTS_PER_SOL),
      await connection.requestAirdrop(to, LAMPORTS_PER_SOL),
    ].map(String);
    expect(first).not.toBe(second);
  });
});

describe('a dead chain', () => {
  test('hang never answers and recovers', async () => {
    solana.control({ outage: 'hang' });
    const asked = fetch(`${solana.url}`, { method: 'POST', body: '{}', signal: AbortSignal.timeout(300) });
    await expect(asked).rejects.toThrow('timeout');
    await postControl(solana.url, { reset: true });
    expect(await connection.getSlot()).toBeGreaterThan(0);
  });

  test('error answers 500, refuse cuts the connection', async () => {
    solana.control({ outage: 'error' });
    expect((await fetch(solana.url, { method: 'POST', body: '{}' })).status).toBe(500);
    solana.control({ outage: 'refuse' });
    await expect(fetch(solana.url, { method: 'POST', body: '{}' })).rejects.toThrow('fetch failed');
  });

  test('paused slots stand still and go on', async () => {
    solana.control({ slots: 'paused' });
    const slot = await connection.getSlot();
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(await connection.getSlot()).toBe(slot);
    solana.control({ slots: 'running' });
    await eventually('the next slot', async () => ((await connection.getSlot()) > slot ? true : undefined));
  });

  test('a dropped transaction has a signature and never lands; the same bytes sent again do', async () => {
    const to = Keypair.generate().publicKey;
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash();
    const transaction = transfer(to);
    Object.assign(transaction, { recentBlockhash: blockhash, lastValidBlockHeight, feePayer: payer.publicKey });
    transaction.sign(payer);
    solana.control({ drop_transactions: 1 });
    const signature = await connection.sendRawTransaction(transaction.serialize());
    expect((await connection.getSignatureStatus(signature)).value).toBeNull();
    expect(await connection.sendRawTransaction(transaction.serialize())).toBe(signature);
    expect(await connection.getBalance(to)).toBe(LAMPORTS_PER_SOL);
  });

  test('a lost answer breaks the connection, and the transaction landed', async () => {
    const to = Keypair.generate().publicKey;
    solana.control({ lose_answers: 1 });
    await expect(connection.sendTransaction(transfer(to), [payer])).rejects.toThrow('fetch failed');
    expect(await connection.getBalance(to)).toBe(LAMPORTS_PER_SOL);
  });

  test('a warped clock runs ahead of real time and never back', async () => {
    solana.control({ warp_seconds: 3600 });
    const time = await connection.getBlockTime(await connection.getSlot());
    expect(Number(time) - Date.now() / 1000).toBeGreaterThan(3_590);
    solana.control({ reset: true, advance_slots: 1 });
    expect(Number(await connection.getBlockTime(await connection.getSlot()))).toBeGreaterThanOrEqual(Number(time));
  });
});
