import type { MarketSymbol } from '#shared/markets.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { useQuery } from '@tanstack/solid-query';
import { createMemo, type Accessor } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import type { TicketContext } from '../../domain/ticket/context.ts';

/** Market, price and money around a position that may not be there, as the ticket takes them; undefined until the market is read. */
export function useMarketContext<Position extends PositionDto | undefined>(
  symbol: Accessor<MarketSymbol>,
  position: Accessor<Position>,
): Accessor<(TicketContext & { readonly position: Position }) | undefined> {
  const desk = useDesk();
  const markets = useQuery(() => desk.queries.markets());
  return createMemo(() => {
    const market = markets.data?.find((known) => known.symbol === symbol());
    if (market === undefined) return undefined;
    const { price: live, silent, stats } = desk.live.markets[market.symbol];
    return {
      ...{ market, live, silent, stats, position: position() },
      available: desk.own.account.balance?.available_balance,
      stage: desk.stage(),
    };
  });
}
