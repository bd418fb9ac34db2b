import { marketOf } from '#shared/markets.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { createEffect, createSignal, onCleanup, type JSX } from 'solid-js';

import { formatSize } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { recordTexts } from '../../i18n/records.ts';

/** What is said aloud waits for the next moment of rest, so that a burst is told once. */
const restMs = 1_500;

/** Tells assistive technology which positions are open when that changes; never what a price does to them. */
export function PositionAnnouncer(props: { readonly positions: readonly PositionDto[] }): JSX.Element {
  const [told, setTold] = createSignal('');
  let isFirst = true;
  const summary = () =>
    props.positions
      .map(
        ({ side, size, symbol }) =>
          `${texts.common[side]} ${formatSize(size, marketOf(symbol).sizeDecimals)} ${symbol}`,
      )
      .join(', ');
  createEffect(() => {
    const text = summary();
    // What is there at the beginning is read in the table.
    if (isFirst) {
      isFirst = false;
      return;
    }
    const timer = setTimeout(() => setTold(text === '' ? recordTexts.positions.empty : text), restMs);
    onCleanup(() => clearTimeout(timer));
  });
  return (
    <p role="status" class="visually-hidden">
      {told()}
    </p>
  );
}
