import { setTimeout as sleep } from 'node:timers/promises';
import { PRICE_SCALE } from '#shared/money/units.ts';
import { AccountChannel } from './account-channel.ts';
import { chaosSymbol } from './agreement.ts';
import type { Disturbance } from './disturbance.ts';
import { type OperationName, operations } from './operations.ts';
import { type Scene, untilAgreed } from './scene.ts';
import { calmPriceUsd, type ChaosExchange } from './stack/exchange.ts';
import { Trader, untilAnswered } from './trader.ts';

const depositUsdc = 2_000n;
const lateEffectMs = 1_500;
const shownMsMax = 60_000;
const pollMs = 100;

/**
 * Plays one case: the operation under its disturbance, then nothing but the client's own retries and the sweep until everything agrees. Answers
 * after how many milliseconds it did.
 */
export async function play(exchange: ChaosExchange, name: OperationName, disturbance: Disturbance): Promise<number> {
  const operation = operations[name];
  exchange.setPrice(calmPriceUsd);
  const trader = await Trader.open(exchange, depositUsdc);
  await untilShown(trader, calmPriceUsd);
  const channel = new AccountChannel(exchange.worker.url, trader.token);
  const scene: Scene = {
    ...{ exchange, trader, channel },
    mayReject: disturbance.mayReject ?? false,
    untilReached: async () => disturbance.untilReached?.(exchange),
  };
  try {
    await operation.prepare?.(scene);
    await disturbance.begin(scene);
    const startedAt = Date.now();
    const [find] = await Promise.all([operation.run(scene), disturbance.meanwhile?.(scene)]);
    await untilAgreed(exchange, find);
    const ms = Date.now() - startedAt;
    await disturbance.untilReached?.(exchange);
    // What would come twice has had its time to come.
    await sleep(lateEffectMs);
    await untilAgreed(exchange, find);
    return ms;
  } finally {
    channel.close();
    await exchange.calm();
  }
}

/** Waits until the exchange shows a price: the bound of an order without one is taken from what is shown. */
async function untilShown({ client }: Trader, usd: number): Promise<void> {
  const deadline = Date.now() + shownMsMax;
  for (;;) {
    const [shown] = await untilAnswered(() => client.market.prices([chaosSymbol]));
    if (shown?.price === BigInt(usd) * PRICE_SCALE) return;
    if (Date.now() > deadline) throw new Error(`the price stays ${String(shown?.price)}`);
    await sleep(pollMs);
  }
}
