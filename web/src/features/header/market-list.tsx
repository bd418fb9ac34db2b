import { MARKETS, type MarketDefinition, type MarketSymbol } from '#shared/markets.ts';
import { useNavigate } from '@solidjs/router';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, createMemo, createSignal, createUniqueId, onMount, type JSX } from 'solid-js';

import { favourites, toggleFavourite } from '../../data/chart-preferences.ts';
import { useDesk } from '../../data/desk.ts';
import { marketListQueries } from '../../data/market-list-queries.ts';
import { formatCompactQuote, formatPrice, formatShare, unknownFigure } from '../../domain/format.ts';
import { findMarkets, marketRow } from '../../domain/market-list.ts';
import { sparklinePath } from '../../domain/sparkline.ts';
import { texts } from '../../i18n/index.ts';
import { SearchIcon, StarIcon } from '../../ui/icons.tsx';
import { Notice } from '../../ui/panel-state.tsx';
import { Signed } from '../../ui/signed.tsx';

const line = { width: 72, height: 20 } as const;

/** Where the keys are: on a row as a whole, or on its star. */
interface Cursor {
  readonly row: number;
  readonly star: boolean;
}

/** The arrow keys of the search field: rows up and down, the star of a row to the left. */
function useCursor(count: () => number) {
  const [cursor, setCursor] = createSignal<Cursor>({ row: 0, star: false });
  const move = (step: number) =>
    setCursor(({ row }) => ({ row: (row + step + count()) % Math.max(1, count()), star: false }));
  return {
    cursor,
    reset: (row = 0) => setCursor({ row, star: false }),
    /** True when the key was one of the list. */
    press: (event: KeyboardEvent & { currentTarget: HTMLInputElement }): boolean => {
      const atStart = event.currentTarget.selectionStart === 0 && event.currentTarget.selectionEnd === 0;
      if (event.key === 'ArrowDown') move(1);
      else if (event.key === 'ArrowUp') move(-1);
      else if (event.key === 'ArrowLeft' && atStart && !cursor().star) setCursor(({ row }) => ({ row, star: true }));
      else if (event.key === 'ArrowRight' && cursor().star) setCursor(({ row }) => ({ row, star: false }));
      else return false;
      return true;
    },
  };
}

/** Every market of the exchange with its day, found by typing. */
export function MarketList(props: { readonly symbol: MarketSymbol; readonly onDone: () => void }): JSX.Element {
  const navigate = useNavigate();
  const gridId = createUniqueId();
  const [search, setSearch] = createSignal('');
  const found = createMemo(() => findMarkets(MARKETS, search(), favourites()));
  const keys = useCursor(() => found().length);
  let input!: HTMLInputElement;
  const t = texts.header;

  const cellId = (symbol: string | undefined, star: boolean) => `${gridId}-${symbol}-${star ? 'star' : 'name'}`;
  const current = () => found()[keys.cursor().row];
  const choose = (symbol: MarketSymbol) => {
    props.onDone();
    navigate(`/trade/${symbol}`);
  };
  /** The order changes with it: the keys stay on the market they are on. */
  const star = (symbol: MarketSymbol) => {
    toggleFavourite(symbol);
    keys.reset(found().findIndex((market) => market.symbol === symbol));
  };
  const onKeyDown = (event: KeyboardEvent & { currentTarget: HTMLInputElement }) => {
    const market = current();
    if (event.key === 'Enter' && market !== undefined) {
      if (keys.cursor().star) star(market.symbol);
      else choose(market.symbol);
    } else if (!keys.press(event)) return;
    event.preventDefault();
    document.getElementById(cellId(current()?.symbol, false))?.scrollIntoView({ block: 'nearest' });
  };
  onMount(() => {
    keys.reset(found().findIndex((market) => market.symbol === props.symbol));
    input.focus();
  });

  return (
    <div class="market-list" data-testid="market-list">
      <div class="market-search">
        <SearchIcon />
        <input
          ref={input}
          role="combobox"
          aria-expanded="true"
          aria-haspopup="grid"
          aria-autocomplete="list"
          aria-controls={gridId}
          aria-activedescendant={current() === undefined ? undefined : cellId(current()?.symbol, keys.cursor().star)}
          aria-label={t.searchMarkets}
          aria-description={t.pickerKeys}
          placeholder={t.searchMarkets}
          spellcheck={false}
          autocomplete="off"
          data-testid="market-search"
          value={search()}
          onInput={(event) => {
            setSearch(event.currentTarget.value);
            keys.reset();
          }}
          onKeyDown={onKeyDown}
        />
        <span class="visually-hidden" role="status">
          {t.found(found().length)}
        </span>
      </div>
      <div id={gridId} role="grid" aria-label={t.pickMarket} class="market-grid">
        <div role="row" class="market-head">
          <span role="columnheader">
            <span class="visually-hidden">{t.columns.favourite}</span>
          </span>
          <For each={['market', 'price', 'change', 'line', 'volume', 'openInterest'] as const}>
            {(column) => (
              <span role="columnheader" class={`col-${column}`}>
                {t.columns[column]}
              </span>
            )}
          </For>
        </div>
        <div role="rowgroup" class="market-rows">
          <For each={found()}>
            {(market, index) => (
              <Row
                market={market}
                chosen={market.symbol === props.symbol}
                cursor={index() === keys.cursor().row ? keys.cursor() : undefined}
                cellId={(isStar) => cellId(market.symbol, isStar)}
                onHover={() => keys.reset(index())}
                onChoose={() => choose(market.symbol)}
                onStar={() => star(market.symbol)}
              />
            )}
          </For>
        </div>
      </div>
      <Show when={found().length === 0}>
        <Notice title={t.noMarketFound} text={t.noMarketFoundText} />
      </Show>
    </div>
  );
}

