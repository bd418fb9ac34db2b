import { marketOf, type MarketSymbol } from '#shared/markets.ts';
import { quote } from '#shared/money/units.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, createMemo, createSignal, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { drawDepth, quotedAt, type DepthDrawing } from '../../domain/depth-drawing.ts';
import { formatCompactQuote, formatPrice, unknownFigure } from '../../domain/format.ts';
import {
  depthState,
  formatE2Bps,
  roomsOf,
  spreadAt,
  type DepthState,
  type Quoted,
  type Rooms,
} from '../../domain/market-depth.ts';
import { depthTexts } from '../../i18n/depth.ts';
import { Notice, PanelState, SkeletonRows, type PanelStatus } from '../../ui/panel-state.tsx';
import { SidesPanel } from './sides-panel.tsx';

/** Widths of the picture in USDC; null: all that can be opened. */
const reaches = [quote(10_000_000_000n), quote(100_000_000_000n), quote(1_000_000_000_000n), null] as const;
/** Sizes whose spread is told, USDC. */
const spreadWorths = [1_000n, 10_000n, 100_000n, 1_000_000n].map((usdc) => quote(usdc * 1_000_000n));

/** 10.00K as 10K: what is round by choice needs no decimals. */
const roundWorth = (worth: bigint): string => formatCompactQuote(worth).replace(/\.0+(?=[KMB]$)/, '');

/** In place of an order book, which does not exist here: what size costs, and what can still be opened. */
export function DepthPanel(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const markets = useQuery(() => desk.queries.markets());
  const market = () => markets.data?.find(({ symbol }) => symbol === props.symbol);
  const state = createMemo((): DepthState | null => {
    const known = market();
    const { price, stats } = desk.live.markets[props.symbol];
    return known === undefined ? null : depthState({ market: known, live: price, stats });
  });
  const known = createMemo(() => {
    const now = state();
    return now === null ? undefined : { state: now, rooms: roomsOf(now) };
  });
  const status = (): PanelStatus => {
    if (known() !== undefined) return 'data';
    if (markets.isError) return 'error';
    return markets.isPending || desk.live.markets[props.symbol].price === undefined ? 'loading' : 'empty';
  };
  const t = depthTexts.depth;
  return (
    <div class="depth" data-testid="depth">
      <PanelState
        status={status()}
        skeleton={<SkeletonRows rows={8} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
        errorText={t.failedText}
        onRetry={() => void markets.refetch()}
      >
        <Show when={known()}>
          {(at) => (
            <>
              <Curves symbol={props.symbol} state={at().state} rooms={at().rooms} />
              <div class="depth-side">
                <SpreadTable symbol={props.symbol} state={at().state} rooms={at().rooms} />
                <Show when={market()}>
                  {(dto) => <SidesPanel symbol={props.symbol} market={dto()} state={at().state} rooms={at().rooms} />}
                </Show>
              </div>
            </>
          )}
        </Show>
      </PanelState>
    </div>
  );
}

function Curves(props: {
  readonly symbol: MarketSymbol;
  readonly state: DepthState;
  readonly rooms: Rooms;
}): JSX.Element {
  const t = depthTexts.depth;
  const [reach, setReach] = createSignal<(typeof reaches)[number]>(reaches[1]);
  const [pointed, setPointed] = createSignal<number | undefined>();
  const drawing = createMemo(() => drawDepth(props.state, reach(), props.rooms));
  const places = () => marketOf(props.symbol).priceDecimals;
  const onMove = (event: PointerEvent & { currentTarget: Element }) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setPointed((event.clientX - left) / width);
  };
  return (
    <section class="depth-curves" aria-label={t.label}>
      <header class="flex items-center gap-1 px-2">
        <span class="text-1 text-ink-3">{t.upTo}</span>
        <div role="group" aria-label={t.upTo} class="flex">
          <For each={reaches}>
            {(option) => (
              <button type="button" class="interval" aria-pressed={reach() === option} onClick={() => setReach(option)}>
                {option === null ? t.all : roundWorth(option)}
              </button>
            )}
          </For>
        </div>
      </header>
      <Show when={drawing()} fallback={<Notice title={t.noRoom} text={t.limits.status} />}>
        {(drawn) => (
          <div class="depth-box">
            <div class="depth-plot" onPointerMove={onMove} onPointerLeave={() => setPointed(undefined)}>
              <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
                <line class="depth-middle" x1="0" x2="100" y1="50" y2="50" />
                <For each={drawn().curves}>
                  {(curve) => (
                    <g data-side={curve.side}>
                      <path class="depth-area" d={area(curve.path)} />
                      <path class="depth-line" d={curve.path} />
                      <Show when={curve.endsAt !== null}>
                        <line
                          class="depth-end"
                          x1={curve.endsAt ?? 0}
                          x2={curve.endsAt ?? 0}
                          y1={curve.side === 'long' ? 0 : 50}
                          y2={curve.side === 'long' ? 50 : 100}
                        />
                      </Show>
                    </g>
                  )}
                </For>
              </svg>
              <Show when={pointed()}>
                {(at) => <Pointed at={at()} state={props.state} drawing={drawn()} places={places()} />}
              </Show>
            </div>
            <div class="depth-prices" aria-hidden="true">
              <span class="text-up">{formatPrice(drawn().top, places())}</span>
              <span>{formatPrice(drawn().middle, places())}</span>
              <span class="text-down">{formatPrice(drawn().bottom, places())}</span>
            </div>
            <div class="depth-sizes" aria-hidden="true">
              <For each={[0n, 1n, 2n, 3n, 4n]}>
                {(quarter) => <span>{roundWorth((drawn().endWorth * quarter) / 4n)}</span>}
              </For>
            </div>
          </div>
        )}
      </Show>
      <p class="px-3 pb-2 text-1 text-ink-3">{t.explain}</p>
    </section>
  );
}

