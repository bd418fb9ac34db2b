import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import type { CandleDto } from '#shared/protocol/market.ts';
import { useQuery } from '@tanstack/solid-query';
import {
  Show,
  createEffect,
  createMemo,
  createResource,
  createSignal,
  on,
  onCleanup,
  untrack,
  type Accessor,
  type JSX,
} from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { highlighted } from '../../data/highlight.ts';
import { preferences } from '../../data/preferences.ts';
import { chartLines, citedLine, type ChartLine } from '../../domain/chart-lines.ts';
import type { CandleInterval } from '../../domain/candles.ts';
import { fillMarks, type FillMark } from '../../domain/fill-marks.ts';
import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { painted } from '../../ui/next-paint.ts';
import { Notice } from '../../ui/panel-state.tsx';
import { theme } from '../../ui/theme.ts';
import { ticketCommands } from '../ticket/ticket-commands.ts';
import type { PickedPrice } from './chart-menu.tsx';
import type { PriceChart } from './price-chart.ts';
import { useLineMoves } from './use-line-moves.ts';

const LineLayer = deferred(() => import('./line-layer.tsx').then((module) => module.LineLayer));
const ChartMenu = deferred(() => import('./chart-menu.tsx').then((module) => module.ChartMenu));

/** Own executions that are marked, the newest: what one answer brings. */
const fillsMax = 200;
/** Room that the menu of a price needs, pixels: it opens inwards at the edges. */
const menuSize = { width: 190, height: 140 } as const;

interface ChartCanvasProps {
  readonly symbol: MarketSymbol;
  readonly interval: CandleInterval;
  readonly bars: readonly CandleDto[];
  readonly lastBar: CandleDto | undefined;
  readonly onHover: (time: number | undefined) => void;
  readonly onRange: (firstOnScreen: number) => void;
  readonly onMarks: (marks: readonly FillMark[]) => void;
}

/** Own executions on the bars that are there; none while nobody is signed in. */
function useMarks(props: ChartCanvasProps): Accessor<readonly FillMark[]> {
  const desk = useDesk();
  const address = () => desk.session.address();
  const fills = useQuery(() => ({
    queryKey: ['fills', address(), props.symbol],
    queryFn: () => desk.client.history.fills({ symbol: props.symbol, limit: fillsMax }),
    enabled: address() !== undefined,
  }));
  /** Marks lie on bars, so only another set of bars moves them: not each tick of the newest one. */
  const times = createMemo(() => props.bars, undefined, {
    equals: (before, after) => before?.length === after?.length && before?.[0] === after?.[0],
  });
  return createMemo(() =>
    address() === undefined ? [] : fillMarks(fills.data?.items ?? [], props.symbol, times() ?? []),
  );
}

/**
 * Counts the moments after which prices have other places; many changes within one are one. Told as soon as the drawing is through with what
 * it does, so that labels move in the same paint as their lines, and no paint is spent on them alone.
 */
function createPlacings() {
  const [count, setCount] = createSignal(0);
  let isAsked = false;
  const tell = () => {
    if (isAsked) return;
    isAsked = true;
    queueMicrotask(() => {
      isAsked = false;
      setCount((before) => before + 1);
    });
  };
  return { count, tell };
}

