import type { MarketSymbol } from '#shared/markets.ts';
import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatPrice, formatShare, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { Signed } from '../../ui/signed.tsx';
import { useMarket } from './use-market.ts';

/** The oracle price, large, with the direction of its last change. */
export function LivePrice(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const market = useMarket(() => props.symbol);
  const live = () => desk.live.markets[props.symbol];
  const step = () => {
    const { price, previousPrice } = live();
    return price === undefined || previousPrice === undefined ? 0n : price.price - previousPrice;
  };
  const text = () => {
    const price = live().price;
    return price === undefined ? unknownFigure : formatPrice(price.price, market().priceDecimals);
  };
  return (
    <span
      class="text-5 font-semibold leading-none"
      data-testid="price"
      aria-label={`${texts.header.oraclePrice} ${text()}`}
    >
      <Show when={live().price !== undefined} fallback={unknownFigure}>
        <Signed value={step()} text={text()} arrow="always" />
      </Show>
    </span>
  );
}

/** How the price moved in 24 hours, in USD and percent. */
export function DayChange(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const market = useMarket(() => props.symbol);
  const live = () => desk.live.markets[props.symbol];
  const change = () => {
    const [price, open] = [live().price?.price, live().stats?.open_24h];
    return price === undefined || open === undefined || open === null ? null : price - open;
  };
  const text = () => {
    const [value, open] = [change(), live().stats?.open_24h];
    if (value === null || open === null || open === undefined) return '';
    const amount = formatPrice(value, market().priceDecimals);
    return `${value > 0n ? '+' : ''}${amount}  ${formatShare(value, open, 2, true)}`;
  };
  return <Signed value={change()} text={text()} arrow />;
}
