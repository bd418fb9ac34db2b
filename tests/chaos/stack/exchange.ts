import { setTimeout as sleep } from 'node:timers/promises';
import { startStack, type Stack } from '#support/stack/stack.ts';
import { ChainTruth } from '../truth/chain.ts';
import { Projection } from '../truth/projection.ts';
import { Stalls } from './stalls.ts';
import { WorkerUnderTest } from './worker.ts';

/** Prices a case starts from, USD. */
export const calmPriceUsd = 150;

/** The whole exchange on real parts, with every fault within reach. */
export interface ChaosExchange {
  readonly stack: Stack;
  readonly worker: WorkerUnderTest;
  readonly stalls: Stalls;
  readonly chain: ChainTruth;
  readonly projection: Projection;
  /** Pins the price of SOL; null lets it follow the tape. */
  setPrice(usd: number): void;
  /** Ends every fault of the surroundings. */
  calm(): Promise<void>;
  close(): Promise<void>;
}

export async function startChaosExchange(): Promise<ChaosExchange> {
  const stack = await startStack();
  const stalls = new Stalls();
  await stalls.open();
  const worker = await WorkerUnderTest.build(stack.variables);
  const setPrice = (usd: number): void => stack.hermes.control({ price: { base: 'SOL', usd: usd.toFixed(4) } });
  setPrice(calmPriceUsd);
  await worker.start();
  await untilReady(worker.url);
  return {
    stack,
    worker,
    stalls,
    chain: new ChainTruth(stack.solana.url),
    projection: new Projection(stack.neon),
    setPrice,
    calm: async () => {
      stack.solana.control({ reset: true });
      stack.neon.faults.mode = 'ok';
      stack.hermes.control({ mode: 'ok' });
      stalls.clear();
      await worker.arm([]);
    },
    close: async () => {
      await worker.close();
      await stalls.close();
      await stack.close();
    },
  };
}

const readyMsMax = 60_000;

/** Ready: every part that the worker needs answers, and markets have prices. */
async function untilReady(url: string): Promise<void> {
  const deadline = Date.now() + readyMsMax;
  for (;;) {
    const answer = await fetch(`${url}/ready`).catch(() => null);
    const text = (await answer?.text()) ?? '';
    if (answer?.ok === true) return;
    if (Date.now() > deadline) throw new Error(`the exchange is not ready: ${text}`);
    await sleep(200);
  }
}
