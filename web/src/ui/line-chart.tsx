import { For, Show, createMemo, createSignal, type JSX } from 'solid-js';

import { formatDateTime } from '../domain/format.ts';
import { lineShape, nearestPoint, type LineShape } from '../domain/portfolio/line-shape.ts';
import type { TimedFigure } from '../domain/portfolio/performance.ts';
import { texts } from '../i18n/pages.ts';

/** Units of the drawing's own square; the browser stretches it to the panel. */
const box = 1_000;
/** Points told to a screen reader. */
const tableRows = 12;

const percent = (share: number): string => `${share * 100}%`;
const pathOf = ({ points }: LineShape): string =>
  points.map(({ x, y }, at) => `${at === 0 ? 'M' : 'L'}${(x * box).toFixed(1)} ${(y * box).toFixed(1)}`).join('');
const areaOf = (shape: LineShape): string => {
  const floor = (shape.zero ?? 1) * box;
  const [first, last] = [shape.points[0], shape.points.at(-1)];
  return `${pathOf(shape)}L${(last?.x ?? 0) * box} ${floor}L${(first?.x ?? 0) * box} ${floor}Z`;
};

/** One curve over time. The pointer and the arrow keys read single points; a table tells the latest ones in words. */
export function LineChart(props: {
  readonly curve: readonly TimedFigure[];
  readonly label: string;
  /** A figure in full, beside the curve and at the point that is read. */
  readonly format: (value: bigint) => string;
  /** One unit of the last digit that `format` shows. */
  readonly finest: bigint;
  readonly tone?: 'accent' | 'down';
}): JSX.Element {
  const shape = createMemo(() => lineShape(props.curve, props.finest));
  const [chosen, setChosen] = createSignal<number | undefined>();
  const lastIndex = () => props.curve.length - 1;
  const index = () => Math.min(chosen() ?? lastIndex(), lastIndex());
  const read = () => props.curve[index()];
  const readText = () => {
    const point = read();
    return point === undefined ? '' : `${formatDateTime(new Date(point.timeMs))}  ${props.format(point.value)}`;
  };
  const follow = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const known = shape();
    const { left, width } = event.currentTarget.getBoundingClientRect();
    if (known !== undefined && width > 0) setChosen(nearestPoint(known, (event.clientX - left) / width));
  };
  const step = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: index() - 1,
      ArrowRight: index() + 1,
      Home: 0,
      End: lastIndex(),
    };
    const next = steps[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setChosen(Math.max(0, Math.min(lastIndex(), next)));
  };
  return (
    <Show when={shape()}>
      {(known) => (
        <div class="line-chart" data-tone={props.tone ?? 'accent'}>
          <p class="line-chart-read" aria-hidden="true">
            {readText()}
          </p>
          <div
            class="line-chart-plot"
            role="slider"
            tabIndex={0}
            aria-label={props.label}
            aria-valuemin={0}
            aria-valuemax={lastIndex()}
            aria-valuenow={index()}
            aria-valuetext={readText()}
            onPointerMove={follow}
            onPointerDown={follow}
            onPointerLeave={() => setChosen(undefined)}
            onBlur={() => setChosen(undefined)}
            onKeyDown={step}
          >
            <Drawing shape={known()} at={chosen() === undefined ? undefined : known().points[index()]} />
          </div>
          <For each={known().ticks}>
            {(tick) => (
              <span class="line-chart-tick" style={{ '--y': tick.y }} aria-hidden="true">
                {props.format(tick.value)}
              </span>
            )}
          </For>
          <p class="line-chart-times" aria-hidden="true">
            <span>{formatDateTime(new Date(props.curve[0]?.timeMs ?? 0)).slice(0, -3)}</span>
            <span>{formatDateTime(new Date(props.curve.at(-1)?.timeMs ?? 0)).slice(0, -3)}</span>
          </p>
          <PointTable curve={props.curve.slice(-tableRows)} label={props.label} format={props.format} />
        </div>
      )}
    </Show>
  );
}

function Drawing(props: {
  readonly shape: LineShape;
  readonly at: { readonly x: number; readonly y: number } | undefined;
}): JSX.Element {
  return (
    <>
      <svg viewBox={`0 0 ${box} ${box}`} preserveAspectRatio="none" aria-hidden="true">
        <For each={props.shape.ticks}>
          {(tick) => <line class="line-chart-grid" x1="0" x2={box} y1={tick.y * box} y2={tick.y * box} />}
        </For>
        <Show when={props.shape.zero !== null}>
          <line
            class="line-chart-zero"
            x1="0"
            x2={box}
            y1={(props.shape.zero ?? 0) * box}
            y2={(props.shape.zero ?? 0) * box}
          />
        </Show>
        <path class="line-chart-area" d={areaOf(props.shape)} />
        <path class="line-chart-line" d={pathOf(props.shape)} />
      </svg>
      <Show when={props.at}>
        {(at) => (
          <>
            <span class="line-chart-cross" style={{ left: percent(at().x) }} />
            <span class="line-chart-dot" style={{ left: percent(at().x), top: percent(at().y) }} />
          </>
        )}
      </Show>
    </>
  );
}

/** The latest points as a table, for those who do not see the curve. */
function PointTable(props: {
  readonly curve: readonly TimedFigure[];
  readonly label: string;
  readonly format: (value: bigint) => string;
}): JSX.Element {
  return (
    <table class="visually-hidden">
      <caption>{props.label}</caption>
      <thead>
        <tr>
          <th scope="col">{texts.lineChart.time}</th>
          <th scope="col">{props.label}</th>
        </tr>
      </thead>
      <tbody>
        <For each={props.curve}>
          {(point) => (
            <tr>
              <th scope="row">{formatDateTime(new Date(point.timeMs))}</th>
              <td>{props.format(point.value)}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
