import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import type { Price } from '#shared/money/units.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { For, Show, createMemo, createSignal, type Accessor, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { stackLabels, type ChartLine } from '../../domain/chart-lines.ts';
import { formatPrice } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { CloseIcon } from '../../ui/icons.tsx';
import { createPhone } from '../../ui/media.ts';
import { draftExit } from './draft-exit.ts';
import { focusLine } from './focus-line.ts';
import { MoveCard } from './move-card.tsx';
import type { PriceChart } from './price-chart.ts';
import type { LineMoves } from './use-line-moves.ts';

/** Heights of a label and what is between two of them, pixels. */
const labelSpacing = { desk: 26, phone: 44 } as const;
/** A press that moves less is a press, not a drag. */
const dragPixelsMin = 3;
interface LayerProps {
  readonly symbol: MarketSymbol;
  readonly chart: PriceChart;
  /** Changes whenever prices have other places on the screen. */
  readonly placing: Accessor<number>;
  readonly lines: readonly ChartLine[];
  readonly moves: LineMoves;
}

const isSame = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean =>
  a.size === b.size && [...a].every(([id, y]) => b.get(id) === y);

/** Names of the trader's lines, over the drawing: what is dragged, cancelled and read aloud. */
export function LineLayer(props: LayerProps): JSX.Element {
  const desk = useDesk();
  const phone = createPhone();
  const places = () => marketOf(props.symbol).priceDecimals;
  const spacing = () => (phone() ? labelSpacing.phone : labelSpacing.desk);
  const position = () => desk.own.account.positions?.find((candidate) => candidate.symbol === props.symbol);
  /** Heights of the labels in sight, whole pixels. A line outside of the drawing has none. */
  const heights = createMemo(
    (): ReadonlyMap<string, number> => {
      props.placing();
      const height = props.chart.height();
      const seen = props.lines.flatMap((line) => {
        const y = props.chart.toY(props.moves.priceOf(line));
        return y === null || y < 0 || y > height ? [] : [{ id: line.id, y }];
      });
      return new Map(stackLabels(seen, spacing(), height).map(({ id, y }) => [id, Math.round(y)]));
    },
    undefined,
    { equals: isSame },
  );
  const axisWidth = createMemo(() => {
    props.placing();
    return props.chart.axisWidth();
  });
  /** Labels stay the same elements while their lines move: what is dragged must not be made anew under the pointer. */
  const ids = createMemo(() => props.lines.map(({ id }) => id));
  const lineOf = (id: string) => props.lines.find((line) => line.id === id);
  const cardY = () => {
    props.placing();
    const moving = props.moves.moving();
    return moving === undefined ? 0 : (props.chart.toY(moving.price) ?? 0);
  };
  return (
    <div class="line-layer" style={{ right: `${axisWidth()}px` }}>
      <For each={ids()}>
        {(id) => (
          <Show when={heights().has(id) && lineOf(id)}>
            {(line) => (
              <LineLabel
                line={line()}
                price={props.moves.priceOf(line())}
                places={places()}
                y={heights().get(id) ?? 0}
                chart={props.chart}
                moves={props.moves}
                position={position()}
              />
            )}
          </Show>
        )}
      </For>
      <Show when={props.moves.moving()}>
        {(moving) => (
          <MoveCard
            symbol={props.symbol}
            moving={moving()}
            moves={props.moves}
            y={cardY()}
            height={props.chart.height()}
          />
        )}
      </Show>
    </div>
  );
}

interface LabelProps {
  readonly line: ChartLine;
  readonly price: Price;
  readonly places: number;
  readonly y: number;
  readonly chart: PriceChart;
  readonly moves: LineMoves;
  readonly position: PositionDto | undefined;
}

