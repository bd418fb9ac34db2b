import { MARKETS } from '#shared/markets.ts';

/** One Pyth price feed of the tape: its 32-byte id in hex, its Pyth symbol, its push account of shard 0 on Solana. */
export interface Feed {
  readonly base: string;
  readonly symbol: string;
  readonly id: string;
  readonly pushAccount: string;
}

/** The feeds the tape is published under: one for each market of the exchange. */
export const feeds: readonly Feed[] = MARKETS.map((market) => ({
  base: market.base,
  symbol: market.pythSymbol,
  id: market.feedId,
  pushAccount: market.priceAccount,
}));
