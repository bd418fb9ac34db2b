import type { PublicKey } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { eventOf } from '#support/program/chain.ts';
import { BASE, USDC, USD_PRICE, TestExchange, type Trader, WALLET_USDC, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';
import { bn } from '#support/program/plain.ts';
import { exchangePerTest } from '#support/program/suite.ts';
import { tokenBalance, writeTokenAccount } from '#support/program/tokens.ts';

const exchange = exchangePerTest();
const hundred = 100n * USD_PRICE;

const pool = () => exchange().chain.fetch('pool', addresses.pool);
const lp = (holder: Trader) => exchange().chain.fetch('lpAccount', addresses.lp(holder.wallet.publicKey));

async function requestMint(holder: Trader, amount: bigint) {
  const instruction = await build.requestMint(holder.wallet.publicKey, holder.tokens, amount);
  return exchange().send([instruction], [holder.wallet]);
}

async function requestRedeem(holder: Trader, shares: bigint) {
  return exchange().send([await build.requestRedeem(holder.wallet.publicKey, shares)], [holder.wallet]);
}

/** Executes alone, without settling first. */
async function executeOnly(holder: Trader, markets = exchange().markets.map(({ key }) => key)) {
  const { keeper } = exchange();
  const instruction = await build.executePoolRequest(holder.wallet.publicKey, holder.tokens, markets, keeper.publicKey);
  return exchange().send([instruction], [keeper]);
}

async function delay(seconds: number) {
  await exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
    state.poolDelaySeconds = seconds;
  });
}

describe('minting', () => {
  it('locks 1 USDC of shares for ever with the first deposit', async () => {
    const own = await TestExchange.create({ liquidity: 0n });
    const holder = own.holder();
    const owner = holder.wallet.publicKey;
    const tooSmall = await build.requestMint(owner, holder.tokens, USDC);
    must(own.send([tooSmall], [holder.wallet]));
    expect((await own.executePoolRequest(holder)).error).toBe('FirstDepositTooSmall');
    const second = own.holder();
    await own.provide(USDC + 5n, second);
    const state = own.chain.fetch('pool', addresses.pool);
    expect(state).toMatchObject({ supply: USDC + 5n, lockedShares: USDC });
    expect(own.chain.fetch('lpAccount', addresses.lp(second.wallet.publicKey)).shares).toBe(5n);
  });

  it('gives shares at the pool’s equity, rounded against who comes', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    exchange().nextPrice(exchange().market, 90n * USD_PRICE);
    const holder = exchange().holder();
    must(await requestMint(holder, 1_000n * USDC));
    const executed = eventOf(must(await exchange().executePoolRequest(holder)), 'poolRequestExecuted');
    // The trader's loss of 100 USDC and the pool's 0.3 USDC of fees belong to the old shares.
    const equity = 1_000_000n * USDC + 300_000n + 100n * USDC;
    expect(executed.poolEquity).toBe(equity);
    expect(executed.shareAmount).toBe((1_000n * USDC * 1_000_000n * USDC) / equity);
    expect(lp(holder)).toMatchObject({ shares: executed.shareAmount, requestAmount: 0n });
  });

  it('counts a trader’s loss only as far as his margin, and a profit only as far as his reserve', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const equityAt = async (price: bigint) => {
      exchange().nextPrice(exchange().market, price);
      const holder = exchange().holder();
      must(await requestMint(holder, USDC));
      return eventOf(must(await exchange().executePoolRequest(holder)), 'poolRequestExecuted').poolEquity;
    };
    const base = 1_000_000n * USDC + 300_000n;
    expect(await equityAt(50n * USD_PRICE)).toBe(base + 100n * USDC);
    expect(await equityAt(500n * USD_PRICE)).toBe(base + USDC - 1_000n * USDC);
  });

  it('refuses a pool without equity', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const { backing } = exchange().marketState();
    const { free } = pool();
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.backing = bn(0n);
    });
    await exchange().chain.rewrite('pool', addresses.pool, (state) => {
      state.free = bn(0n);
    });
    await exchange().chain.rewrite('insurance', addresses.insurance, (state) => {
      state.balance = state.balance.add(bn(backing + free));
    });
    exchange().nextPrice(exchange().market, hundred);
    const holder = exchange().holder();
    must(await requestMint(holder, USDC));
    expect((await exchange().executePoolRequest(holder)).error).toBe('PoolWithoutEquity');
  });

  it('refuses a deposit worth no share', async () => {
    const donor = exchange().holder();
    const gift = await build.donate(donor.wallet.publicKey, donor.tokens, 5_000_000n * USDC);
    must(exchange().send([gift], [donor.wallet]));
    const holder = exchange().holder();
    must(await requestMint(holder, 1n));
    expect((await exchange().executePoolRequest(holder)).error).toBe('ZeroShares');
  });
});

