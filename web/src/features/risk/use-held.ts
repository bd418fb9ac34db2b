import { useQuery } from '@tanstack/solid-query';
import { createEffect, createMemo } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { riskQueries } from '../../data/risk-queries.ts';
import { holdPosition, type Held } from '../../domain/risk/held.ts';

/** The open positions at the live prices, with what their markets say about liquidations; undefined until they are known. */
export function useHeld() {
  const desk = useDesk();
  const queries = riskQueries(desk.client);
  const address = () => desk.session.address();
  const enabled = () => address() !== undefined && desk.stage() !== 'visitor';
  const markets = useQuery(() => desk.queries.markets());
  const health = useQuery(() => ({ ...queries.health(address() ?? ''), enabled: enabled() }));
  const accrued = useQuery(() => ({
    ...desk.queries.positions(address() ?? ''),
    enabled: enabled() && (desk.own.account.positions?.length ?? 0) > 0,
  }));
  createEffect(() => desk.own.learnOwed(accrued.data ?? []));

  const held = createMemo((): readonly Held[] | undefined => {
    const positions = desk.own.account.positions;
    if (positions === undefined || markets.data === undefined) return undefined;
    return positions.flatMap((position) => {
      const market = markets.data.find(({ symbol }) => symbol === position.symbol);
      const told = health.data?.positions.find(({ id }) => id === position.id)?.current_price;
      // Until the market's stream has spoken, the price that the exchange judged the position at.
      return holdPosition(position, market, desk.live.markets[position.symbol].price?.price ?? told) ?? [];
    });
  });
  return { held, health, markets };
}
