import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as spl from '@solana/spl-token';
import { Connection, Keypair, LAMPORTS_PER_SOL, SystemProgram, Transaction } from '@solana/web3.js';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { freePorts } from '#support/free-ports.ts';
import { startLocalSolana } from '../../local/solana/server.ts';
import { eventually, fundedKeypair } from './fixtures.ts';

let stateDir: string;
const processes: ChildProcess[] = [];

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'quantdesk-localnet-'));
});
afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  rmSync(stateDir, { recursive: true, force: true });
});

const slotMs = 400;

interface Started {
  readonly connection: Connection;
  readonly child: ChildProcess;
}

/** Starts the server as the supervisor does and waits for its ready line. */
async function start(port: number): Promise<Started> {
  const args = ['local/solana/main.ts', '--port', String(port), '--state-dir', stateDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  processes.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const ready = JSON.parse(line) as { ready: boolean; url: string };
  expect(ready.ready).toBe(true);
  return { connection: new Connection(ready.url, 'confirmed'), child };
}

async function kill({ child }: Started, signal: NodeJS.Signals): Promise<number | null> {
  const exited = once(child, 'exit');
  child.kill(signal);
  const [code] = (await exited) as [number | null];
  return code;
}

describe('a restart', () => {
  test('kill -9 in the middle of sending loses nothing whose signature was answered, and lands nothing twice', async () => {
    const port = await freePorts();
    let server = await start(port);
    const payer = await fundedKeypair(server.connection);
    const mint = await spl.createMint(server.connection, payer, payer.publicKey, null, 6);
    const to = Keypair.generate().publicKey;
    const { blockhash, lastValidBlockHeight } = await server.connection.getLatestBlockhash();
    const transactions = Array.from({ length: 200 }, (_, index) => {
      const lamports = LAMPORTS_PER_SOL / 100 + index;
      const transfer = SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to, lamports });
      const transaction = new Transaction({ feePayer: payer.publicKey, blockhash, lastValidBlockHeight }).add(transfer);
      transaction.sign(payer);
      return transaction.serialize();
    });
    const answered: string[] = [];
    const sending = transactions.map(async (raw) => {
      answered.push(await server.connection.sendRawTransaction(raw, { skipPreflight: true }));
      if (answered.length === 50) server.child.kill('SIGKILL');
    });
    await Promise.allSettled(sending);
    expect(answered.length).toBeGreaterThanOrEqual(50);
    server = await start(port);
    const { value: statuses } = await server.connection.getSignatureStatuses(answered.slice(0, 256));
    expect(statuses.filter((status) => status === null)).toEqual([]);
    for (const raw of transactions) await server.connection.sendRawTransaction(raw, { skipPreflight: true });
    expect(await server.connection.getBalance(to)).toBe(200 * (LAMPORTS_PER_SOL / 100) + (199 * 200) / 2);
    expect(await server.connection.getSignaturesForAddress(to)).toHaveLength(200);
    expect((await spl.getMint(server.connection, mint)).decimals).toBe(6);
  });

  test('SIGTERM ends with code 0; slot, genesis, blockhashes, history and accounts go on where they were', async () => {
    const port = await freePorts();
    let server = await start(port);
    const payer = await fundedKeypair(server.connection);
    const beforeMs = Date.now();
    const before = {
      genesis: await server.connection.getGenesisHash(),
      balance: await server.connection.getBalance(payer.publicKey),
      history: await server.connection.getSignaturesForAddress(payer.publicKey),
      blockhash: (await server.connection.getLatestBlockhash()).blockhash,
      slot: await server.connection.getSlot(),
    };
    expect(await kill(server, 'SIGTERM')).toBe(0);
    server = await start(port);
    expect(await server.connection.getGenesisHash()).toBe(before.genesis);
    expect(await server.connection.getBalance(payer.publicKey)).toBe(before.balance);
    const [first] = await server.connection.getSignaturesForAddress(payer.publicKey);
    expect(first?.signature).toBe(before.history[0]?.signature);
    expect((await server.connection.isBlockhashValid(before.blockhash)).value).toBe(true);
    const slot = await server.connection.getSlot();
    expect(slot).toBeGreaterThanOrEqual(before.slot);
    // No further than real time has gone since.
    expect(slot - before.slot).toBeLessThanOrEqual((Date.now() - beforeMs) / slotMs + 1);
  });

  test('a second server on the same state is refused and names the folder', async () => {
    const solana = await startLocalSolana({ stateDir });
    await expect(startLocalSolana({ stateDir })).rejects.toThrow(`Another server uses the state in ${stateDir}`);
    await solana.close();
  });

  test('a closed account stays closed', async () => {
    const first = await startLocalSolana({ stateDir });
    const connection = new Connection(first.url, 'confirmed');
    const payer = await fundedKeypair(connection);
    const other = await fundedKeypair(connection);
    const lamports = (await connection.getBalance(other.publicKey)) - 5000;
    const all = SystemProgram.transfer({ fromPubkey: other.publicKey, toPubkey: payer.publicKey, lamports });
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash();
    const transaction = new Transaction({ feePayer: other.publicKey, blockhash, lastValidBlockHeight }).add(all);
    await connection.sendTransaction(transaction, [other]);
    expect(await connection.getAccountInfo(other.publicKey)).toBeNull();
    await first.close();
    const second = await startLocalSolana({ stateDir });
    expect(await new Connection(second.url, 'confirmed').getAccountInfo(other.publicKey)).toBeNull();
    await second.close();
  });

  test('a clock that was warped ahead goes on from there', async () => {
    const first = await startLocalSolana({ stateDir });
    first.control({ warp_seconds: 3600 });
    const time = Number(first.state()['time']);
    const warpedAtMs = Date.now();
    await first.close();
    const second = await startLocalSolana({ stateDir });
    await eventually('the clock to go on', () => Number(second.state()['time']) > time || undefined);
    const now = Number(second.state()['time']);
    expect(now - time).toBeLessThanOrEqual(Math.ceil((Date.now() - warpedAtMs) / 1_000) + 1);
    await second.close();
  });
});
