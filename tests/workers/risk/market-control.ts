import { createExecutionContext, createMessageBatch, getQueueResult, runInDurableObject } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { inject } from 'vitest';
import { createDatabase, type Database } from '#db/client.ts';
import type { MarketSymbol } from '#shared/markets.ts';
import { parseDecimal } from '#shared/money/decimal.ts';
import { PRICE_DECIMALS, U64_MAX } from '#shared/money/units.ts';
import { readSettings } from '../../../workers/env.ts';
import { consumeRiskChecks } from '../../../workers/risk/consumer.ts';
import type { RiskMessage } from '../../../workers/risk/message.ts';
import { base, Wallet } from '../account/wallet.ts';
import { controlHermes, until } from '../market/hermes-control.ts';

export const marketObject = (symbol: MarketSymbol = 'SOL-PERP') => env.MARKETS.getByName(symbol);

export const setSolPrice = (usd: string): Promise<void> => controlHermes({ price: { base: 'SOL', usd, conf: '0.01' } });

/** Sets SOL's price, and waits until the market has it. */
export async function solPriceIs(usd: bigint | string): Promise<void> {
  const wanted = parseDecimal(String(usd), { decimals: PRICE_DECIMALS, min: 0n, max: U64_MAX });
  await setSolPrice(String(usd));
  await until(`SOL at ${usd}`, async () => (await marketObject().snapshot()).price?.price === wanted);
}

/** A long of 10 SOL at 20×: liquidatable about 4 % below its entry. A brake of the prices before is let go first. */
export async function longAt20(): Promise<Wallet> {
  await until('no brake', async () => (await marketObject().snapshot()).controls.brake === null);
  const wallet = await Wallet.open(1_000n);
  await wallet.reached((await wallet.place({ quantity: base(10n), leverageE2: 2_000 })).orderId, 'filled');
  return wallet;
}

export function testDatabase(): Database {
  const settings = readSettings(env);
  return createDatabase({ databaseUrl: settings.DATABASE_URL, httpEndpoint: settings.DATABASE_HTTP_ENDPOINT });
}

/** Delivers a message to the consumer; answers the ids it acknowledged. */
export async function deliver(
  message: Partial<RiskMessage>,
  attempts = 1,
  id = crypto.randomUUID(),
): Promise<string[]> {
  const snapshot = await marketObject().snapshot();
  const body = {
    kind: 'liquidation',
    symbol: 'SOL-PERP',
    commandSeq: '1',
    price: String(snapshot.price?.price ?? 0n),
    publishTime: Number(snapshot.price?.publishTime ?? 0n),
    requestId: 'test',
    ...message,
  };
  const batch = createMessageBatch('risk-checks', [{ id, timestamp: new Date(), attempts, body }]);
  const context = createExecutionContext();
  await consumeRiskChecks(batch as MessageBatch<RiskMessage>, env, context);
  return (await getQueueResult(batch, context)).explicitAcks;
}

/** Runs a body inside a market's object, over its storage. */
export const inMarket = <T>(body: (state: DurableObjectState) => T | Promise<T>): Promise<T> =>
  runInDurableObject(marketObject() as never, (_instance: unknown, state: DurableObjectState) => body(state));

/** Tells the running local Solana how to behave; see its control endpoint. */
export async function controlSolana(command: Record<string, unknown>): Promise<void> {
  const response = await fetch(inject('stackControls').solana, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(command),
  });
  if (!response.ok) throw new Error(`the chain refused: ${response.status} ${await response.text()}`);
  await response.body?.cancel();
}
