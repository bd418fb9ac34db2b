import { newIdempotencyKey } from '#sdk/index.ts';
import type { TradeSide } from '#shared/perps/types.ts';
import type { MarketDto } from '#shared/protocol/market.ts';
import type { PreviewDto } from '#shared/protocol/orders.ts';
import { useQuery } from '@tanstack/solid-query';
import { createEffect, createMemo, createSignal, on, type Accessor } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import type { TicketContext } from '../../domain/ticket/context.ts';
import { firstBlocking, ticketIssues } from '../../domain/ticket/errors.ts';
import { ticketReceipt } from '../../domain/ticket/receipt.ts';
import { reduceTicket } from '../../domain/ticket/reducer.ts';
import { initialTicket, type TicketAction, type TicketState } from '../../domain/ticket/state.ts';
import { orderRequestOf, summarizeTicket } from '../../domain/ticket/summary.ts';
import { texts } from '../../i18n/index.ts';

/** Preview requests follow the typing, not each key. */
const previewDelayMs = 180;
/** The price moves on: the same order is calculated again, well within the trader's request limit. */
const previewRefreshMs = 5_000;

type OrderDraft = ReturnType<typeof orderRequestOf>;

/** Figures of an order as text: bigint has no place in a query key. */
const orderKey = (order: OrderDraft): string => (order === null ? '' : Object.values(order).join('/'));
/** A tick that leaves the order as it is must not look like another order. */
const sameOrder = (a: OrderDraft, b: OrderDraft): boolean => orderKey(a) === orderKey(b);

/** The ticket of one market: its state, what it means now, what is wrong with it, and how to send it. */
export function useTicket(market: Accessor<MarketDto>, side: TradeSide) {
  const desk = useDesk();
  const [state, setState] = createStore<TicketState>({ ...initialTicket, side });
  const [sending, setSending] = createSignal(false);
  const dispatch = (action: TicketAction) => setState(reconcile(reduceTicket({ ...state }, action)));

  // The list of markets is read again and again: only another symbol is another market.
  const symbol = createMemo(() => market().symbol);
  createEffect(
    on(
      symbol,
      () => {
        dispatch({ type: 'market', maxLeverage: BigInt(market().parameters?.max_leverage ?? 1) });
      },
      { defer: true },
    ),
  );

  const context = createMemo((): TicketContext => ({
    market: market(),
    live: desk.live.markets[market().symbol].price,
    stats: desk.live.markets[market().symbol].stats,
    position: desk.own.account.positions?.find((position) => position.symbol === market().symbol),
    available: desk.own.account.balance?.available_balance,
    stage: desk.stage(),
  }));
  const summary = createMemo(() => summarizeTicket({ ...state }, context()));
  const request = createMemo(() => orderRequestOf({ ...state }, context(), summary()), null, { equals: sameOrder });
  const preview = usePreview(request, () => context().stage === 'ready' && !summary().rests);
  const receipt = createMemo(() => ticketReceipt(context(), summary(), preview()));
  const issues = createMemo(() => ticketIssues({ ...state }, context(), summary(), receipt(), preview()));

  /** True when the order was taken. */
  const send = async (): Promise<boolean> => {
    const order = request();
    if (order === null || firstBlocking(issues()) !== undefined || sending()) return false;
    setSending(true);
    try {
      desk.own.learnOrder(await desk.client.orders.place(order, newIdempotencyKey()));
      dispatch({ type: 'placed' });
      return true;
    } catch (error) {
      desk.notices.show({ tone: 'warn', title: texts.ticket.failed, text: errorText(error) });
      return false;
    } finally {
      setSending(false);
    }
  };

  return { state, dispatch, context, summary, receipt, issues, preview, sending, send };
}

export type Ticket = ReturnType<typeof useTicket>;

/** The exchange's own calculation of the order, asked again as figures change; the last answer stays until the next is there. */
function usePreview(request: Accessor<OrderDraft>, enabled: Accessor<boolean>): Accessor<PreviewDto | undefined> {
  const desk = useDesk();
  const [asked, setAsked] = createSignal(request());
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(request, (next) => {
      clearTimeout(timer);
      timer = setTimeout(() => setAsked(() => next), previewDelayMs);
    }),
  );
  const query = useQuery(() => ({
    queryKey: ['preview', orderKey(asked())],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const order = asked();
      return order === null ? Promise.resolve(null) : desk.client.orders.preview(order, signal);
    },
    enabled: enabled() && asked() !== null,
    refetchInterval: previewRefreshMs,
    staleTime: previewRefreshMs,
    gcTime: previewRefreshMs,
  }));
  return () => (enabled() && request() !== null && asked() === request() ? (query.data ?? undefined) : undefined);
}
