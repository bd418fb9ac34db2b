import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { conservationFindings } from './agreement.ts';
import { allCases, shortCases } from './cases.ts';
import { answersLost, atFailpoint, type Disturbance, databaseAway, streamCut, surroundings } from './disturbance.ts';
import { playKills } from './load.ts';
import { type OperationName, operations } from './operations.ts';
import { play } from './play.ts';
import { type ChaosResult, writeResults } from './results.ts';
import { type ChaosExchange, startChaosExchange } from './stack/exchange.ts';

const isFull = process.env.MODE === 'full';
const killsOfLoad = isFull ? 20 : 2;
const seed = Number(process.env.CHAOS_SEED ?? 1);
const loadTimeoutMs = 600_000;

const results: ChaosResult[] = [];
let exchange: ChaosExchange;

beforeAll(async () => {
  exchange = await startChaosExchange();
});
afterAll(async () => {
  await exchange?.close();
  console.log(writeResults(results));
});

async function record(operation: OperationName, disturbance: Disturbance): Promise<void> {
  const { name: fault, action } = disturbance;
  let failure: string | null = null;
  let ms = 0;
  try {
    ms = await play(exchange, operation, disturbance);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
    console.log(`${failure}\n${exchange.worker.failures()}`);
  }
  results.push({ operation: operations[operation].name, fault, action, ms, failure });
  expect(failure).toBeNull();
}

type Around = readonly [OperationName, Disturbance];
const disturbed: readonly OperationName[] = ['placeMarket', 'placeLimit', 'close', 'deposit', 'liquidation'];
const allAround = disturbed.flatMap((operation) =>
  surroundings().map((disturbance): Around => [operation, disturbance]),
);
const shortAround: readonly Around[] = [
  ['placeMarket', answersLost],
  ['close', databaseAway(5)],
  ['placeLimit', streamCut],
];

describe('exactly one effect exists, the order says so and the projection agrees', () => {
  it.each(isFull ? allCases : shortCases)('$operation: $action at $failpoint', (chaos) =>
    record(chaos.operation, atFailpoint(chaos)),
  );

  const around = (isFull ? allAround : shortAround).map(([operation, disturbance]) => ({ operation, disturbance }));
  it.each(around)('$operation: $disturbance.name, $disturbance.action', ({ operation, disturbance }) =>
    record(operation, disturbance),
  );

  it(
    `of every order of a trading load under which the worker is killed ${killsOfLoad} times (seed ${seed})`,
    async () => {
      expect(await playKills(exchange, killsOfLoad, seed)).toBeGreaterThan(0);
    },
    loadTimeoutMs,
  );

  it('afterwards the vault holds to the unit what the program owes', async () => {
    expect(await conservationFindings({ exchange })).toEqual([]);
  });
});
