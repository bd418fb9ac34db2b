import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf, type Sent } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, type Trader, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';

const exchange = exchangePerTest();

async function openTrader(options: { leverageE2?: number } = {}, deposit = 1_000n * USDC): Promise<Trader> {
  const trader = await exchange().trader(deposit);
  must(await exchange().open(trader, options));
  return trader;
}

async function add(trader: Trader, amount: bigint, by: 'owner' | 'keeper' | 'nobody' = 'owner'): Promise<Sent> {
  const { keeper } = exchange();
  const command = exchange().command(trader);
  const instruction = await build.addMargin(
    { ...command, keeper: by === 'keeper' ? keeper.publicKey : null, selfSigned: by === 'owner' },
    amount,
  );
  return exchange().send([instruction], by === 'owner' ? [trader.wallet] : by === 'keeper' ? [keeper] : []);
}

async function remove(trader: Trader, amount: bigint, changes: Partial<build.Command> = {}): Promise<Sent> {
  const instruction = await build.removeMargin(exchange().command(trader, undefined, changes), amount);
  return exchange().send([instruction], [exchange().keeper]);
}

describe('add_margin', () => {
  it('moves collateral into the margin, by the owner alone or by a keeper', async () => {
    const trader = await openTrader();
    const byOwner = eventOf(must(await add(trader, 10n * USDC)), 'marginChanged');
    expect(byOwner).toMatchObject({ added: true, amount: 10n * USDC, delegated: false, oracle: null, commandSeq: 2n });
    const byKeeper = eventOf(must(await add(trader, 5n * USDC, 'keeper')), 'marginChanged');
    expect(byKeeper).toMatchObject({ delegated: true, commandSeq: 3n, collateral: 884_500_000n });
    expect(exchange().position(trader).state.margin).toBe(115n * USDC);
  });

  it('leaves a pending request to close, and what blocks the next one, as they are; a trade cancels the request alone', async () => {
    const trader = await openTrader();
    const { now } = exchange().chain;
    const owner = trader.wallet.publicKey;
    await exchange().chain.rewrite('position', addresses.position(owner, exchange().market.key), (position) => {
      position.closeRequestedAt = bn(now);
      position.closeBlockedUntil = bn(now + 70n);
    });
    must(await add(trader, USDC));
    must(await remove(trader, USDC));
    const requested = { closeRequestedAt: now, closeBlockedUntil: now + 70n };
    expect(exchange().position(trader)).toMatchObject(requested);
    must(await exchange().close(trader, { size: BASE }));
    expect(exchange().position(trader)).toMatchObject({ closeRequestedAt: 0n, closeBlockedUntil: now + 70n });
  });

  it('works while the market is halted and its price is stale', async () => {
    const trader = await openTrader();
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.status = { halted: {} } as never;
    });
    exchange().chain.advance(3_600n);
    must(await add(trader, USDC));
  });

  it('needs a signature', async () => {
    expect((await add(await openTrader(), USDC, 'nobody')).error).toBe('MissingAuthority');
  });

  it('names nobody as keeper who is none', async () => {
    const trader = await openTrader();
    const stranger = exchange().chain.wallet();
    const command = { ...exchange().command(trader), keeper: stranger.publicKey, selfSigned: true };
    const sent = exchange().send([await build.addMargin(command, USDC)], [trader.wallet, stranger]);
    expect(sent.error).toBe('NotKeeper');
  });

  it('needs the delegation where a keeper signs', async () => {
    const trader = await openTrader();
    must(exchange().send([await build.revokeDelegate(trader.wallet.publicKey)], [trader.wallet]));
    expect((await add(trader, USDC, 'keeper')).error).toBe('DelegateDisabled');
  });

  it('refuses nothing, more than there is, a flat position, and a stale command', async () => {
    const trader = await openTrader();
    expect((await add(trader, 0n)).error).toBe('ZeroAmount');
    expect((await add(trader, 899_500_001n)).error).toBe('InsufficientCollateral');
    const stale = await build.addMargin({ ...exchange().command(trader), keeper: null, selfSigned: true }, USDC);
    must(await add(trader, USDC));
    expect(exchange().send([stale], [trader.wallet]).error).toBe('StaleCommand');
    must(await exchange().close(trader));
    expect((await add(trader, USDC)).error).toBe('PositionFlat');
  });
});

