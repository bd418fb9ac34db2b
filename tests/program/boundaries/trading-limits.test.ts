import { describe, expect, it } from 'vitest';
import { bps, price, size } from '#shared/money/units.ts';
import { impact } from '#shared/perps/impact.ts';
import type { Sent } from '#support/program/chain.ts';
import {
  BASE,
  type MarketConfig,
  type OpenOptions,
  TestExchange,
  type Trader,
  USDC,
  USD_PRICE,
  must,
} from '#support/program/exchange.ts';
import { bn } from '#support/program/plain.ts';
import { setBacking, setCollateral } from './wealth.ts';

const u32Max = 2 ** 32 - 1;
const hundred = 100n * USD_PRICE;
/** Size of the smallest allowed notional, 10 USDC, at 100 USD. */
const smallest = BASE / 10n;

/** The two instructions that open; a trade takes every refusal of an opening. */
const openings = ['open', 'trade'] as const;
type Opening = (typeof openings)[number];

interface Limit {
  readonly what: string;
  readonly config?: Partial<MarketConfig>;
  /** 1e-8 USD; 0 unless said. */
  readonly conf?: bigint;
  /** What goes before, in the same second. */
  readonly before?: (exchange: TestExchange, trader: Trader, send: Send) => Promise<void>;
  readonly at: OpenOptions;
  readonly over: OpenOptions;
  readonly error: string;
}
type Send = (options: OpenOptions) => Promise<Sent>;

const ofSide = (side: 'long' | 'short', error: string): Limit => ({
  what: `open interest of the ${side} side`,
  config: side === 'long' ? { maxLongOi: bn(10n * BASE) } : { maxShortOi: bn(10n * BASE) },
  at: { side, size: 10n * BASE },
  over: { side, size: 10n * BASE + 1n },
  error,
});

/** Skew of at most 10 of a scale of 1,000 base units. */
const skewed = {
  skewScale: bn(1_000n * BASE),
  maxSkewBps: 100,
  maxLongOi: bn(1_000n * BASE),
  maxShortOi: bn(1_000n * BASE),
};
const charge = impact({
  price: price(hundred),
  skew: 0n,
  delta: 3n * BASE,
  skewScale: size(1_000n * BASE),
  maxSkewBps: bps(100n),
  reducing: false,
});
/** The charge per base unit, 1e-8 USD: it comes to whole units. */
const chargePerUnit = (charge * 10n ** 10n) / (3n * BASE);
const worstBuy = hundred + 7n + chargePerUnit;
const worstSell = hundred - 7n - chargePerUnit;

const limits: readonly Limit[] = [
  { what: 'leverage', at: { leverageE2: 2_000 }, over: { leverageE2: 2_001 }, error: 'LeverageOutOfBounds' },
  {
    what: 'least leverage',
    at: { size: smallest, leverageE2: 1 },
    over: { size: smallest, leverageE2: 0 },
    error: 'LeverageOutOfBounds',
  },
  { what: 'leverage at its largest', at: {}, over: { leverageE2: u32Max }, error: 'LeverageOutOfBounds' },
  { what: 'smallest notional', at: { size: smallest }, over: { size: smallest - 1n }, error: 'BelowMinNotional' },
  { what: 'one unit', at: { size: smallest }, over: { size: 1n }, error: 'BelowMinNotional' },
  { what: 'nothing', at: { size: smallest }, over: { size: 0n }, error: 'ZeroAmount' },
  ofSide('long', 'OpenInterestExceeded'),
  ofSide('short', 'OpenInterestExceeded'),
  {
    what: 'skew to the long side',
    config: skewed,
    at: { size: 10n * BASE },
    over: { size: 10n * BASE + 1n },
    error: 'SkewTooWide',
  },
  {
    what: 'skew to the short side',
    config: skewed,
    at: { side: 'short', size: 10n * BASE },
    over: { side: 'short', size: 10n * BASE + 1n },
    error: 'SkewTooWide',
  },
  {
    what: 'utilisation of the backing: 1,000 USDC of reserve in 1,250',
    before: (exchange) => setBacking(exchange, exchange.market, 1_250n * USDC),
    at: { size: 10n * BASE },
    over: { size: 10n * BASE + 1n },
    error: 'UtilisationExceeded',
  },
  {
    what: 'worst price of a buy, spread and impact included',
    config: skewed,
    conf: 7n,
    at: { size: 3n * BASE, worstPrice: worstBuy },
    over: { size: 3n * BASE, worstPrice: worstBuy - 1n },
    error: 'SlippageExceeded',
  },
  {
    what: 'worst price of a sale, spread and impact included',
    config: skewed,
    conf: 7n,
    at: { side: 'short', size: 3n * BASE, worstPrice: worstSell },
    over: { side: 'short', size: 3n * BASE, worstPrice: worstSell + 1n },
    error: 'SlippageExceeded',
  },
  {
    what: 'worst price of zero for a buy, of u64::MAX for a sale',
    at: { side: 'short', worstPrice: 0n },
    over: { side: 'short', worstPrice: 2n ** 64n - 1n },
    error: 'SlippageExceeded',
  },
  {
    what: 'notional of 1e11 USD',
    config: { maxLongOi: bn(2n ** 64n - 1n) },
    before: async (exchange, trader) => {
      await setCollateral(exchange, trader, 10n ** 17n);
      await setBacking(exchange, exchange.market, 2n * 10n ** 17n);
    },
    at: { size: 10n ** 17n, leverageE2: 2_000 },
    over: { size: 10n ** 17n + 1n, leverageE2: 2_000 },
    error: 'NotionalTooLarge',
  },
  {
    what: 'collateral: a tenth of the notional and the fee',
    before: (exchange, trader) => setCollateral(exchange, trader, 100n * USDC + 500_000n),
    at: { size: 10n * BASE },
    over: { size: 10n * BASE + 1_000n },
    error: 'InsufficientCollateral',
  },
];