describe('redeeming', () => {
  it('pays the share of the equity less the fee, which stays with the pool', async () => {
    const holder = await exchange().provide(100_000n * USDC);
    const { shares } = lp(holder);
    must(await requestRedeem(holder, shares));
    const executed = eventOf(must(await exchange().executePoolRequest(holder)), 'poolRequestExecuted');
    expect(executed).toMatchObject({ amount: 99_900n * USDC, fee: 100n * USDC, sharesReturned: 0n });
    expect(tokenBalance(exchange().chain, holder.tokens)).toBe(WALLET_USDC - 100n * USDC);
    expect(lp(holder).shares).toBe(0n);
  });

  it('rounds the share of the equity down and the fee up: who stays loses not a unit', async () => {
    const holder = await exchange().provide(100_000n * USDC);
    const donation = await build.donate(holder.wallet.publicKey, holder.tokens, 7n);
    must(exchange().send([donation], [holder.wallet]));
    must(await requestRedeem(holder, 333_333_333n));
    const executed = eventOf(must(await exchange().executePoolRequest(holder)), 'poolRequestExecuted');
    // 333,333,333 of 1.1e12 shares of an equity of 1.1e12 + 7 are 333,333,333.002; 0.1 % of that is 333,333.33.
    expect(executed).toMatchObject({ amount: 333_333_333n - 333_334n, fee: 333_334n });
  });

  it('is cut to what the pool can give; the shares not paid for are kept', async () => {
    const whale = await exchange().provide(100_000n * USDC);
    const trader = await exchange().trader(200_000n * USDC);
    must(await exchange().open(trader, { size: 2_600n * BASE, leverageE2: 200 }));
    const drained = pool().free - 1_000n * USDC;
    await exchange().chain.rewrite('pool', addresses.pool, (state) => {
      state.free = bn(1_000n * USDC);
    });
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.config.weightBps = 0;
      market.backing = market.backing.add(bn(drained));
      market.config.maxUtilisationBps = 2_000;
    });
    const { shares } = lp(whale);
    must(await requestRedeem(whale, shares));
    // Reserves of 260,000 USDC hold all of the backing at a utilisation of 20 %: only the free assets can go.
    const executed = eventOf(must(await exchange().executePoolRequest(whale)), 'poolRequestExecuted');
    expect(executed.amount).toBe(999n * USDC);
    expect(executed.fee).toBe(USDC);
    expect(executed.sharesReturned).toBe(shares - executed.shareAmount);
    expect(lp(whale).shares).toBe(executed.sharesReturned);
    expect(executed.shareAmount * executed.poolEquity).toBeGreaterThanOrEqual(1_000n * USDC * pool().supply);
  });

  it('draws on the markets in their order, and says so in their streams', async () => {
    const holder = await exchange().provide(1_000_000n * USDC);
    const second = await exchange().addMarket({ weightBps: 7_000 });
    exchange().price(second, hundred);
    must(await exchange().settle(second));
    expect(pool().free).toBe(0n);
    must(await requestRedeem(holder, lp(holder).shares));
    const sent = must(await executeOnly(holder));
    const draws = sent.events.filter(({ name }) => name === 'marketSettled').map(({ data }) => data);
    expect(draws).toMatchObject([
      { marketIndex: 0, toFree: 600_000n * USDC, backing: 0n },
      { marketIndex: 1, toFree: 399_000n * USDC, backing: 1_001_000n * USDC },
    ]);
    expect(exchange().marketState(second).backing).toBe(1_001_000n * USDC);
    expect(pool().backing.slice(0, 2)).toEqual([0n, 1_001_000n * USDC]);
    expect(eventOf(sent, 'poolRequestExecuted').backing).toEqual([0n, 1_001_000n * USDC]);
  });

  it('refuses nothing, and more shares than there are', async () => {
    const holder = await exchange().provide(10n * USDC);
    expect((await requestRedeem(holder, 0n)).error).toBe('ZeroAmount');
    expect((await requestRedeem(holder, lp(holder).shares + 1n)).error).toBe('InsufficientShares');
  });

  it('refuses a payout of nothing', async () => {
    const holder = await exchange().provide(10n * USDC);
    must(await requestRedeem(holder, 1n));
    expect((await exchange().executePoolRequest(holder)).error).toBe('ZeroShares');
  });
});

