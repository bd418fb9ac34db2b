import { describe, expect, it } from 'vitest';
import { addresses } from '#support/program/addresses.ts';
import { type Sent } from '#support/program/chain.ts';
import { BASE, TestExchange, type Trader, USDC, USD_PRICE, must } from '#support/program/exchange.ts';
import * as build from '#support/program/instructions.ts';

const hundred = 100n * USD_PRICE;

/** What is done at a price, after `prepare` has made it possible at 100 USD. */
interface Operation {
  readonly what: string;
  readonly prepare?: (exchange: TestExchange, trader: Trader) => Promise<void>;
  readonly act: (exchange: TestExchange, trader: Trader) => Promise<Sent>;
}

const opened = async (exchange: TestExchange, trader: Trader) => {
  must(await exchange.open(trader, { size: 10n * BASE, leverageE2: 500 }));
};

const removeMargin = async (exchange: TestExchange, trader: Trader, changes: Partial<build.Command> = {}) =>
  exchange.send(
    [await build.removeMargin(exchange.command(trader, exchange.market, changes), USDC)],
    [exchange.keeper],
  );

const addMargin = async (exchange: TestExchange, trader: Trader) =>
  exchange.send([await build.addMargin(exchange.command(trader), USDC)], [exchange.keeper]);

async function request(exchange: TestExchange, trader: Trader, kind: 'mint' | 'redeem'): Promise<void> {
  const owner = trader.wallet.publicKey;
  const { wallet, tokens } = trader;
  const made =
    kind === 'mint' ? await build.requestMint(owner, tokens, USDC) : await build.requestRedeem(owner, 100n * USDC);
  must(exchange.send([made], [wallet]));
}

/** What adds risk, or lets somebody in or out at a price: it waits until price and average meet. */
const waiting: readonly Operation[] = [
  { what: 'opening', act: (exchange, trader) => exchange.open(trader) },
  { what: 'increasing', prepare: opened, act: (exchange, trader) => exchange.open(trader) },
  { what: 'opening by a trade', act: (exchange, trader) => exchange.trade(trader) },
  {
    what: 'flipping',
    prepare: opened,
    act: (exchange, trader) => exchange.trade(trader, { side: 'short', size: 20n * BASE }),
  },
  { what: 'removing margin', prepare: opened, act: (exchange, trader) => removeMargin(exchange, trader) },
  {
    what: 'minting pool shares',
    prepare: async (exchange, trader) => {
      await opened(exchange, trader);
      await request(exchange, trader, 'mint');
    },
    act: (exchange, trader) => exchange.executePoolRequest(trader),
  },
  {
    what: 'redeeming pool shares',
    prepare: async (exchange, trader) => {
      await exchange.provide(1_000n * USDC, trader);
      await opened(exchange, trader);
      await request(exchange, trader, 'redeem');
    },
    act: (exchange, trader) => exchange.executePoolRequest(trader),
  },
];

/** What takes risk away: it goes on at any distance. */
const goingOn: readonly Operation[] = [
  { what: 'closing', prepare: opened, act: (exchange, trader) => exchange.close(trader) },
  { what: 'reducing', prepare: opened, act: (exchange, trader) => exchange.close(trader, { size: BASE }) },
  {
    what: 'reducing by a trade',
    prepare: opened,
    act: (exchange, trader) => exchange.trade(trader, { side: 'short', size: BASE }),
  },
  { what: 'adding margin', prepare: opened, act: addMargin },
  {
    what: 'closing on request',
    prepare: async (exchange, trader) => {
      await opened(exchange, trader);
      must(await exchange.requestClose(trader));
      exchange.chain.advance(5n);
    },
    act: (exchange, trader) => exchange.executeCloseRequest(trader),
  },
  {
    what: 'liquidating',
    prepare: async (exchange, trader) => {
      must(await exchange.open(trader, { side: 'short', size: 10n * BASE, leverageE2: 1_900 }));
    },
    act: (exchange, trader) => exchange.liquidate(trader),
  },
  { what: 'settling a market', prepare: opened, act: (exchange) => exchange.settle(exchange.market) },
];

/** An exchange on which the operation is possible, a second later at `price` with an average of 100 USD. */
async function ready(operation: Operation, price: bigint): Promise<[TestExchange, Trader]> {
  const exchange = await TestExchange.create();
  const trader = await exchange.trader();
  await operation.prepare?.(exchange, trader);
  exchange.nextPrice(exchange.market, { price, ema: hundred });
  return [exchange, trader];
}

