import { evictDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { closeCodes } from '#shared/protocol/ws.ts';
import { issueAccessToken } from '../../../workers/api/access-token.ts';
import type { RiskAlert } from '../../../workers/account/contract.ts';
import { readSettings } from '../../../workers/env.ts';
import { newId, userIdOf } from '../../../workers/platform/ids.ts';
import { Trader } from '../indexer/trader.ts';
import { until } from '../market/hermes-control.ts';
import { ObjectSocket } from './object-socket.ts';

const indexer = () => env.INDEXER.getByName('main');
const walletAddress = (): string => Keypair.generate().publicKey.toBase58();

async function tokenOf(wallet: string): Promise<string> {
  const session = { userId: userIdOf(wallet), wallet, sessionId: newId() };
  return (await issueAccessToken(readSettings(env).SESSION_KEYS, session, Date.now())).token;
}

const alertOf = (message: string): RiskAlert => ({
  id: newId(),
  kind: 'margin_warning',
  symbol: 'SOL-PERP',
  positionId: newId(),
  message,
  signature: null,
  createdAtMs: Date.now(),
});

describe('/ws/account', () => {
  it('survives the eviction of its object: same epoch, next number, what was not acknowledged again', async () => {
    const { wallet } = await Trader.open(5n);
    await until('the database knows the trader', async () => {
      const { lastSignature, databaseBacklog } = await indexer().status();
      return lastSignature !== null && databaseBacklog === 0;
    });
    const account = env.ACCOUNTS.getByName(wallet);
    const socket = await ObjectSocket.open(account, 'https://exchange/ws/account');
    socket.send({ op: 'auth', token: await tokenOf(wallet) });
    socket.send({ op: 'subscribe', channels: ['risk'] });
    const [before] = await socket.wait('snapshot', 'risk');
    await account.notifyRisk(alertOf('first'));
    const [first] = await socket.wait('update', 'risk');
    expect(first).toMatchObject({ seq: 1, prev_seq: 0 });
    await evictDurableObject(account);
    await account.notifyRisk(alertOf('second'));
    const updates = await socket.wait('update', 'risk', 3);
    expect(updates.map((frame) => frame.seq)).toEqual([1, 1, 2]);
    expect(socket.of('reset')).toEqual([]);
    const again = await ObjectSocket.open(account, 'https://exchange/ws/account');
    again.send({ op: 'auth', token: await tokenOf(wallet) });
    again.send({ op: 'subscribe', channels: ['risk'], from: { epoch: before?.epoch, seq: 1 } });
    expect((await again.wait('update', 'risk')).map((frame) => frame.seq)).toEqual([2]);
    expect(again.of('reset')).toEqual([]);
    socket.close();
    again.close();
  });

  it("another wallet's token opens nothing", async () => {
    const socket = await ObjectSocket.open(env.ACCOUNTS.getByName(walletAddress()), 'https://exchange/ws/account');
    socket.send({ op: 'auth', token: await tokenOf(walletAddress()) });
    socket.send({ op: 'subscribe', channels: ['orders'] });
    const [error] = await socket.wait('error', undefined);
    expect(error?.code).toMatch(/^AUTH_/);
    expect(await socket.closed()).toBe(closeCodes.unauthenticated);
    expect(socket.of('snapshot')).toEqual([]);
  });

  it('without a token the object closes by itself', async () => {
    const socket = await ObjectSocket.open(env.ACCOUNTS.getByName(walletAddress()), 'https://exchange/ws/account');
    expect(await socket.closed()).toBe(closeCodes.unauthenticated);
  });
});
