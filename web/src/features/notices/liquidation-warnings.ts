import { useQuery } from '@tanstack/solid-query';
import { createEffect, createMemo, createSignal, untrack } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { acknowledge, nextWarnings, type LiquidationWarning } from '../../domain/liquidation-warning.ts';

const [warnings, setWarnings] = createSignal<readonly LiquidationWarning[]>([]);

/** Positions close to their liquidation at the live price, seen ones included. */
export const liquidationWarnings = warnings;

/** The trader has seen it. */
export const acknowledgeWarning = (positionId: string): void =>
  void setWarnings((known) => acknowledge(known, positionId));

/** Watches the positions at every tick, on every page. Used once, by the frame. */
export function watchLiquidations(): void {
  const desk = useDesk();
  const markets = useQuery(() => desk.queries.markets());
  const maintenance = createMemo(
    () =>
      new Map<string, number | undefined>(
        markets.data?.map(({ symbol, parameters }) => [symbol, parameters?.maintenance_margin_bps]),
      ),
  );
  createEffect(() => {
    const before = untrack(warnings);
    const next = nextWarnings(before, desk.positionViews.all(), (symbol) => maintenance().get(symbol));
    if (before.length > 0 || next.length > 0) setWarnings(next);
  });
}