describe('a price as far from its average as the market allows, 10 %', () => {
  it.each(waiting.map((operation) => [operation.what, operation] as const))(
    'still lets through %s, and a unit further stops it, above and below',
    async (_what, operation) => {
      for (const [at, over] of [
        [110n * USD_PRICE, 110n * USD_PRICE + 1n],
        [90n * USD_PRICE, 90n * USD_PRICE - 1n],
      ] as const) {
        const [stopped, first] = await ready(operation, over);
        expect((await operation.act(stopped, first)).error).toBe('OracleDivergent');
        const [allowed, second] = await ready(operation, at);
        must(await operation.act(allowed, second));
      }
    },
  );

  it.each(goingOn.map((operation) => [operation.what, operation] as const))(
    'and one far beyond does not stop %s',
    async (_what, operation) => {
      const [exchange, trader] = await ready(operation, 115n * USD_PRICE);
      must(await operation.act(exchange, trader));
    },
  );
});

describe('the earliest price an order accepts', () => {
  const trades: [string, (exchange: TestExchange, trader: Trader, command: Partial<build.Command>) => Promise<Sent>][] =
    [
      ['open_position', (exchange, trader, command) => exchange.open(trader, { command })],
      ['trade', (exchange, trader, command) => exchange.trade(trader, { command })],
      ['close_position', (exchange, trader, command) => exchange.close(trader, { command })],
      ['remove_margin', (exchange, trader, command) => removeMargin(exchange, trader, command)],
    ];
  it.each(trades)('%s takes its very second, and not the one before', async (_name, act) => {
    const exchange = await TestExchange.create();
    const trader = await exchange.trader();
    await opened(exchange, trader);
    const minPublishTime = exchange.chain.now + 3n;
    exchange.chain.advance(2n);
    exchange.price(exchange.market, hundred);
    expect((await act(exchange, trader, { minPublishTime })).error).toBe('PriceTooEarly');
    exchange.nextPrice(exchange.market, hundred);
    must(await act(exchange, trader, { minPublishTime }));
  });
});

describe('without a keeper’s signature a price is at most five seconds old', () => {
  const anyone: [string, (exchange: TestExchange, trader: Trader) => Promise<Sent>, bigint, boolean][] = [
    ['liquidate_position', (exchange, trader) => exchange.liquidate(trader, { keeper: null }), 80n, false],
    ['close_capped', (exchange, trader) => exchange.closeCapped(trader), 201n, false],
    ['liquidate_position by a keeper', (exchange, trader) => exchange.liquidate(trader), 80n, true],
    ['close_capped by a keeper', (exchange, trader) => exchange.closeCapped(trader, { byKeeper: true }), 201n, true],
  ];
  it.each(anyone)('%s', async (_name, act, usd, byKeeper) => {
    const exchange = await TestExchange.create();
    const trader = await exchange.trader();
    await opened(exchange, trader);
    exchange.nextPrice(exchange.market, usd * USD_PRICE);
    exchange.chain.advance(6n);
    if (byKeeper) {
      must(await act(exchange, trader));
      return;
    }
    expect((await act(exchange, trader)).error).toBe('OracleStale');
    exchange.chain.advance(-1n);
    must(await act(exchange, trader));
  });
});

describe('a request to close', () => {
  it.each([
    ['the second of the request', 0n, 'CloseRequestTooEarly'],
    ['five seconds after it', 5n, 'CloseRequestTooEarly'],
    ['six seconds after it', 6n, null],
    ['fifteen seconds after it', 15n, null],
    ['sixteen seconds after it', 16n, 'CloseRequestLapsed'],
  ] as const)('at a price of %s', async (_what, seconds, error) => {
    const exchange = await TestExchange.create();
    const trader = await exchange.trader();
    await opened(exchange, trader);
    exchange.chain.advance(1n);
    must(await exchange.requestClose(trader));
    exchange.chain.advance(seconds);
    exchange.price(exchange.market, hundred);
    expect((await exchange.executeCloseRequest(trader)).error).toBe(error);
  });

  it('blocks the next one for 75 seconds, executed or not', async () => {
    const exchange = await TestExchange.create();
    const trader = await exchange.trader();
    expect((await exchange.open(trader)).error).toBeNull();
    must(await exchange.requestClose(trader));
    exchange.chain.advance(74n);
    expect((await exchange.requestClose(trader)).error).toBe('CloseRequestBlocked');
    exchange.chain.advance(1n);
    must(await exchange.requestClose(trader));
  });

  it('is refused for a flat position, and not executed where there is none', async () => {
    const exchange = await TestExchange.create();
    const trader = await exchange.trader();
    await opened(exchange, trader);
    expect((await exchange.executeCloseRequest(trader)).error).toBe('NoCloseRequest');
    must(await exchange.close(trader));
    expect((await exchange.requestClose(trader)).error).toBe('PositionFlat');
    expect(exchange.chain.fetch('position', addresses.position(trader.wallet.publicKey, exchange.market.key)).seq).toBe(
      2n,
    );
  });
});
