import { abs } from '#shared/money/divide.ts';
import { BPS_SCALE, type Price } from '#shared/money/units.ts';
import type { PlaceOrderRequest, PreviewDto } from '#shared/protocol/orders.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { useQuery } from '@tanstack/solid-query';
import { createEffect, createMemo, createSignal, on, onCleanup, untrack, type Accessor } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { quickRefreshMs } from '../../data/refresh-pace.ts';

/** Preview requests follow the typing, not each key. */
const previewDelayMs = 180;
/** Not more often than this for the price's sake. */
const previewAgainMsMin = 1_500;
/** A preview is of the present price within so much of it. */
const previewDriftBpsMax = 5n;

const isNear = (then: Price, now: Price | undefined): boolean =>
  now === undefined || abs(then - now) * BPS_SCALE <= now * previewDriftBpsMax;

export type OrderDraft = PlaceOrderRequest | null;

/** An order as text: bigint has no place in a query key. */
const orderKey = (order: OrderDraft): string =>
  order === null
    ? ''
    : Object.entries(order)
        .map(([field, value]) => `${field}=${String(value)}`)
        .join('/');

/** A tick that leaves the order as it is must not look like another order. */
export const sameOrder = (a: OrderDraft, b: OrderDraft): boolean => orderKey(a) === orderKey(b);

/** What a preview was calculated from beside the order itself. */
export interface PreviewBasis {
  /** The live price; undefined before the first one. */
  readonly price: Price | undefined;
  readonly position: PositionDto | undefined;
}

interface Question {
  readonly order: OrderDraft;
  readonly basis: PreviewBasis;
}

/** A position that was traded, or whose margin changed, is another one. */
const positionKey = ({ position }: PreviewBasis): string =>
  position === undefined ? 'none' : [position.id, position.size, position.entry_price, position.margin_used].join('/');

/**
 * The exchange's own calculation of the order. It is asked again when the order or the position changes and when the price has moved on;
 * undefined where the last answer is of another order or position, or of a price too far from the present one.
 */
export function usePreview(
  order: Accessor<OrderDraft>,
  basis: Accessor<PreviewBasis>,
  enabled: Accessor<boolean>,
): Accessor<PreviewDto | undefined> {
  const desk = useDesk();
  const now = (): Question => ({ order: order(), basis: basis() });
  const [asked, setAsked] = createSignal(untrack(now));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const position = createMemo(() => positionKey(basis()));
  const askSoon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => setAsked(untrack(now)), previewDelayMs);
  };
  createEffect(on([order, position], askSoon, { defer: true }));
  onCleanup(() => clearTimeout(timer));
  const query = useQuery(() => ({
    queryKey: ['preview', desk.session.address(), orderKey(asked().order), positionKey(asked().basis)],
    queryFn: ({ signal }: { signal: AbortSignal }) => {
      const { order: draft } = asked();
      return draft === null ? Promise.resolve(null) : desk.client.orders.preview(draft, signal);
    },
    enabled: enabled() && asked().order !== null,
    refetchInterval: quickRefreshMs,
    staleTime: quickRefreshMs,
    gcTime: quickRefreshMs,
  }));
  const isOfNow = createMemo(() => {
    const told = query.data ?? null;
    return told !== null && isNear(told.oracle_price, basis().price);
  });
  // The price ran away from the figures: they are asked for again, at most once in a pause.
  let askedAgainAt = 0;
  createEffect(() => {
    // Read first, so that each tick looks again until the pause is over.
    const { price } = basis();
    if (price === undefined || !query.data || isOfNow() || query.isFetching) return;
    if (Date.now() - askedAgainAt < previewAgainMsMin) return;
    askedAgainAt = Date.now();
    void query.refetch();
  });
  return () => {
    const { order: draft, basis: then } = asked();
    const isOurs = enabled() && order() !== null && draft === order() && positionKey(then) === position();
    return isOurs && isOfNow() ? (query.data ?? undefined) : undefined;
  };
}
