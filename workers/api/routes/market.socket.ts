import { isMarketSymbol, MARKET_SYMBOLS } from '#shared/markets.ts';
import type { ApiContext } from '../context.ts';
import { refused } from '../errors.ts';
import { forwardSocket } from '../sockets.ts';

/** `/ws/market/{symbol}`: public channels of a market, served by its object. */
export function marketSocket(context: ApiContext): Promise<Response> {
  const symbol = context.req.param('symbol') ?? '';
  if (!isMarketSymbol(symbol)) {
    throw refused('MARKET_001', `There is no market ${symbol.slice(0, 20)}. Markets are ${MARKET_SYMBOLS.join(', ')}.`);
  }
  return forwardSocket(context, context.env.MARKETS.getByName(symbol));
}