describe('remove_margin', () => {
  it('gives back what the initial margin does not need, to the unit', async () => {
    const trader = await openTrader();
    expect((await remove(trader, 50n * USDC + 1n)).error).toBe('MarginTooLow');
    const removed = eventOf(must(await remove(trader, 50n * USDC)), 'marginChanged');
    expect(removed).toMatchObject({ added: false, amount: 50n * USDC, collateral: 949_500_000n });
    expect(removed.oracle?.price).toBe(100n * USD_PRICE);
  });

  it('never takes more than the margin, whatever the profit', async () => {
    const trader = await openTrader();
    exchange().nextPrice(exchange().market, 150n * USD_PRICE);
    expect((await remove(trader, 100n * USDC + 1n)).error).toBe('MarginTooLow');
    must(await remove(trader, 100n * USDC));
  });

  it('refuses nothing, a flat position, an early price, a stale command', async () => {
    const trader = await openTrader();
    expect((await remove(trader, 0n)).error).toBe('ZeroAmount');
    expect((await remove(trader, USDC, { minPublishTime: exchange().chain.now + 1n })).error).toBe('PriceTooEarly');
    expect((await remove(trader, USDC, { expectedSeq: 0n })).error).toBe('StaleCommand');
    must(await exchange().close(trader));
    expect((await remove(trader, USDC)).error).toBe('PositionFlat');
  });

  it('waits while the market is halted, the price is far from its average, or the operation is paused', async () => {
    const trader = await openTrader();
    exchange().nextPrice(exchange().market, { price: 100n * USD_PRICE, ema: 80n * USD_PRICE });
    expect((await remove(trader, USDC)).error).toBe('OracleDivergent');
    exchange().nextPrice(exchange().market, 100n * USD_PRICE);
    await exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
      state.pausedOperations = 2;
    });
    expect((await remove(trader, USDC)).error).toBe('Paused');
    await exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
      state.pausedOperations = 0;
    });
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.status = { halted: {} } as never;
    });
    expect((await remove(trader, USDC)).error).toBe('MarketHalted');
  });

  it('never makes a healthy position liquidatable', async () => {
    const trader = await openTrader({ leverageE2: 100 }, 2_000n * USDC);
    exchange().nextPrice(exchange().market, 93n * USD_PRICE);
    // Equity 930 − what is removed; the initial margin is 5 % of 930.
    must(await remove(trader, 883_500_000n));
    expect((await remove(trader, 1n)).error).toBe('MarginTooLow');
    expect((await exchange().liquidate(trader)).error).toBe('NotLiquidatable');
  });
});

it('a change of margin says all that its decision used: price, bound of its time, position, indexes', async () => {
  const trader = await openTrader();
  await exchange().chain.rewrite('market', exchange().market.key, (market) => {
    market.fundingIndex = bn(11n);
    market.borrowIndex = bn(12n);
  });
  const minPublishTime = exchange().chain.now;
  const removed = eventOf(must(await remove(trader, 1n, { minPublishTime })), 'marginChanged');
  const added = eventOf(must(await add(trader, 1n)), 'marginChanged');
  const { price, long, short, backing } = exchange().marketState();
  expect(removed).toMatchObject({ minPublishTime, oracle: price });
  expect(added).toMatchObject({ minPublishTime: 0n, oracle: null });
  for (const { marketAfter } of [removed, added]) {
    expect(marketAfter).toMatchObject({ longOi: long.size, shortOi: short.size, reserved: long.reserve, backing });
    expect(marketAfter).toMatchObject({ fundingIndex: 11n, borrowIndex: 12n });
  }
});