describe('a request', () => {
  it('is executed at a price of its window only', async () => {
    await delay(60);
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const holder = exchange().holder();
    const requested = eventOf(must(await requestMint(holder, 10n * USDC)), 'poolRequested');
    expect(requested.executableFrom).toBe(exchange().chain.now + 60n);
    exchange().chain.advance(59n);
    exchange().price(exchange().market, hundred);
    expect((await exchange().executePoolRequest(holder)).error).toBe('PoolRequestTooEarly');
    exchange().chain.advance(12n);
    exchange().price(exchange().market, hundred);
    expect((await exchange().executePoolRequest(holder)).error).toBe('PoolRequestOutsideWindow');
    // A price of the window, still fresh enough although the clock is past it.
    expect((await exchange().executePoolRequest(holder)).error).toBe('PoolRequestOutsideWindow');
  });

  it('is no option to look back: its price is at most 5 seconds old, also right after the window', async () => {
    await delay(60);
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const [first, second] = [exchange().holder(), exchange().holder()];
    for (const holder of [first, second]) must(await requestMint(holder, 10n * USDC));
    exchange().chain.advance(60n);
    exchange().price(exchange().market, hundred);
    exchange().chain.advance(6n);
    expect((await exchange().executePoolRequest(first)).error).toBe('OracleStale');
    exchange().chain.advance(4n);
    exchange().price(exchange().market, hundred);
    exchange().chain.advance(5n);
    must(await exchange().executePoolRequest(first));
    exchange().chain.advance(1n);
    expect((await exchange().executePoolRequest(second)).error).toBe('PoolRequestOutsideWindow');
  });

  it('keeps the window it was placed with, whatever becomes of the delay', async () => {
    await delay(60);
    const holder = exchange().holder();
    const { executableFrom } = eventOf(must(await requestMint(holder, 10n * USDC)), 'poolRequested');
    expect(lp(holder)).toMatchObject({ executableFrom, rentPayer: holder.wallet.publicKey.toBase58() });
    await delay(0);
    expect((await executeOnly(holder)).error).toBe('PoolRequestTooEarly');
    exchange().chain.advance(60n);
    must(await executeOnly(holder));
    expect(lp(holder).executableFrom).toBe(0n);
  });

  it('to mint needs no token account of its holder, who could stall it; one that pays out does', async () => {
    const holder = exchange().holder();
    const owner = holder.wallet.publicKey;
    const markets = exchange().markets.map(({ key }) => key);
    must(await requestMint(holder, 10n * USDC));
    must(exchange().send([await build.executePoolRequest(owner, null, markets, null)], []));
    must(await requestRedeem(holder, lp(holder).shares));
    const unpaid = await build.executePoolRequest(owner, null, markets, null);
    expect(exchange().send([unpaid], []).error).toBe('MissingDestination');
    must(await executeOnly(holder));
  });

  it('without open interest anywhere is measured by the clock', async () => {
    await delay(60);
    const holder = exchange().holder();
    must(await requestMint(holder, 10n * USDC));
    exchange().chain.advance(59n);
    expect((await executeOnly(holder)).error).toBe('PoolRequestTooEarly');
    exchange().chain.advance(1n);
    must(await executeOnly(holder));
  });

  it('that lapsed blocks the next one for a minute, then gives back what it locked', async () => {
    const holder = await exchange().provide(100n * USDC);
    await delay(60);
    must(await requestMint(holder, 10n * USDC));
    expect(pool().requestedDeposits).toBe(10n * USDC);
    const before = tokenBalance(exchange().chain, holder.tokens);
    exchange().chain.advance(60n + 10n + 59n);
    expect((await executeOnly(holder)).error).toBe('PoolRequestOutsideWindow');
    expect((await requestMint(holder, USDC)).error).toBe('PoolRequestPending');
    exchange().chain.advance(1n);
    const lapsed = eventOf(must(await executeOnly(holder)), 'poolRequestLapsed');
    expect(lapsed).toMatchObject({ kind: { mint: {} }, amount: 10n * USDC });
    expect(tokenBalance(exchange().chain, holder.tokens)).toBe(before + 10n * USDC);
    must(await requestRedeem(holder, 7n));
    exchange().chain.advance(130n);
    must(await executeOnly(holder));
    expect(lp(holder).shares).toBe(100n * USDC);
  });

  it('is one at a time, and needed for an execution', async () => {
    const holder = await exchange().provide(10n * USDC);
    expect((await executeOnly(holder)).error).toBe('NoPoolRequest');
    must(await requestMint(holder, USDC));
    expect((await requestMint(holder, USDC)).error).toBe('PoolRequestPending');
    expect((await requestRedeem(holder, 1n)).error).toBe('PoolRequestPending');
  });

  it('of nothing is refused', async () => {
    expect((await requestMint(exchange().holder(), 0n)).error).toBe('ZeroAmount');
  });

  it('waits while the pool is paused, a market is halted, or its price is far from its average', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const holder = exchange().holder();
    must(await requestMint(holder, 10n * USDC));
    const pause = (bits: number) =>
      exchange().chain.rewrite('exchange', addresses.exchange, (state) => {
        state.pausedOperations = bits;
      });
    await pause(8);
    expect((await exchange().executePoolRequest(holder)).error).toBe('Paused');
    expect((await requestMint(exchange().holder(), 1n)).error).toBe('Paused');
    await pause(0);
    exchange().nextPrice(exchange().market, { price: hundred, ema: 80n * USD_PRICE });
    expect((await exchange().executePoolRequest(holder)).error).toBe('OracleDivergent');
    await exchange().chain.rewrite('market', exchange().market.key, (market) => {
      market.status = { halted: {} } as never;
    });
    expect((await exchange().executePoolRequest(holder)).error).toBe('MarketHalted');
  });

  it('needs every market with open interest settled and refreshed just before', async () => {
    const trader = await exchange().trader();
    must(await exchange().open(trader));
    const holder = exchange().holder();
    must(await requestMint(holder, 10n * USDC));
    must(await exchange().settle(exchange().market));
    exchange().chain.advance(3n);
    expect((await executeOnly(holder)).error).toBe('MarketNotRefreshed');
    exchange().price(exchange().market, hundred);
    must(exchange().send([await build.refreshMarket(exchange().market.key, exchange().market.priceAccount)], []));
    expect((await executeOnly(holder)).error).toBe('MarketNotRefreshed');
    must(await exchange().settle(exchange().market));
    exchange().chain.advance(2n);
    must(await executeOnly(holder));
  });

  it('needs all markets, each at its place', async () => {
    const second = await exchange().addMarket({ weightBps: 0 });
    const first = exchange().market;
    const holder = exchange().holder();
    must(await requestMint(holder, 10n * USDC));
    expect((await executeOnly(holder, [])).error).toBe('WrongMarketList');
    expect((await executeOnly(holder, [first.key])).error).toBe('WrongMarketList');
    expect((await executeOnly(holder, [second.key, first.key])).error).toBe('WrongMarketList');
    expect((await executeOnly(holder, [first.key, first.key])).error).toBe('WrongMarketList');
    expect((await executeOnly(holder, [first.key, addresses.pool])).error).toMatch(/^Anchor /);
    must(await executeOnly(holder, [first.key, second.key]));
  });

  it('is executed by keepers alone while a position is open, by anyone while none is', async () => {
    const holder = await exchange().provide(10n * USDC);
    const trader = await exchange().trader();
    const owner = holder.wallet.publicKey;
    const markets = exchange().markets.map(({ key }) => key);
    const execute = (keeper: PublicKey | null) => build.executePoolRequest(owner, holder.tokens, markets, keeper);
    must(await requestRedeem(holder, USDC));
    must(await exchange().open(trader));
    must(await exchange().settle(exchange().market));
    expect(exchange().send([await execute(null)], []).error).toBe('MissingAuthority');
    expect(exchange().send([await execute(trader.wallet.publicKey)], [trader.wallet]).error).toBe('NotKeeper');
    must(await exchange().close(trader));
    must(exchange().send([await execute(null)], []));
  });

  it('pays nobody but its holder', async () => {
    const [holder, thief] = [await exchange().provide(10n * USDC), exchange().holder()];
    must(await requestRedeem(holder, lp(holder).shares));
    const markets = exchange().markets.map(({ key }) => key);
    const stolen = await build.executePoolRequest(holder.wallet.publicKey, thief.tokens, markets, null);
    expect(exchange().send([stolen], []).error).toBe('NotOwner');
    const vaulted = await build.executePoolRequest(holder.wallet.publicKey, addresses.vault, markets, null);
    expect(exchange().send([vaulted], []).error).not.toBeNull();
    const other = writeTokenAccount(exchange().chain, exchange().mint, holder.wallet.publicKey, 0n);
    must(exchange().send([await build.executePoolRequest(holder.wallet.publicKey, other, markets, null)], []));
  });
});

it('who comes and goes at a constant price takes nothing from who stays', async () => {
  const trader = await exchange().trader();
  must(await exchange().open(trader, { size: 77n * BASE }));
  exchange().nextPrice(exchange().market, { price: 103n * USD_PRICE + 7n, conf: USD_PRICE / 3n });
  const holder = exchange().holder();
  for (const amount of [USDC + 1n, 12_345_678n, 999_999_999_999n]) {
    must(await requestMint(holder, amount));
    must(await exchange().executePoolRequest(holder));
    must(await requestRedeem(holder, lp(holder).shares));
    must(await exchange().executePoolRequest(holder));
  }
  expect(tokenBalance(exchange().chain, holder.tokens)).toBeLessThan(WALLET_USDC);
  expect(lp(holder).shares).toBe(0n);
});
