import { useQuery } from '@tanstack/solid-query';
import { createMemo } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { portfolioQueries } from '../../data/portfolio-queries.ts';
import { breakDown } from '../../domain/portfolio/breakdown.ts';
import type { PanelStatus } from '../../ui/panel-state.tsx';

/** Queries of the portfolio page, asked only while somebody is signed in. */
export function usePortfolio() {
  const desk = useDesk();
  const queries = portfolioQueries(desk.client);
  const address = () => desk.session.address() ?? '';
  return { desk, queries, address, enabled: () => desk.session.address() !== undefined };
}

/** What each market brought and cost. */
export function useBreakdown() {
  const { queries, address, enabled } = usePortfolio();
  const record = useQuery(() => ({ ...queries.record(address()), enabled: enabled() }));
  const breakdown = createMemo(() => (record.data === undefined ? undefined : breakDown(record.data)));
  return { record, breakdown };
}

/** The state of a panel that shows a list. Rows that are there stay while they are asked for again. */
export function listStatus(query: { readonly isError: boolean }, rows: readonly unknown[] | undefined): PanelStatus {
  if (rows !== undefined) return rows.length === 0 ? 'empty' : 'data';
  return query.isError ? 'error' : 'loading';
}
