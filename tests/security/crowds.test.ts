import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpCaller, openFunded } from '#support/http-caller.ts';
import { type RunningWorker, startWorker } from '#support/running-worker.ts';
import { createWallet, type ExampleWallet } from '../../examples/wallet.ts';

const walletsAsking = 3_000;
const thieves = 200;
const atATime = 50;

let worker: RunningWorker;
let caller: HttpCaller;
beforeAll(async () => {
  worker = await startWorker();
  caller = new HttpCaller(worker.url);
  // The objects that serving anybody takes are there.
  await openFunded(caller, 10);
});
afterAll(async () => {
  caller?.close();
  await worker?.close();
});

const post = (target: string, body: unknown) =>
  caller.send({
    method: 'POST',
    target,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', 'cf-connecting-ip': caller.newAddress() },
  });

const askNonce = async ({ address }: ExampleWallet): Promise<{ status: number; message: string }> => {
  const { status, text } = await post('/api/auth/nonce', { wallet_address: address });
  return { status, message: (JSON.parse(text) as { message: string }).message };
};

/** Asks `count` times, some at a time; answers how often each answer came. */
async function tally(count: number, ask: () => Promise<string>): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  for (let asked = 0; asked < count; asked += atATime) {
    const some = await Promise.all(Array.from({ length: Math.min(atATime, count - asked) }, ask));
    for (const answer of some) answers[answer] = (answers[answer] ?? 0) + 1;
  }
  return answers;
}

/** Runs something and answers how many objects it made. */
async function objectsMadeBy(run: () => Promise<unknown>): Promise<number> {
  const before = worker.objectsOf('AccountObject');
  expect(before).toBeGreaterThan(0);
  await run();
  return worker.objectsOf('AccountObject') - before;
}

describe('thousands of wallets that ask', () => {
  it('for nonces create nothing: no object, no row', async () => {
    const made = await objectsMadeBy(async () => {
      const answers = await tally(walletsAsking, async () => String((await askNonce(createWallet())).status));
      expect(answers).toEqual({ 200: walletsAsking });
    });
    expect(made).toBe(0);
  });

  it('with a signature of another wallet wake no object either', async () => {
    const made = await objectsMadeBy(async () => {
      const answers = await tally(thieves, async () => {
        const [victim, thief] = [createWallet(), createWallet()];
        const { message } = await askNonce(victim);
        const signature = thief.signMessage(message);
        const { text } = await post('/api/auth/login', { wallet_address: victim.address, message, signature });
        return (JSON.parse(text) as { code: string }).code;
      });
      expect(answers).toEqual({ AUTH_004: thieves });
    });
    expect(made).toBe(0);
  });

  it('and sign for themselves are counted, each with an object of its own', async () => {
    const made = await objectsMadeBy(async () => {
      const wallet = createWallet();
      const { message } = await askNonce(wallet);
      const signature = wallet.signMessage(message);
      const { status } = await post('/api/auth/login', { wallet_address: wallet.address, message, signature });
      expect(status).toBe(200);
    });
    expect(made).toBe(1);
  });
});