describe.each(openings)('%s', (opening: Opening) => {
  it.each(limits.map((limit) => [limit.what, limit] as const))('%s: at it, and one over', async (_what, limit) => {
    const exchange = await TestExchange.create(limit.config === undefined ? {} : { config: limit.config });
    const trader = await exchange.trader();
    if (limit.conf !== undefined) exchange.nextPrice(exchange.market, { price: hundred, conf: limit.conf });
    const send: Send = (options) => exchange[opening](trader, options);
    await limit.before?.(exchange, trader, send);
    const before = exchange.account(trader);
    expect((await send(limit.over)).error).toBe(limit.error);
    expect(exchange.account(trader)).toEqual(before);
    must(await send(limit.at));
  });

  it('takes size and worst price of u64::MAX with a named refusal', async () => {
    const exchange = await TestExchange.create({
      config: { maxLongOi: bn(2n ** 64n - 1n), maxShortOi: bn(2n ** 64n - 1n) },
    });
    const trader = await exchange.trader();
    const largest = 2n ** 64n - 1n;
    for (const side of ['long', 'short'] as const) {
      const sent = await exchange[opening](trader, { side, size: largest });
      expect(sent.error).toBe('NotionalTooLarge');
    }
    must(await exchange[opening](trader, { worstPrice: largest }));
  });
});

describe('what is left of a position', () => {
  it('is at least the smallest notional, or nothing', async () => {
    const exchange = await TestExchange.create();
    const trader = await exchange.trader();
    must(await exchange.open(trader, { size: BASE }));
    expect((await exchange.close(trader, { size: BASE - smallest + 1n })).error).toBe('BelowMinNotional');
    expect((await exchange.close(trader, { size: BASE + 1n })).error).toBe('SizeExceedsPosition');
    expect((await exchange.close(trader, { size: 0n })).error).toBe('ZeroAmount');
    must(await exchange.close(trader, { size: BASE - smallest }));
    must(await exchange.close(trader, { size: smallest }));
  });

  it('of a flip is at least the smallest notional on the other side; the whole trade is refused otherwise', async () => {
    const exchange = await TestExchange.create();
    const trader = await exchange.trader();
    must(await exchange.open(trader, { size: BASE }));
    const before = exchange.position(trader);
    const flip = (extra: bigint) => exchange.trade(trader, { side: 'short', size: BASE + extra });
    expect((await flip(smallest - 1n)).error).toBe('BelowMinNotional');
    expect(exchange.position(trader)).toEqual(before);
    must(await flip(smallest));
    expect(exchange.position(trader).state.size).toBe(smallest);
  });
});
