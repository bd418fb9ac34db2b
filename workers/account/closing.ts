import type { AccountView } from './contract.ts';

/** An order that closes at once, but for what it closes. */
export const reduceOnlyOrder = {
  orderType: 'market',
  price: null,
  stopPrice: null,
  reduceOnly: true,
  leverageE2: null,
  timeInForce: 'gtc',
  expiresAtMs: null,
  clientOrderId: null,
  takeProfit: null,
  stopLoss: null,
  analysisId: null,
} as const;

/** Side and quantity that close a position, all of it where none is given. */
export const closing = (held: AccountView['positions'][number], quantity: bigint | null) => ({
  symbol: held.symbol,
  side: held.position.side === 'long' ? ('sell' as const) : ('buy' as const),
  quantity: quantity ?? held.position.size,
});
