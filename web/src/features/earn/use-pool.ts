import type { PoolDto, PoolHolderDto } from '#shared/protocol/portfolio.ts';
import { useQuery, useQueryClient } from '@tanstack/solid-query';
import { createEffect, createMemo, on, untrack } from 'solid-js';

import { useDesk, type Desk } from '../../data/desk.ts';
import { poolQueries } from '../../data/pool-queries.ts';
import { outcomeOf, type PendingRequest, type RequestOutcome } from '../../domain/earn/pending-request.ts';
import { worthOfRequest } from '../../domain/earn/pool-preview.ts';
import { viewPool } from '../../domain/earn/pool-view.ts';
import { formatQuote } from '../../domain/format.ts';
import { texts } from '../../i18n/pages.ts';

/** Shares have as many decimals as USDC; the screen shows four of them, never more than there are. */
export const formatShares = (shares: bigint): string => formatQuote(shares, { places: 4, rounding: 'floor' });

/** The pool as anyone sees it. */
export function usePool() {
  const desk = useDesk();
  const queries = poolQueries(desk.client);
  const pool = useQuery(() => queries.pool());
  const view = createMemo(() => (pool.data === undefined ? undefined : viewPool(pool.data)));
  return { pool, view, queries };
}

/** The signed-in wallet's shares and its request on its way. */
export function useHolder() {
  const desk = useDesk();
  const queries = poolQueries(desk.client);
  return useQuery(() => ({
    ...queries.holder(desk.session.address() ?? ''),
    enabled: desk.session.address() !== undefined && desk.stage() !== 'visitor',
  }));
}

/** What a request moves, in words. */
export const wordsOfRequest = ({ kind, amount }: PendingRequest): string =>
  kind === 'mint' ? texts.earn.pending.mint(formatQuote(amount)) : texts.earn.pending.redeem(formatShares(amount));

/** What it would bring at the price of now; undefined while that is not known. */
export function worthInWords(pool: PoolDto | undefined, request: PendingRequest): string | undefined {
  const worth = pool && worthOfRequest(pool, request);
  if (worth === undefined || worth === null) return undefined;
  const t = texts.earn.pending;
  return request.kind === 'mint'
    ? t.worthShares(formatShares(worth))
    : t.worth(formatQuote(worth, { rounding: 'floor' }));
}

/** Tells what became of a request as soon as it is not there any more. */
export function useOutcomeNotices(holder: () => PoolHolderDto | undefined): void {
  const desk = useDesk();
  const queryClient = useQueryClient();
  const { pool } = usePool();
  createEffect(
    on([holder, () => desk.session.address()], ([after, address], before) => {
      // Another wallet's shares say nothing about this one's request.
      if (after === undefined || before?.[1] !== address) return;
      const outcome = outcomeOf(before?.[0], after, Date.now());
      if (outcome === undefined) return;
      showOutcome(
        desk,
        outcome,
        untrack(() => pool.data),
      );
      void queryClient.invalidateQueries({ queryKey: ['pool'] });
    }),
  );
}

function showOutcome(desk: Desk, outcome: RequestOutcome, pool: PoolDto | undefined): void {
  const t = texts.earn.pending;
  switch (outcome.kind) {
    case 'executed': {
      const shares = formatShares(outcome.shares);
      const text = outcome.request.kind === 'mint' ? t.minted(shares) : t.redeemed(shares);
      return desk.notices.show({ tone: 'up', title: t.executedTitle, text });
    }
    case 'part': {
      const text = t.part(formatShares(outcome.shares), formatShares(outcome.returned));
      return desk.notices.show({ tone: 'warn', title: t.partTitle, text });
    }
    case 'lapsed':
      return desk.notices.show({
        tone: 'warn',
        title: t.lapsedTitle,
        text: t.lapsedText(wordsOfRequest(outcome.request), worthInWords(pool, outcome.request)),
      });
  }
}
