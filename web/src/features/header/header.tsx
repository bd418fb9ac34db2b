import type { MarketSymbol } from '#shared/markets.ts';
import { A } from '@solidjs/router';
import { Show, type JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { createPhone } from '../../ui/media.ts';
import { ConnectionDot } from '../connection/connection.tsx';
import { WalletButton } from '../wallet/wallet-button.tsx';
import { DayChange, LivePrice } from './live-price.tsx';
import { MarketPicker } from './market-picker.tsx';
import { MarketStats, MarketTerms } from './market-stats.tsx';
import { OracleBadge } from './oracle-badge.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

function Brand(): JSX.Element {
  return (
    <A
      href="/"
      class="flex items-center gap-2 px-1 text-4 font-semibold tracking-tight"
      aria-label={texts.common.appName}
    >
      <img src="/icon.svg" alt="" width="22" height="22" />
      <span class="brand-name">{texts.common.appName}</span>
    </A>
  );
}

/** One line on a desk, two on a phone: the market and its price first, the wallet last. */
export function Header(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const phone = createPhone();
  return (
    <header class="panel rounded-none">
      <a class="skip-link" href="#ticket">
        {texts.header.skipToTicket}
      </a>
      <Show
        when={!phone()}
        fallback={
          <>
            <div class="flex h-14 items-center justify-between gap-2 px-3">
              <Brand />
              <div class="flex items-center gap-1.5">
                <ConnectionDot />
                <ThemeSwitch />
                <WalletButton />
              </div>
            </div>
            <div class="flex items-end justify-between gap-2 border-t border-line px-2 py-2">
              <MarketPicker symbol={props.symbol} />
              <OracleBadge symbol={props.symbol} />
              <div class="grid justify-items-end gap-1 pr-1">
                <LivePrice symbol={props.symbol} />
                <DayChange symbol={props.symbol} />
              </div>
            </div>
            <MarketTerms symbol={props.symbol} />
          </>
        }
      >
        <div class="flex h-[54px] items-center gap-4 px-3">
          <Brand />
          <div class="flex items-center gap-3 border-l border-line pl-3">
            <MarketPicker symbol={props.symbol} />
            <span class="min-w-[6.2rem]">
              <LivePrice symbol={props.symbol} />
            </span>
          </div>
          <OracleBadge symbol={props.symbol} />
          <MarketStats symbol={props.symbol} />
          <div class="ml-auto flex items-center gap-1.5">
            <ConnectionDot />
            <ThemeSwitch />
            <WalletButton />
          </div>
        </div>
      </Show>
    </header>
  );
}
