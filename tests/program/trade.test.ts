import { describe, expect, it } from 'vitest';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();

describe('trade', () => {
  it('flips', async () => {
    const trader = await exchange().trader();
    must(await exchange().trade(trader));
    exchange().nextPrice(exchange().market, 110n * USD_PRICE);
    const sent = must(await exchange().trade(trader, { side: 'short', size: 15n * BASE }));
    expect(sent.events.map(({ name }) => name)).toEqual(['positionReduced', 'positionIncreased']);
    expect(eventOf(sent, 'positionReduced').realizedPnl).toBe(100n * USDC);
  });
});
