import { formatDecimal } from '#shared/money/decimal.ts';
import { For, Show, createUniqueId, type JSX } from 'solid-js';

import { formatShare } from '../../domain/format.ts';
import { readMove } from '../../domain/risk/read-move.ts';
import { moveBpsMax, moveBpsStep, type Crossing } from '../../domain/risk/what-if.ts';
import { texts } from '../../i18n/pages.ts';
import { createPhone } from '../../ui/media.ts';

const t = texts.risk.whatIf;
/** Labels nearer to each other than this share of the track would overlap: the mark alone stays. */
const labelShareMin = { desk: 0.1, phone: 0.16 } as const;

/** Where a move lies on the track, 0 to 1: pixels alone. */
const placeOf = (moveBps: bigint): number => (Number(moveBps) + moveBpsMax) / (2 * moveBpsMax);
const isOnTrack = ({ moveBps }: Crossing): boolean => moveBps >= -BigInt(moveBpsMax) && moveBps <= BigInt(moveBpsMax);
const textOf = (moveBps: bigint): string => formatShare(moveBps, 10_000n, 1, true);

/** A move of prices by hand or by number, with the moves that begin a liquidation marked on the way. */
export function MoveSlider(props: {
  readonly moveBps: number;
  readonly onMove: (moveBps: number) => void;
  readonly crossings: readonly Crossing[];
  /** What the move does, for those who do not see it. */
  readonly spoken: string;
}): JSX.Element {
  const id = createUniqueId();
  const phone = createPhone();
  const room = () => (phone() ? labelShareMin.phone : labelShareMin.desk);
  const marks = () => props.crossings.filter(isOnTrack);
  const passed = ({ moveBps }: Crossing) =>
    moveBps < 0n ? BigInt(props.moveBps) < moveBps : BigInt(props.moveBps) > moveBps;
  /** The nearest crossing of a crowd keeps its label: they come in that order. */
  const isLabelled = (at: number) =>
    marks()
      .slice(0, at)
      .every(({ moveBps }) => Math.abs(placeOf(moveBps) - placeOf(marks()[at]?.moveBps ?? 0n)) > room());
  const take = (event: Event & { currentTarget: HTMLInputElement }) => {
    const moveBps = readMove(event.currentTarget.value);
    if (moveBps !== null) props.onMove(moveBps);
    event.currentTarget.value = formatDecimal(BigInt(moveBps ?? props.moveBps), 2);
  };
  return (
    <>
      <div class="what-if-track">
        <input
          class="range"
          type="range"
          min={-moveBpsMax}
          max={moveBpsMax}
          step={moveBpsStep}
          value={props.moveBps}
          aria-label={t.moveLabel}
          aria-valuetext={props.spoken}
          data-testid="what-if-move"
          onInput={(event) => props.onMove(event.currentTarget.valueAsNumber)}
        />
        <span class="track-middle" aria-hidden="true" />
        <For each={marks()}>
          {(crossing, at) => (
            <span
              class="crossing"
              data-testid="crossing"
              data-passed={passed(crossing) ? '' : undefined}
              style={{ '--x': placeOf(crossing.moveBps) }}
              aria-hidden="true"
            >
              <Show when={isLabelled(at())}>
                <span>{textOf(crossing.moveBps)}</span>
              </Show>
            </span>
          )}
        </For>
      </div>
      <div class="field compact-field">
        <label for={id} class="visually-hidden">
          {t.moveLabel}
        </label>
        <input
          id={id}
          type="text"
          autocomplete="off"
          value={formatDecimal(BigInt(props.moveBps), 2)}
          onChange={take}
          data-testid="what-if-percent"
        />
        <span class="unit">%</span>
      </div>
      <button
        type="button"
        class="button button-small"
        disabled={props.moveBps === 0}
        onClick={() => props.onMove(0)}
        data-testid="what-if-reset"
      >
        {t.reset}
      </button>
      <ul class="visually-hidden" aria-label={t.crossingsLabel}>
        <For each={props.crossings} fallback={<li>{t.noCrossing}</li>}>
          {({ held, moveBps }) => <li>{t.crossing(held.position.symbol, textOf(moveBps))}</li>}
        </For>
      </ul>
    </>
  );
}
