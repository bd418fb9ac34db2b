import { quote } from '#shared/money/units.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import { createEffect, createMemo, createSignal, onCleanup, type Accessor } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import type { TicketContext } from '../../domain/ticket/context.ts';

/** Expiries count in minutes: the clock is read often enough for that. */
const clockMs = 10_000;

/** The clock that `read` reads, running while something counts by it. */
function createClock(read: () => number, needed: Accessor<boolean>): Accessor<number> {
  const [nowMs, setNowMs] = createSignal(read());
  createEffect(() => {
    if (!needed()) return;
    setNowMs(read());
    const timer = setInterval(() => setNowMs(read()), clockMs);
    onCleanup(() => clearInterval(timer));
  });
  return nowMs;
}

/** What the ticket of a market has to know, kept up to date. `counts`: whether the order at hand has an end. */
export function createTicketContext(market: Accessor<MarketDto>, counts: Accessor<boolean>): Accessor<TicketContext> {
  const desk = useDesk();
  const nowMs = createClock(desk.live.exchangeNowMs, counts);
  const symbol = createMemo(() => market().symbol);
  const own = createMemo(() => desk.positionViews.all().find(({ position }) => position.symbol === symbol())?.position);
  /** What the positions in other markets add to the account. */
  const others = createMemo(
    () => {
      let [margin, unrealized] = [0n, 0n];
      for (const { position, pnl } of desk.positionViews.all()) {
        if (position.symbol === symbol()) continue;
        margin += position.margin_used;
        unrealized += pnl ?? 0n;
      }
      return { margin: quote(margin), unrealizedPnl: quote(unrealized) };
    },
    undefined,
    { equals: (a, b) => a.margin === b.margin && a.unrealizedPnl === b.unrealizedPnl },
  );
  return createMemo(() => ({
    market: market(),
    live: desk.live.markets[symbol()].price,
    silent: desk.live.markets[symbol()].silent,
    stats: desk.live.markets[symbol()].stats,
    position: own(),
    available: desk.own.account.balance?.available_balance,
    stage: desk.stage(),
    others: others(),
    nowMs: nowMs(),
  }));
}
