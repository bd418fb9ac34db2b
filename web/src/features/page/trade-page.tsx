import { isMarketSymbol, marketOf, type MarketSymbol } from '#shared/markets.ts';
import { Navigate, useParams } from '@solidjs/router';
import { Show, createEffect, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { rememberMarket } from '../../data/last-market.ts';
import { formatPrice } from '../../domain/format.ts';
import { createPhone } from '../../ui/media.ts';
import { DesktopDesk } from './desktop-desk.tsx';
import { NotFoundPage } from './not-found-page.tsx';
import { usePageTitle } from './page-title.ts';
import { PhoneDesk } from './phone-desk.tsx';

const symbolOf = (text: string): MarketSymbol | undefined => (isMarketSymbol(text) ? text : undefined);

/** The terminal of one market. A symbol in small letters leads to it. */
export function TradePage(): JSX.Element {
  const params = useParams();
  const asked = () => params.symbol ?? '';
  const meant = () => symbolOf(asked().toUpperCase());
  return (
    <Show
      when={symbolOf(asked())}
      fallback={
        <Show when={meant()} fallback={<NotFoundPage />}>
          {(symbol) => <Navigate href={`/trade/${symbol()}`} />}
        </Show>
      }
    >
      {(known) => <Terminal symbol={known()} />}
    </Show>
  );
}

function Terminal(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const phone = createPhone();
  createEffect(() => rememberMarket(props.symbol));
  usePageTitle(
    () => props.symbol,
    () => {
      const price = desk.live.markets[props.symbol].price;
      const shown = price === undefined ? '' : `${formatPrice(price.price, marketOf(props.symbol).priceDecimals)} `;
      return `${shown}${props.symbol}`;
    },
  );
  return (
    <Show when={phone()} fallback={<DesktopDesk symbol={props.symbol} />}>
      <PhoneDesk symbol={props.symbol} />
    </Show>
  );
}
