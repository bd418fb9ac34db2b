import type { PreviewDto } from '#shared/protocol/orders.ts';
import { useQuery } from '@tanstack/solid-query';
import { createMemo, type Accessor } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { quickRefreshMs } from '../../data/refresh-pace.ts';
import type { TicketContext } from '../../domain/ticket/context.ts';
import { ticketIssues } from '../../domain/ticket/errors.ts';
import { orderRequestOf } from '../../domain/ticket/request.ts';
import { ticketReceipt } from '../../domain/ticket/receipt.ts';
import type { TicketState } from '../../domain/ticket/state.ts';
import { summarizeTicket } from '../../domain/ticket/summary.ts';

/** An order drafted from a row: judged and calculated as the ticket does it, the exchange's own preview where it is there. */
export function useDraft(context: Accessor<TicketContext | undefined>, state: Accessor<TicketState>) {
  const desk = useDesk();
  const judged = createMemo(() => {
    const around = context();
    if (around === undefined) return undefined;
    const summary = summarizeTicket(state(), around);
    return { around, summary, request: orderRequestOf(state(), around, summary) };
  });
  const request = () => judged()?.request ?? null;
  /** Figures as text: bigint has no place in a query key, and a tick that leaves the order as it is asks nothing. */
  const key = createMemo(() => Object.values(request() ?? {}).join('/'));
  const preview = useQuery(() => ({
    queryKey: ['preview', desk.session.address(), 'draft', key()],
    queryFn: ({ signal }: { signal: AbortSignal }): Promise<PreviewDto> | null => {
      const order = request();
      return order === null ? null : desk.client.orders.preview(order, signal);
    },
    enabled: key() !== '' && judged()?.summary.rests === false,
    refetchInterval: quickRefreshMs,
    gcTime: quickRefreshMs,
  }));
  const told = () => (key() === '' || judged()?.summary.rests !== false ? undefined : (preview.data ?? undefined));
  const receipt = createMemo(() => {
    const known = judged();
    return known && ticketReceipt(known.around, known.summary, told());
  });
  const issues = createMemo(() => {
    const known = judged();
    const figures = receipt();
    if (known === undefined || figures === undefined) return [];
    return ticketIssues(state(), known.around, known.summary, figures, told());
  });
  return { context, request, receipt, issues, preview: told, summary: () => judged()?.summary };
}

export type Draft = ReturnType<typeof useDraft>;
