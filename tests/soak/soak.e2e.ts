import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { marketOf } from '#shared/markets.ts';
import { startWorker, type RunningWorker } from '../support/running-worker.ts';
import { noFaults } from './listener.ts';
import { runSoak } from './soak.ts';

const symbol = 'SOL-PERP';
const seconds = 30;
const sockets = 200;

describe('a market with many sockets', () => {
  let worker: RunningWorker;
  beforeAll(async () => {
    worker = await startWorker();
  });
  afterAll(() => worker.close());

  it('gives 200 sockets every message of 30 s once, in order and in the same bytes', async () => {
    const { webSocketUrl, hermesUrl } = worker;
    const { feedId } = marketOf(symbol);
    const result = await runSoak({ webSocketUrl, hermesUrl, symbol, feedId, sockets, processes: 2, seconds });
    expect(result).toMatchObject({ faults: noFaults(), differing: 0, lost: 0, untold: 0 });
    // Of a price every 400 ms a busy machine gives fewer, but several each second.
    expect(result.lastSocketMs.length).toBeGreaterThan(seconds);
    expect(result.delivered.price).toBeGreaterThanOrEqual(sockets * result.lastSocketMs.length);
  });
});
