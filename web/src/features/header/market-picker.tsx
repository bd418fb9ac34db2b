import { MARKETS, type MarketSymbol } from '#shared/markets.ts';
import * as Popover from '@kobalte/core/popover';
import { useNavigate } from '@solidjs/router';
import { For, Show, createSignal, createUniqueId, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatPrice, formatShare, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { ChevronIcon, SearchIcon } from '../../ui/icons.tsx';
import { Signed } from '../../ui/signed.tsx';

/** Chooses the market: by mouse, or by typing, arrows and Enter. */
export function MarketPicker(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const navigate = useNavigate();
  const listId = createUniqueId();
  const [open, setOpen] = createSignal(false);
  const [search, setSearch] = createSignal('');
  const [active, setActive] = createSignal(0);

  const found = () => MARKETS.filter((market) => market.symbol.toLowerCase().includes(search().trim().toLowerCase()));
  const optionId = (symbol: string) => `${listId}-${symbol}`;
  const show = (next: boolean) => {
    setSearch('');
    setActive(0);
    setOpen(next);
  };
  const choose = (symbol: MarketSymbol) => {
    show(false);
    navigate(`/trade/${symbol}`);
  };
  const onKey = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      setActive((at) => (at + step + found().length) % Math.max(1, found().length));
    }
    const market = found()[active()];
    if (event.key === 'Enter' && market !== undefined) choose(market.symbol);
  };

  return (
    <Popover.Root open={open()} onOpenChange={show} placement="bottom-start" gutter={6}>
      <Popover.Trigger
        class="button button-quiet gap-1.5 px-2 text-4 font-semibold text-ink"
        aria-label={`${texts.header.pickMarket}: ${props.symbol}`}
      >
        {props.symbol}
        <span class="text-ink-3">
          <ChevronIcon size={14} />
        </span>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content class="popover w-[340px] max-w-[calc(100vw-24px)]" aria-label={texts.header.pickMarket}>
          <div class="flex items-center gap-2 border-b border-line px-3 text-ink-3">
            <SearchIcon />
            <input
              class="h-10 flex-1 bg-transparent text-3 text-ink outline-none placeholder:text-ink-3"
              role="combobox"
              aria-expanded="true"
              aria-controls={listId}
              aria-activedescendant={optionId(found()[active()]?.symbol ?? '')}
              aria-label={texts.header.searchMarkets}
              placeholder={texts.header.searchMarkets}
              value={search()}
              onInput={(event) => {
                setSearch(event.currentTarget.value);
                setActive(0);
              }}
              onKeyDown={onKey}
            />
          </div>
          <ul id={listId} role="listbox" aria-label={texts.header.pickMarket} class="p-1">
            <For each={found()}>
              {(market, index) => (
                <li
                  id={optionId(market.symbol)}
                  role="option"
                  aria-selected={market.symbol === props.symbol}
                  class="grid h-10 grid-cols-[1fr_auto_5.5rem] items-center gap-3 rounded px-2"
                  classList={{ 'bg-hover': index() === active() }}
                  onMouseMove={() => setActive(index())}
                  onClick={() => choose(market.symbol)}
                >
                  <span class="font-semibold" classList={{ 'text-accent': market.symbol === props.symbol }}>
                    {market.symbol}
                  </span>
                  <Quote symbol={market.symbol} places={market.priceDecimals} />
                </li>
              )}
            </For>
          </ul>
          <Show when={found().length === 0}>
            <p class="px-3 pb-4 text-ink-3">{texts.header.noMarketFound}</p>
          </Show>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** Price and change of one market in the list. */
function Quote(props: { readonly symbol: MarketSymbol; readonly places: number }): JSX.Element {
  const desk = useDesk();
  const live = () => desk.live.markets[props.symbol];
  const open = () => live().stats?.open_24h ?? undefined;
  const change = () => {
    const [price, start] = [live().price?.price, open()];
    return price === undefined || start === undefined ? null : price - start;
  };
  const price = () => live().price?.price;
  return (
    <>
      <span>{price() === undefined ? unknownFigure : formatPrice(price() ?? 0n, props.places)}</span>
      <span class="text-right">
        <Signed value={change()} text={formatShare(change() ?? 0n, open() ?? 0n, 2, true)} arrow />
      </span>
    </>
  );
}
