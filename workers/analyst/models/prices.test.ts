import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import list from './prices.json' with { type: 'json' };
import { costOf, listedPrices, parseUsd } from './prices.ts';

describe('prices', () => {
  it('are read for every model of the list, which says where from and when', () => {
    for (const provider of ['openai', 'anthropic'] as const) {
      expect(list[provider].source).toMatch(/^https:/);
      for (const model of Object.keys(list[provider].models)) expect(listedPrices(provider, model)).not.toBeNull();
    }
    expect(list.read_at).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(listedPrices('openai', 'toString')).toBeNull();
  });

  it('are those of the documented costs of an analysis', () => {
    const page = readFileSync('docs/analyst-models.md', 'utf8');
    const rows = [...page.matchAll(/^\| ((?:claude|gpt)-[\w.-]+) +\| (\d+\.\d+) +\|$/gm)];
    expect(rows.length).toBeGreaterThan(3);
    for (const [, model = '', usd = ''] of rows) {
      const prices = listedPrices(model.startsWith('gpt') ? 'openai' : 'anthropic', model);
      expect(prices && costOf(prices, 20_000, 2_000), model).toBe(parseUsd(usd));
    }
  });

  it('cost what tokens cost per million, rounded up to a micro-dollar', () => {
    const prices = { input: parseUsd('2'), output: parseUsd('10') };
    expect(costOf(prices, 20_000, 2_000)).toBe(60_000n);
    expect(costOf(prices, 1, 0)).toBe(2n);
    expect(costOf({ input: parseUsd('0.1'), output: parseUsd('0') }, 1, 0)).toBe(1n);
    expect(costOf(prices, 0, 0)).toBe(0n);
    expect(() => parseUsd('-1')).toThrow();
    expect(() => parseUsd('0.0000001')).toThrow();
  });
});
