import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { useQuery, type QueryClient } from '@tanstack/solid-query';
import { createMemo, mapArray, onCleanup, untrack, type Accessor } from 'solid-js';

import { viewBalance, type BalanceView } from '../domain/balance-view.ts';
import { viewPosition, type PositionView } from '../domain/position-view.ts';
import type { LiveAccount } from './live-account.ts';
import type { LiveMarket } from './live-markets.ts';
import type { Queries } from './queries.ts';

/** What positions are valued by. */
interface Sources {
  readonly account: Pick<LiveAccount, 'positions' | 'balance'>;
  readonly live: Readonly<Record<MarketSymbol, Pick<LiveMarket, 'mark'>>>;
  readonly queries: Queries;
  readonly queryClient: QueryClient;
}

/**
 * The trader's positions at the live prices. Each is valued once per price of its market, whoever shows it: table, balance, ticket and
 * warnings read the same figures.
 */
export function createPositionViews({ account, live, queries, queryClient }: Sources) {
  const markets = useQuery(
    () => queries.markets(),
    () => queryClient,
  );
  const capOfMarket = (symbol: MarketSymbol) =>
    createMemo(() => markets.data?.find((market) => market.symbol === symbol)?.parameters?.payoff_cap_bps);
  const capOf = new Map(MARKET_SYMBOLS.map((symbol) => [symbol, capOfMarket(symbol)]));
  const known = new Map<string, Accessor<PositionView>>();
  const viewOf = (position: PositionDto): Accessor<PositionView> => {
    /** Read field by field only when one of them changes, not at every price. */
    const held = createMemo((): PositionDto => ({ ...position }));
    return createMemo(() => {
      const { symbol } = held();
      return viewPosition(held(), live[symbol].mark, capOf.get(symbol)?.());
    });
  };
  const list = () => account.positions ?? [];
  const viewed = mapArray(list, (position) => {
    const shown = viewOf(position);
    const id = untrack(() => position.id);
    known.set(id, shown);
    onCleanup(() => known.get(id) === shown && known.delete(id));
    return shown;
  });
  const views = createMemo(viewed);
  const all = createMemo((): readonly PositionView[] => views().map((view) => view()));
  /** The account at the live prices; undefined until the stream has told it. */
  const balance = createMemo((): BalanceView | undefined =>
    account.balance === undefined ? undefined : viewBalance(account.balance, all()),
  );
  return {
    /** In the order of the stream; none before it has told them. */
    all,
    balance,
    /** The view of one of them as it changes. Of a position that is gone, without a price. */
    of: (position: PositionDto): Accessor<PositionView> =>
      untrack(() => {
        views();
        return known.get(position.id) ?? (() => viewPosition(position, undefined, undefined));
      }),
  };
}

export type PositionViews = ReturnType<typeof createPositionViews>;
