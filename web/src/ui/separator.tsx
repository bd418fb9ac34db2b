import { createSignal, type JSX } from 'solid-js';

import { clampSize, sizeAfterKey, type PanelBounds, type SeparatorAxis } from '../domain/panel-size.ts';

/**
 * The edge between two panels, to be dragged or moved by arrow keys; a double click, or Enter, puts it back. The size is that of the panel
 * after it, which grows towards the start of the axis.
 */
export function Separator(props: {
  /** `x` moves left and right. */
  readonly axis: SeparatorAxis;
  readonly label: string;
  /** Id of the panel whose size it sets. */
  readonly controls: string;
  readonly size: number;
  readonly bounds: PanelBounds;
  readonly onResize: (size: number) => void;
  readonly onReset: () => void;
  readonly testId?: string;
}): JSX.Element {
  const [dragging, setDragging] = createSignal<{ readonly from: number; readonly size: number } | undefined>();
  const positionOf = (event: PointerEvent) => (props.axis === 'x' ? event.clientX : event.clientY);
  const start = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDragging({ from: positionOf(event), size: props.size });
  };
  const drag = (event: PointerEvent) => {
    const began = dragging();
    if (began !== undefined) props.onResize(clampSize(began.size + began.from - positionOf(event), props.bounds));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter') return props.onReset();
    const size = sizeAfterKey({ key: event.key, shift: event.shiftKey }, props.axis, props.size, props.bounds);
    if (size === undefined) return;
    event.preventDefault();
    props.onResize(size);
  };
  return (
    <div
      role="separator"
      tabIndex={0}
      class="separator"
      data-axis={props.axis}
      data-dragging={dragging() !== undefined ? '' : undefined}
      data-testid={props.testId}
      aria-orientation={props.axis === 'x' ? 'vertical' : 'horizontal'}
      aria-label={props.label}
      aria-controls={props.controls}
      aria-valuenow={props.size}
      aria-valuemin={props.bounds.min}
      aria-valuemax={Math.round(props.bounds.max)}
      title={props.label}
      onPointerDown={start}
      onPointerMove={drag}
      onPointerUp={() => setDragging(undefined)}
      onPointerCancel={() => setDragging(undefined)}
      onDblClick={() => props.onReset()}
      onKeyDown={onKey}
    />
  );
}
