import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiError, newIdempotencyKey } from '#sdk/index.ts';
import { size, SIZE_SCALE } from '#shared/money/units.ts';
import { AccountChannel } from './account-channel.ts';
import { chaosSymbol, orderFindings, type OrderReference, projectionFindings } from './agreement.ts';
import { type Scene, untilAgreed } from './scene.ts';
import { calmPriceUsd, type ChaosExchange } from './stack/exchange.ts';
import { Trader, untilAnswered } from './trader.ts';

const tradersCount = 3;
const depositUsdc = 5_000n;
const betweenKillsMsMin = 300;
const betweenKillsMsMax = 4_000;
const thinkMsMax = 400;

/** A sequence of numbers in [0, 1) that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Traders buy and sell without a pause while the whole worker is killed at moments that the seed decides; then every one of their orders
 * must be found, once. Answers how many orders there were.
 */
export async function playKills(exchange: ChaosExchange, kills: number, seed: number): Promise<number> {
  const random = seeded(seed);
  exchange.setPrice(calmPriceUsd);
  const scenes: Scene[] = [];
  for (let count = 0; count < tradersCount; count++) {
    const trader = await Trader.open(exchange, depositUsdc);
    const channel = new AccountChannel(exchange.worker.url, trader.token);
    scenes.push({ exchange, trader, channel, mayReject: true, untilReached: () => Promise.resolve() });
  }
  let isOver = false;
  const trading = scenes.map((scene, index) => trade(scene, seeded(seed + index + 1), () => isOver));
  for (let kill = 0; kill < kills; kill++) {
    await sleep(betweenKillsMsMin + random() * (betweenKillsMsMax - betweenKillsMsMin));
    await exchange.worker.restart();
  }
  isOver = true;
  const placed = await Promise.all(trading);
  try {
    await untilAgreed(exchange, async () => {
      const found = await Promise.all(scenes.map((scene, index) => findingsOf(scene, placed[index] ?? [])));
      return found.flat();
    });
  } finally {
    for (const { channel } of scenes) channel.close();
  }
  return placed.flat().length;
}

async function trade(scene: Scene, random: () => number, isOver: () => boolean): Promise<OrderReference[]> {
  const placed: OrderReference[] = [];
  while (!isOver()) {
    const reference = { key: newIdempotencyKey(), clientOrderId: randomUUID() };
    const order = {
      symbol: chaosSymbol,
      side: random() < 0.5 ? 'buy' : 'sell',
      order_type: 'market',
      quantity: size(BigInt(1 + Math.floor(random() * 3)) * SIZE_SCALE),
      leverage: 1_000,
      reduce_only: false,
      time_in_force: 'gtc',
      client_order_id: reference.clientOrderId,
    } as const;
    try {
      const answer = await untilAnswered(() => scene.trader.client.orders.place(order, reference.key));
      placed.push({ ...reference, orderId: answer.order_id });
    } catch (error) {
      // Refused, and therefore without effect: the limit of requests, or margin that other orders hold.
      if (!(error instanceof ApiError)) throw error;
    }
    await sleep(random() * thinkMsMax);
  }
  return placed;
}

async function findingsOf(scene: Scene, placed: readonly OrderReference[]): Promise<string[]> {
  for (const reference of placed) {
    const found = await orderFindings(scene, reference, ['filled', 'rejected']);
    if (found.length > 0) return found.map((finding) => `${reference.orderId}: ${finding}`);
  }
  return projectionFindings(scene);
}
