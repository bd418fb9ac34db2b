import {
  type AccountInfo,
  Connection,
  Keypair,
  LAMPORTS_PER_SOL,
  type Logs,
  SystemProgram,
  Transaction,
} from '@solana/web3.js';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type LocalSolana, startLocalSolana } from '../../local/solana/server.ts';
import { eventually, fundedKeypair } from './fixtures.ts';

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

const subscriptions = () => Number(solana.state()['subscriptions']);

/** Subscribes and waits until the server has it: web3.js subscribes in the background. */
async function subscribed(subscribe: () => number): Promise<number> {
  const before = subscriptions();
  const id = subscribe();
  await eventually('the subscription', () => subscriptions() > before || undefined);
  return id;
}

async function pay(to: Keypair, sol: number): Promise<string> {
  const lamports = sol * LAMPORTS_PER_SOL;
  const transfer = SystemProgram.transfer({ fromPubkey: payer.publicKey, toPubkey: to.publicKey, lamports });
  return connection.sendTransaction(new Transaction().add(transfer), [payer]);
}

describe('subscriptions', () => {
  test('an account subscription tells each change once, until it ends', async () => {
    const to = Keypair.generate();
    const seen: AccountInfo<Buffer>[] = [];
    const id = await subscribed(() => connection.onAccountChange(to.publicKey, (account) => seen.push(account)));
    await pay(to, 1);
    await pay(to, 2);
    await eventually('two notifications', () => seen.length >= 2 || undefined);
    expect(seen.map(({ lamports }) => lamports / LAMPORTS_PER_SOL)).toEqual([1, 3]);
    await connection.removeAccountChangeListener(id);
    await eventually('the end of the subscription', () => subscriptions() === 0 || undefined);
    await pay(to, 1);
    expect(seen).toHaveLength(2);
  });

  test('a subscription at finalized hears of a change 32 slots later, with the state it then had', async () => {
    solana.control({ slots: 'paused' });
    const to = Keypair.generate();
    const seen: number[] = [];
    const listen = () =>
      connection.onAccountChange(to.publicKey, ({ lamports }) => seen.push(lamports), { commitment: 'finalized' });
    const id = await subscribed(listen);
    await pay(to, 1);
    solana.control({ advance_slots: 31 });
    await pay(to, 1);
    expect(seen).toEqual([]);
    solana.control({ advance_slots: 1 });
    await eventually('the notification', () => seen.length > 0 || undefined);
    expect(seen).toEqual([LAMPORTS_PER_SOL]);
    await connection.removeAccountChangeListener(id);
  });

  test('logs come for the program that was mentioned, with signature and error', async () => {
    const seen: Logs[] = [];
    const id = await subscribed(() => connection.onLogs(SystemProgram.programId, (logs) => seen.push(logs)));
    const signature = await pay(Keypair.generate(), 1);
    await eventually('the logs', () => seen.some((logs) => logs.signature === signature) || undefined);
    expect(seen.at(-1)).toMatchObject({ signature, err: null });
    await connection.removeOnLogsListener(id);
  });

  test('a program subscription tells changes of the accounts it owns that pass the filter', async () => {
    const seen: string[] = [];
    const listen = () =>
      connection.onProgramAccountChange(SystemProgram.programId, ({ accountId }) => seen.push(accountId.toBase58()), {
        filters: [{ dataSize: 0 }],
      });
    const id = await subscribed(listen);
    const to = Keypair.generate();
    await pay(to, 1);
    await eventually('the account', () => seen.includes(to.publicKey.toBase58()) || undefined);
    await connection.removeProgramAccountChangeListener(id);
  });

  test('slots are told one by one with their root 32 behind', async () => {
    const seen: { slot: number; parent: number; root: number }[] = [];
    const id = await subscribed(() => connection.onSlotChange((slot) => seen.push(slot)));
    await eventually('three slots', () => seen.length >= 3 || undefined);
    for (const [index, { slot, parent, root }] of seen.entries()) {
      expect({ slot, parent, root }).toEqual({ slot: (seen[0]?.slot ?? 0) + index, parent: slot - 1, root: slot - 32 });
    }
    await connection.removeSlotChangeListener(id);
  });

  test('a signature subscription made after the transaction landed is answered all the same, and once', async () => {
    const signature = await pay(Keypair.generate(), 1);
    const seen: unknown[] = [];
    connection.onSignature(signature, ({ err }) => seen.push(err), 'confirmed');
    await eventually('the notification', () => seen.length > 0 || undefined);
    expect(seen).toEqual([null]);
    await eventually('the end of the subscription', () => subscriptions() === 0 || undefined);
  });

  test('bad socket requests get an error and leave the connection open', async () => {
    const socket = new WebSocket(solana.webSocketUrl);
    await new Promise((resolve) => socket.once('open', resolve));
    const ask = (text: string) => {
      const answer = new Promise<string>((resolve) => socket.once('message', (data) => resolve(String(data))));
      socket.send(text);
      return answer.then((body) => JSON.parse(body) as { error?: { code: number } });
    };
    expect((await ask('{')).error?.code).toBe(-32600);
    expect((await ask('{"jsonrpc":"2.0","id":1,"method":"toString"}')).error?.code).toBe(-32601);
    expect((await ask('{"jsonrpc":"2.0","id":1,"method":"accountSubscribe","params":["x"]}')).error?.code).toBe(-32602);
    expect((await ask('{"jsonrpc":"2.0","id":1,"method":"slotUnsubscribe","params":[999]}')).error?.code).toBe(-32602);
    socket.close();
  });

  test('a closed connection leaves no subscription behind', async () => {
    const other = new Connection(solana.url, 'confirmed');
    await subscribed(() => other.onAccountChange(payer.publicKey, () => undefined));
    solana.control({ outage: 'refuse' });
    await eventually('the clean-up', () => subscriptions() === 0 || undefined);
  });
});
