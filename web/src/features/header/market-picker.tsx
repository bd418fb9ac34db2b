import type { MarketSymbol } from '#shared/markets.ts';
import * as Popover from '../../ui/popover.tsx';
import type { JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { ChevronIcon } from '../../ui/icons.tsx';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { announceMarketPicker, marketPickerOpen, setMarketPickerOpen } from './market-commands.ts';

const MarketList = deferred(
  () => import('./market-list.tsx').then((module) => module.MarketList),
  () => (
    <div role="status" aria-label={texts.common.loading}>
      <SkeletonRows rows={5} />
    </div>
  ),
);

/** Chooses the market: by mouse, or by typing, arrows and Enter. Escape returns the focus to it. */
export function MarketPicker(props: { readonly symbol: MarketSymbol }): JSX.Element {
  announceMarketPicker();
  return (
    <Popover.Root open={marketPickerOpen()} onOpenChange={setMarketPickerOpen} placement="bottom-start" gutter={6}>
      <Popover.Trigger
        class="button button-quiet gap-1.5 px-2 text-4 font-semibold text-ink"
        aria-label={`${texts.header.pickMarket}: ${props.symbol}`}
        data-testid="pick-market"
      >
        {props.symbol}
        <span class="text-ink-3">
          <ChevronIcon size={14} />
        </span>
      </Popover.Trigger>
      <Popover.Content class="popover market-popover" aria-label={texts.header.pickMarket}>
        <MarketList symbol={props.symbol} onDone={() => setMarketPickerOpen(false)} />
      </Popover.Content>
    </Popover.Root>
  );
}
