/**
 * The markets of the exchange, by their index on chain. A market's parameters live on chain; here is what never changes:
 * its symbol, its Pyth feed, and how the screen rounds its price. Feed ids and push accounts (shard 0): pyth-network/pyth-crosschain,
 * `solana-mainnet.json` of the push feeds.
 */
export interface MarketDefinition {
  readonly symbol: MarketSymbol;
  /** Index in the program's market seeds and in Pool.backing. */
  readonly index: number;
  /** Ticker of the base asset, for quantities on screen. */
  readonly base: string;
  /** Pyth feed id, 32 bytes in hex without 0x. */
  readonly feedId: string;
  /** Pyth symbol, as in `/v2/price_feeds` and the history shim. */
  readonly pythSymbol: string;
  /** Pyth push account of shard 0. */
  readonly priceAccount: string;
  /** Decimals of a displayed price. */
  readonly priceDecimals: number;
  /** Decimals of a displayed quantity. */
  readonly sizeDecimals: number;
}

export const MARKET_SYMBOLS = ['SOL-PERP', 'BTC-PERP', 'ETH-PERP'] as const;
export type MarketSymbol = (typeof MARKET_SYMBOLS)[number];

export const MARKETS: readonly MarketDefinition[] = [
  {
    symbol: 'SOL-PERP',
    index: 0,
    base: 'SOL',
    feedId: 'ef0d8b6fda2ceba41da15d4095d1da392a0d2f8ed0c6c7bc0f4cfac8c280b56d',
    pythSymbol: 'Crypto.SOL/USD',
    priceAccount: '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE',
    priceDecimals: 3,
    sizeDecimals: 2,
  },
  {
    symbol: 'BTC-PERP',
    index: 1,
    base: 'BTC',
    feedId: 'e62df6c8b4a85fe1a67db44dc12de5db330f7ac66b72dc658afedf0f4a415b43',
    pythSymbol: 'Crypto.BTC/USD',
    priceAccount: '4cSM2e6rvbGQUFiJbqytoVMi5GgghSMr8LwVrT9VPSPo',
    priceDecimals: 1,
    sizeDecimals: 4,
  },
  {
    symbol: 'ETH-PERP',
    index: 2,
    base: 'ETH',
    feedId: 'ff61491a931112ddf1bd8147cd1b641375f79f5825126d665480874634fd0ace',
    pythSymbol: 'Crypto.ETH/USD',
    priceAccount: '42amVS4KgzR9rA28tkVYqVXjq9Qa8dcZQMbH5EYFX6XC',
    priceDecimals: 2,
    sizeDecimals: 3,
  },
];

export const isMarketSymbol = (text: string): text is MarketSymbol =>
  (MARKET_SYMBOLS as readonly string[]).includes(text);

/** The definition of a known symbol. */
export function marketOf(symbol: MarketSymbol): MarketDefinition {
  const market = MARKETS.find((candidate) => candidate.symbol === symbol);
  if (market === undefined) throw new Error(`market ${symbol} is not defined`);
  return market;
}
