import type { Guides } from '../guide.ts';

/** Public market data and the exchange's own addresses. */
export const marketGuides: Guides = {
  'GET /api/config': {
    description: `What a client needs before it can trade: network, program and mint addresses, markets with their Pyth feeds, and the limits of this API. Needs no sign-in and changes only with a deployment: read it once at the start.`,
    example: { typescript: `const config = await client.config();` },
  },
  'GET /api/market/markets': {
    description: `Every market with its parameters (leverage, margins, fees, limits), open interest, and funding and borrow per hour now. \`restrictions\` says which operations are switched off at the moment, and why.`,
    example: { typescript: `const markets = await client.market.markets();` },
  },
  'GET /api/market/prices': {
    description: `Current prices with their confidence and average. Only a price whose \`state\` is \`ok\` lets positions be opened. A market that has no price yet is left out.

To follow prices use the \`price\` channel of the market's socket: it sends every update and costs no request.`,
    example: {
      query: { symbols: 'SOL-PERP,BTC-PERP' },
      typescript: `const prices = await client.market.prices(['SOL-PERP', 'BTC-PERP']);`,
    },
  },
  'GET /api/market/candles': {
    description: `Bars of the oracle price, oldest first; \`volume\` is what was traded here. Times are the start of a bar. The last bar is still running.`,
    example: {
      query: { symbol: 'SOL-PERP', interval: '1m' },
      typescript: `const candles = await client.market.candles({ symbol: 'SOL-PERP', interval: '1m' });`,
    },
  },
  'GET /api/market/stats': {
    description: `The last 24 hours of one market: prices, volume, open interest, and funding and borrow per hour now.`,
    example: {
      query: { symbol: 'SOL-PERP' },
      typescript: `const stats = await client.market.stats('SOL-PERP');`,
    },
  },
  'GET /api/market/oracle': {
    description: `Why an action is or is not allowed at the price of now: its age, its confidence and its distance from the hourly average, each beside its limit, and what follows for opening, closing, margin and liquidation.`,
    example: {
      query: { symbol: 'SOL-PERP' },
      typescript: `const oracle = await client.market.oracle('SOL-PERP');`,
    },
  },
  'GET /api/pool': {
    description: `The liquidity pool that is the other side of every trade: share price, what is free, what is reserved for possible profits, and the exposure per market.`,
    example: { typescript: `const pool = await client.pool.get();` },
  },
  'GET /api/pool/history': {
    description: `What a share of the pool was worth over time, newest first: the last point of each interval. Points are taken every 5 minutes while every market with open interest has a price.`,
    example: {
      query: { interval: '1h' },
      typescript: `const { items } = await client.pool.history({ interval: '1h' });`,
    },
  },
};