/** A line closed towards the price in the middle. */
const area = (path: string): string => {
  const lastX = path.slice(path.lastIndexOf('L') + 1).split(' ')[0] ?? '0';
  return path === '' ? '' : `${path}L${lastX} 50L0 50Z`;
};

function Pointed(props: {
  readonly at: number;
  readonly state: DepthState;
  readonly drawing: DepthDrawing;
  readonly places: number;
}): JSX.Element {
  const t = depthTexts.depth;
  const quoted = createMemo(() => quotedAt(props.state, props.drawing, props.at));
  const text = (side: Quoted | null) =>
    side === null
      ? t.noRoom
      : `${formatPrice(side.averagePrice, props.places)} · ${t.bps(formatE2Bps(side.costE2Bps))}`;
  return (
    <>
      <span class="depth-pointer" style={{ left: `${props.at * 100}%` }} />
      <dl class="depth-readout facts" data-flip={props.at > 0.5 ? '' : undefined}>
        <div>
          <dt>{t.size}</dt>
          <dd>{formatCompactQuote(quoted().worth)} USDC</dd>
        </div>
        <div>
          <dt>{t.buy}</dt>
          <dd class="text-up">{text(quoted().buy)}</dd>
        </div>
        <div>
          <dt>{t.sell}</dt>
          <dd class="text-down">{text(quoted().sell)}</dd>
        </div>
      </dl>
    </>
  );
}

/** Buying and selling so much, and what is between them: fee aside. */
function SpreadTable(props: {
  readonly symbol: MarketSymbol;
  readonly state: DepthState;
  readonly rooms: Rooms;
}): JSX.Element {
  const t = depthTexts.depth;
  const places = () => marketOf(props.symbol).priceDecimals;
  const rows = createMemo(() => spreadWorths.map((worth) => spreadAt(props.state, worth, props.rooms)));
  const cell = (side: Quoted | null) => (side === null ? t.noRoom : formatPrice(side.averagePrice, places()));
  return (
    <table class="grid-table depth-table" data-testid="depth-spreads">
      <caption>{t.spreadTable}</caption>
      <thead>
        <tr>
          <For each={['USDC', t.buy, t.sell, t.spread]}>{(label) => <th scope="col">{label}</th>}</For>
        </tr>
      </thead>
      <tbody>
        <For each={rows()}>
          {(row) => (
            <tr>
              <th scope="row">{roundWorth(row.worth)}</th>
              <td classList={{ 'text-ink-3': row.buy === null }}>{cell(row.buy)}</td>
              <td classList={{ 'text-ink-3': row.sell === null }}>{cell(row.sell)}</td>
              <td>{row.spreadE2Bps === null ? unknownFigure : t.bps(formatE2Bps(row.spreadE2Bps))}</td>
            </tr>
          )}
        </For>
      </tbody>
    </table>
  );
}
