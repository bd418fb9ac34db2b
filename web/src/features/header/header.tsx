import type { MarketSymbol } from '#shared/markets.ts';
import { Show, type JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { createPhone } from '../../ui/media.ts';
import { Staged } from '../../ui/staged.tsx';
import { DayChange, LivePrice } from './live-price.tsx';
import { MarketPicker } from './market-picker.tsx';
import { MarketStats, MarketTerms } from './market-stats.tsx';
import { OracleBadge } from './oracle-badge.tsx';

/** The market of the page: its price and its day. One line on a desk, two on a phone. */
export function Header(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const phone = createPhone();
  return (
    <section class="panel rounded-none" aria-label={props.symbol}>
      <Show when={!phone()}>
        <a
          class="skip-link"
          href="#ticket"
          onClick={(event) => {
            // The router would make an address of it and leave the focus behind.
            event.preventDefault();
            document.getElementById('ticket')?.focus();
          }}
        >
          {texts.header.skipToTicket}
        </a>
      </Show>
      <Show
        when={!phone()}
        fallback={
          <>
            <div class="market-line">
              <MarketPicker symbol={props.symbol} />
              <OracleBadge symbol={props.symbol} />
              <div class="grid gap-1 pr-1 text-right">
                <div>
                  <LivePrice symbol={props.symbol} />
                </div>
                <div>
                  <DayChange symbol={props.symbol} />
                </div>
              </div>
            </div>
            <MarketTerms symbol={props.symbol} />
          </>
        }
      >
        <div class="flex h-[46px] items-center gap-4 px-1">
          <div class="flex items-center gap-3">
            <MarketPicker symbol={props.symbol} />
            <span class="min-w-[8.2rem]">
              <LivePrice symbol={props.symbol} />
            </span>
          </div>
          <OracleBadge symbol={props.symbol} />
          <Staged>
            <MarketStats symbol={props.symbol} />
          </Staged>
        </div>
      </Show>
    </section>
  );
}
