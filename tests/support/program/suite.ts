import { afterEach, beforeEach, expect } from 'vitest';
import { books, queueDifference, shareDifference, sumDifferences } from './conservation.ts';
import { type ExchangeOptions, TestExchange } from './exchange.ts';

/**
 * A fresh exchange for each test of the file; after each, whatever the test did: the vault holds exactly what the books say is
 * owned, each market's sums are the sums of its positions, and shares add up to the supply.
 */
export function exchangePerTest(options: ExchangeOptions = {}): () => TestExchange {
  let current: TestExchange | undefined;
  const exchange = (): TestExchange => {
    if (current === undefined) throw new Error('only inside a test');
    return current;
  };
  beforeEach(async () => {
    current = await TestExchange.create(options);
  });
  afterEach(() => {
    const { chain } = exchange();
    const { owned, vault } = books(chain);
    expect(owned, 'the books and the vault').toBe(vault);
    expect(sumDifferences(chain), 'positions and their sums').toEqual([]);
    expect(shareDifference(chain), 'shares and their supply').toBeNull();
    expect(queueDifference(chain), 'queued withdrawals and their sum').toBeNull();
  });
  return exchange;
}
