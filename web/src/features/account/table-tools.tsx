import type { MarketSymbol } from '#shared/markets.ts';
import { MARKET_SYMBOLS, isMarketSymbol } from '#shared/markets.ts';
import { For, Show, createSignal, onCleanup, type JSX } from 'solid-js';
import { Portal } from 'solid-js/web';

import { tableTexts } from '../../i18n/tables.ts';
import { focusTables } from './dialogs.ts';
import { tableToolsPlace as place } from './table-tools-place.tsx';

const [market, setMarket] = createSignal<MarketSymbol | undefined>();

/** The one market that the histories are narrowed to; undefined for all. It stays as tabs are changed. */
export const tableMarket = market;
export const setTableMarket = setMarket;

/** Tools of the shown table. */
export function TableTools(props: { readonly children: JSX.Element }): JSX.Element {
  return (
    <Show when={place()}>
      {(at) => (
        <Portal mount={at()}>
          <ToolFocusKeeper />
          {props.children}
        </Portal>
      )}
    </Show>
  );
}

/** Beside tools that may go: with the focus in them, they leave it to the tables. Inside, since what is outside is told only when they are gone. */
export function ToolFocusKeeper(): JSX.Element {
  onCleanup(() => place()?.contains(document.activeElement) === true && focusTables());
  return undefined;
}

/** Narrows a history to one market. */
export function MarketFilter(): JSX.Element {
  const t = tableTexts.common;
  return (
    <select
      class="table-select"
      aria-label={t.marketFilter}
      value={market() ?? ''}
      data-testid="market-filter"
      onChange={(event) => {
        const { value } = event.currentTarget;
        setMarket(isMarketSymbol(value) ? value : undefined);
      }}
    >
      <option value="">{t.allMarkets}</option>
      <For each={MARKET_SYMBOLS}>{(symbol) => <option value={symbol}>{symbol}</option>}</For>
    </select>
  );
}