/** Draws the bars. The drawing library is loaded here, after the figures of the page are there. */
export function ChartCanvas(props: ChartCanvasProps): JSX.Element {
  const desk = useDesk();
  const market = createMemo(() => marketOf(props.symbol));
  const [chart, setChart] = createSignal<PriceChart | undefined>();
  const placings = createPlacings();
  const [atLatest, setAtLatest] = createSignal(true);
  const [picked, setPicked] = createSignal<PickedPrice | undefined>();
  const [drawing, { refetch }] = createResource(() => import('./price-chart.ts'));
  let container!: HTMLDivElement;

  const own = createMemo(() =>
    chartLines(
      desk.own.account.positions?.find((candidate) => candidate.symbol === props.symbol),
      desk.own.account.orders ?? [],
      market(),
    ),
  );
  const moves = useLineMoves(
    () => props.symbol,
    own,
    () => market().priceDecimals,
  );
  const lines = createMemo((): ChartLine[] => {
    const line = moves.moving()?.line;
    const shown = line?.target?.of === 'position' ? [...own(), line] : own();
    const cited = highlighted();
    return cited?.kind === 'price' && cited.symbol === props.symbol
      ? [...shown, citedLine(cited.price, cited.label)]
      : shown;
  });
  const marks = useMarks(props);
  const daily = createMemo(() => props.interval === '1d');

  let isFirst = true;
  createEffect(
    on([market, daily, () => (drawing.error === undefined ? drawing() : undefined)], ([shown, isDaily, library]) => {
      if (library === undefined) return;
      let isGone = false;
      const made = library.createPriceChart({
        container,
        priceDecimals: shown.priceDecimals,
        sizeDecimals: shown.sizeDecimals,
        daily: isDaily,
        onHover: (time) => props.onHover(time),
        onRange: (first, hasNewest) => {
          setAtLatest(hasNewest);
          props.onRange(first);
        },
        onPlaces: placings.tell,
      });
      // What a page begins with is drawn in two tasks, its axes before its bars; a chart in place of another one at once.
      if (isFirst) void painted().then(() => !isGone && setChart(made));
      else setChart(made);
      isFirst = false;
      onCleanup(() => {
        isGone = true;
        setChart(undefined);
        made.remove();
      });
    }),
  );

  createEffect(() => chart()?.setBars(props.bars));
  createEffect(() => {
    if (props.lastBar !== undefined) chart()?.updateBar(props.lastBar);
  });
  createEffect(on([() => props.interval, chart], () => chart()?.showLatest()));
  const look = () => `${theme()}/${preferences().density}/${preferences().colours}`;
  createEffect(on(look, () => untrack(chart)?.applyTheme(), { defer: true }));
  createEffect(() => {
    look();
    chart()?.setLines(
      lines().map((line) => ({
        id: line.id,
        price: moves.priceOf(line),
        tone: line.tone,
        dashed: line.target !== null || line.kind === 'liquidation' || line.kind === 'cited',
      })),
    );
  });
  createEffect(() => {
    look();
    chart()?.setMarks(marks());
    props.onMarks(marks());
  });

  /** The price under the pointer, where the prices are. */
  const pickedAt = (event: MouseEvent): PickedPrice | undefined => {
    const drawn = chart();
    const { left, top, width } = container.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    if (drawn === undefined || y > drawn.height() || x > width - drawn.axisWidth()) return undefined;
    const price = drawn.priceAt(y);
    const inner = {
      x: Math.min(x, width - menuSize.width),
      y: Math.min(y, Math.max(0, drawn.height() - menuSize.height)),
    };
    return price === null ? undefined : { price, ...inner };
  };
  const onContextMenu = (event: MouseEvent) => {
    const at = pickedAt(event);
    if (at === undefined) return;
    event.preventDefault();
    setPicked(at);
  };
  /** With Shift a press takes the price into the ticket. */
  const onClick = (event: MouseEvent) => {
    const at = event.shiftKey ? pickedAt(event) : undefined;
    if (at !== undefined) ticketCommands.fillPrice(props.symbol, at.price);
  };

  return (
    <Show
      when={drawing.error === undefined}
      fallback={
        <Notice title={texts.common.failed} text={texts.chart.drawingFailed}>
          <button type="button" class="button button-small" onClick={() => void refetch()}>
            {texts.common.retry}
          </button>
        </Notice>
      }
    >
      <div
        ref={container}
        class="absolute inset-0"
        classList={{ invisible: chart() === undefined }}
        role="figure"
        aria-label={texts.chart.label(props.symbol)}
        onContextMenu={onContextMenu}
        onClick={onClick}
      />
      <Show when={!atLatest()}>
        <button
          type="button"
          class="button button-small to-latest"
          data-testid="to-latest"
          onClick={() => chart()?.showLatest()}
        >
          {texts.chart.latest}
        </button>
      </Show>
      <Show when={lines().length > 0 && chart()}>
        {(drawn) => (
          <LineLayer symbol={props.symbol} chart={drawn()} placing={placings.count} lines={lines()} moves={moves} />
        )}
      </Show>
      <Show when={picked()} keyed>
        {(at) => <ChartMenu symbol={props.symbol} picked={at} moves={moves} onClose={() => setPicked(undefined)} />}
      </Show>
    </Show>
  );
}
