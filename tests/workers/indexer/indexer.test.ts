import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { until } from '../market/hermes-control.ts';
import { Trader } from './trader.ts';

const indexer = () => env.INDEXER.getByName('main');
const nudgeMsMax = 10_000;

describe('IndexerObject on the real local chain', () => {
  it('a nudge answers the events of a transaction once its objects have them', async () => {
    const trader = await Trader.open(1_000n);
    const signature = await trader.deposit(25n);
    const events = await indexer().nudge(signature, nudgeMsMax);
    expect(events.map((event) => event.name)).toEqual(['CollateralDeposited']);
    expect(events[0]).toMatchObject({
      signature,
      data: { owner: trader.wallet, amount: 25_000_000n, collateral: 1_025_000_000n },
      streams: { account: { owner: trader.wallet, seq: 3n } },
    });
    const account = await env.ACCOUNTS.getByName(trader.wallet).state();
    expect(account.account?.collateral).toBe(1_025_000_000n);
  });

  it('a trade reaches its market: index, open interest and tape', async () => {
    const trader = await Trader.open(1_000n);
    const market = env.MARKETS.getByName('SOL-PERP');
    await until('the market is known', async () => (await market.snapshot()).market !== null);
    const before = await market.sweep();
    const signature = await trader.trade('SOL-PERP', 'long', 10n * 10n ** 8n, 500);
    const events = await indexer().nudge(signature, nudgeMsMax);
    expect(events.map((event) => event.name)).toEqual(['PositionCreated', 'PositionIncreased']);
    expect(events[1]?.data.orderId).toMatch(/^[0-9a-f]{8}-/);
    const after = await market.sweep();
    expect(after.openPositions).toBe(before.openPositions + 1);
    expect(after.nextMarketSeq).toBe((events[1]?.streams.market?.seq ?? 0n) + 1n);
  });

  it('the database receives every event, and nothing is left behind', async () => {
    const trader = await Trader.open(50n);
    await indexer().nudge(await trader.deposit(1n), nudgeMsMax);
    const status = await until('the backlog is worked off', async () => {
      const now = await indexer().status();
      return now.databaseBacklog === 0 && now;
    });
    expect(status).toMatchObject({ holes: [], lastError: null });
  });
});