/** Pointer and keys that move a line. */
function createDrag(props: LabelProps, line: Accessor<ChartLine>) {
  const [grip, setGrip] = createSignal<{ readonly startY: number; readonly offset: number; readonly moved: boolean }>();
  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    if (event.button !== 0 || line().target === null) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const lineY = props.chart.toY(props.moves.priceOf(line())) ?? props.y;
    setGrip({ startY: event.clientY, offset: event.clientY - lineY, moved: false });
  };
  const onPointerMove = (event: PointerEvent) => {
    const held = grip();
    if (held === undefined) return;
    const moved = held.moved || Math.abs(event.clientY - held.startY) >= dragPixelsMin;
    if (!moved) return;
    setGrip({ ...held, moved });
    const y = Math.min(props.chart.height() - 1, Math.max(1, event.clientY - held.offset));
    const price = props.chart.priceAt(y);
    if (price !== null) props.moves.drag(line(), price);
  };
  const onPointerUp = () => {
    if (grip()?.moved === true) props.moves.release();
    setGrip(undefined);
  };
  const onPointerCancel = () => {
    setGrip(undefined);
    props.moves.cancel();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : undefined;
    if (direction !== undefined && line().target !== null) {
      event.preventDefault();
      props.moves.step(line(), direction);
    }
    if (event.key === 'Enter' && props.moves.moving()?.line.id === line().id) {
      event.preventDefault();
      void props.moves.apply().then((id) => id !== undefined && focusLine(id));
      return;
    }
    if (event.key === 'Escape' && props.moves.moving() !== undefined) {
      event.stopPropagation();
      setGrip(undefined);
      props.moves.cancel();
    }
  };
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel, onKeyDown };
}

function LineLabel(props: LabelProps): JSX.Element {
  const t = texts.chart.lines;
  const drag = createDrag(props, () => props.line);
  const price = () => formatPrice(props.price, props.places);
  const movable = () => props.line.target !== null;
  return (
    <div class="line-label" data-tone={props.line.tone} style={{ transform: `translateY(${props.y}px)` }}>
      <Show
        when={movable()}
        fallback={
          <span
            class="line-name"
            data-testid={`line-${props.line.kind}`}
            aria-label={t.fixed(props.line.label, price())}
            role="img"
          >
            {props.line.label}
          </span>
        }
      >
        <button
          type="button"
          class="line-grip"
          data-testid={`line-${props.line.kind}`}
          data-line={props.line.id}
          aria-label={t.move(props.line.label, price())}
          title={t.move(props.line.label, price())}
          {...drag}
        >
          {props.line.label}
        </button>
      </Show>
      <Show when={props.line.kind === 'entry' && props.position}>
        {(position) => <ExitStarts position={position()} moves={props.moves} />}
      </Show>
      <Show when={movable() && (props.line.id.endsWith('/price') || props.line.id.endsWith('/stop_price'))}>
        <CancelOrder line={props.line} />
      </Show>
    </div>
  );
}

/** Take-profit and stop-loss that the position does not have: dragged from here to where they should be. */
function ExitStarts(props: { readonly position: PositionDto; readonly moves: LineMoves }): JSX.Element {
  const desk = useDesk();
  const has = (field: 'take_profit' | 'stop_loss') =>
    desk.own.account.orders?.some(
      (order) => order.exit_kind === field && order.status === 'pending' && order.symbol === props.position.symbol,
    ) === true || props.moves.moving()?.line.id === `new/${field}`;
  return (
    <For each={['take_profit', 'stop_loss'] as const}>
      {(field) => (
        <Show when={!has(field)}>
          <ExitStart {...props} field={field} />
        </Show>
      )}
    </For>
  );
}

function ExitStart(props: {
  readonly position: PositionDto;
  readonly moves: LineMoves;
  readonly field: 'take_profit' | 'stop_loss';
}): JSX.Element {
  const desk = useDesk();
  const t = texts.chart.lines;
  const draft = () =>
    draftExit(
      props.position,
      props.field,
      desk.live.markets[props.position.symbol].price?.price ?? props.position.entry_price,
    );
  /** The new line has the focus: arrow keys go on from where it starts. */
  const start = () => {
    const line = draft();
    props.moves.place(line, line.price);
    queueMicrotask(() => focusLine(line.id));
  };
  return (
    <button
      type="button"
      class="line-start"
      data-testid={`add-${props.field.replace('_', '-')}`}
      title={t.addHint[props.field]}
      onClick={start}
    >
      {t.add[props.field]}
    </button>
  );
}

function CancelOrder(props: { readonly line: ChartLine }): JSX.Element {
  const desk = useDesk();
  const t = texts.chart.lines;
  const [cancelling, setCancelling] = createSignal(false);
  const cancel = async () => {
    const { order } = props.line;
    if (order === null) return;
    setCancelling(true);
    try {
      desk.own.learnOrder(await desk.client.orders.cancel(order.order_id));
    } catch (error) {
      desk.notices.show({ tone: 'warn', title: t.cancelFailed, text: errorText(error) });
    } finally {
      setCancelling(false);
    }
  };
  return (
    <button
      type="button"
      class="line-cancel"
      disabled={cancelling()}
      aria-label={t.cancel(props.line.label)}
      onClick={() => void cancel()}
    >
      <CloseIcon size={12} />
    </button>
  );
}
