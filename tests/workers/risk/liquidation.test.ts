import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chainOf } from '../../../workers/chain/chain.ts';
import { readSettings } from '../../../workers/env.ts';
import { consumeRiskChecks } from '../../../workers/risk/consumer.ts';
import type { RiskMessage } from '../../../workers/risk/message.ts';
import { base, Wallet } from '../account/wallet.ts';
import { controlHermes, resetHermes, until } from '../market/hermes-control.ts';
import { AccountSocket } from './account-socket.ts';

const market = () => env.MARKETS.getByName('SOL-PERP');
const setPrice = (usd: string): Promise<void> => controlHermes({ price: { base: 'SOL', usd, conf: '0.01' } });

async function priceIs(usd: bigint): Promise<void> {
  await setPrice(String(usd));
  await until(`SOL at ${usd}`, async () => (await market().snapshot()).price?.price === usd * 10n ** 8n);
}

/** A long of 20×: liquidatable about 4 % below its entry. */
async function longAt20(): Promise<Wallet> {
  const wallet = await Wallet.open(1_000n);
  await wallet.reached((await wallet.place({ quantity: base(10n), leverageE2: 2_000 })).orderId, 'filled');
  return wallet;
}

async function consume(message: Partial<RiskMessage>): Promise<string[]> {
  const snapshot = await market().snapshot();
  const body = {
    kind: 'liquidation',
    symbol: 'SOL-PERP',
    commandSeq: '1',
    price: String(snapshot.price?.price ?? 0n),
    publishTime: Number(snapshot.price?.publishTime ?? 0n),
    requestId: 'test',
    ...message,
  };
  const batch = createMessageBatch('risk-checks', [
    { id: crypto.randomUUID(), timestamp: new Date(), attempts: 1, body },
  ]);
  const context = createExecutionContext();
  await consumeRiskChecks(batch as MessageBatch<RiskMessage>, env, context);
  return (await getQueueResult(batch, context)).explicitAcks;
}

describe('liquidation', () => {
  beforeAll(() => priceIs(150n));
  afterAll(resetHermes);

  it('a price that falls through the liquidation price leads by itself to a liquidation, and the trader hears of it', async () => {
    const wallet = await longAt20();
    const socket = await AccountSocket.open(wallet);
    await setPrice('142');
    const [alert] = await socket.until('risk', (data) => (data as { kind: string }).kind === 'liquidated');
    expect(alert).toMatchObject({ kind: 'liquidated', symbol: 'SOL-PERP', transaction_hash: expect.any(String) });
    const { message } = alert as { message: string };
    expect(message).toMatch(/Loss: [\d,]+\.\d{2} USDC, including the liquidation fee of [\d,]+\.\d{2} USDC\.$/);
    await socket.until('positions', (data) => (data as unknown[]).length === 0);
    await socket.until('balance', (data) => Number((data as { margin_used: unknown }).margin_used) === 0);
    expect((await wallet.account.state()).positions).toEqual([]);
    const trader = await chainOf(readSettings(env)).readTrader(wallet.address);
    expect(trader.positions.get('SOL-PERP')?.size).toBe(0n);
    socket.close();
    await priceIs(150n);
  });

  it('a healthy position is left alone whatever the message says, and the message is done', async () => {
    const wallet = await longAt20();
    expect(await consume({ owner: wallet.address })).toHaveLength(1);
    expect((await wallet.account.state()).positions).toHaveLength(1);
  });

  it('a message about an older state of the position does nothing', async () => {
    const wallet = await longAt20();
    expect(await consume({ owner: wallet.address, commandSeq: '0' })).toHaveLength(1);
    expect((await wallet.account.state()).positions).toHaveLength(1);
  });

  it('the same candidate delivered three times is liquidated once', async () => {
    const wallet = await longAt20();
    const before =
      (await chainOf(readSettings(env)).readTrader(wallet.address)).positions.get('SOL-PERP')?.eventSeq ?? 0n;
    await priceIs(142n);
    await Promise.all([1, 2, 3].map(() => consume({ owner: wallet.address })));
    await until('liquidated', async () => (await wallet.account.state()).positions.length === 0);
    const after = (await chainOf(readSettings(env)).readTrader(wallet.address)).positions.get('SOL-PERP');
    expect(after?.eventSeq).toBe(before + 1n);
    await priceIs(150n);
  });

  it('a position near its threshold is warned once, however often the price crosses it', async () => {
    const wallet = await longAt20();
    const socket = await AccountSocket.open(wallet);
    await priceIs(144n);
    await Promise.all([
      consume({ owner: wallet.address, kind: 'warning' }),
      consume({ owner: wallet.address, kind: 'warning' }),
    ]);
    await socket.until('risk', (data) => (data as { kind: string }).kind === 'margin_warning');
    await consume({ owner: wallet.address, kind: 'warning' });
    expect(socket.updates('risk')).toHaveLength(1);
    expect((await wallet.account.state()).positions).toHaveLength(1);
    socket.close();
    await priceIs(150n);
  });
});