/** The figures of a market: live where its stream speaks, asked for where it is silent. */
function useRow(symbol: () => MarketSymbol) {
  const desk = useDesk();
  const queries = marketListQueries(desk.client);
  const live = () => desk.live.markets[symbol()];
  const markets = useQuery(() => desk.queries.markets());
  const stats = useQuery(() => ({ ...queries.stats(symbol()), enabled: live().stats === undefined }));
  const closes = useQuery(() => queries.dayLine(symbol()));
  const row = createMemo(() =>
    marketRow({
      market: markets.data?.find((market) => market.symbol === symbol()),
      price: live().price,
      stats: live().stats ?? stats.data,
      heard: live().state === 'live',
    }),
  );
  return { row, closes };
}

function Row(props: {
  readonly market: MarketDefinition;
  readonly chosen: boolean;
  readonly cursor: Cursor | undefined;
  readonly cellId: (star: boolean) => string;
  readonly onHover: () => void;
  readonly onChoose: () => void;
  readonly onStar: () => void;
}): JSX.Element {
  const t = texts.header;
  const { row, closes } = useRow(() => props.market.symbol);
  const kept = () => favourites().has(props.market.symbol);
  const money = (value: bigint | null) => (value === null ? unknownFigure : formatCompactQuote(value));
  const price = () => {
    const known = row().price;
    return known === null ? unknownFigure : formatPrice(known, props.market.priceDecimals);
  };
  return (
    <div
      role="row"
      class="market-row"
      data-testid="market-row"
      data-symbol={props.market.symbol}
      data-active={props.cursor === undefined ? undefined : ''}
      aria-selected={props.chosen}
      onMouseMove={() => props.onHover()}
      onClick={() => props.onChoose()}
    >
      <span role="gridcell" id={props.cellId(true)} class="col-star" data-active={props.cursor?.star ? '' : undefined}>
        <button
          type="button"
          tabIndex={-1}
          class="star"
          aria-pressed={kept()}
          aria-label={kept() ? t.unfavourite(props.market.symbol) : t.favourite(props.market.symbol)}
          onClick={(event) => {
            event.stopPropagation();
            props.onStar();
          }}
        >
          <StarIcon size={14} filled={kept()} />
        </button>
      </span>
      <span role="gridcell" id={props.cellId(false)} class="col-market">
        <span class="font-semibold" classList={{ 'text-accent': props.chosen }}>
          {props.market.symbol}
        </span>
        <Show when={t.standings[row().standing]}>
          {(standing) => (
            <span class="tag" data-tone="warn" title={t.standingHints[row().standing]}>
              {standing()}
            </span>
          )}
        </Show>
      </span>
      <span role="gridcell" class="col-price">
        {price()}
      </span>
      <span role="gridcell" class="col-change">
        <Signed value={row().change} text={formatShare(row().change ?? 0n, row().open ?? 0n, 2, true)} arrow />
      </span>
      <span role="gridcell" class="col-line">
        <DayLine closes={closes.data ?? []} />
      </span>
      <span role="gridcell" class="col-volume">
        {money(row().volume)}
      </span>
      <span role="gridcell" class="col-openInterest">
        {money(row().openInterest)}
      </span>
    </div>
  );
}

/** The last day as a line; the figure beside it says the same in words. */
function DayLine(props: { readonly closes: readonly bigint[] }): JSX.Element {
  const path = () => sparklinePath(props.closes, line.width, line.height);
  const falls = () => (props.closes.at(-1) ?? 0n) < (props.closes[0] ?? 0n);
  return (
    <svg
      class={falls() ? 'text-down' : 'text-up'}
      width={line.width}
      height={line.height}
      viewBox={`0 -1 ${line.width} ${line.height + 2}`}
      aria-hidden="true"
    >
      <path d={path()} fill="none" stroke="currentColor" stroke-width="1.25" stroke-linejoin="round" />
    </svg>
  );
}
