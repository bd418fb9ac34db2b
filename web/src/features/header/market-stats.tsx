import type { MarketSymbol } from '#shared/markets.ts';
import type { JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatCompactQuote, formatHourlyRate, formatPrice, formatSize, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { DayChange } from './live-price.tsx';
import { useMarket } from './use-market.ts';

function Stat(props: { readonly label: string; readonly class?: string; readonly children: JSX.Element }): JSX.Element {
  return (
    <dl class={`stat ${props.class ?? ''}`}>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </dl>
  );
}

/** The day of a market in figures; the narrower the window, the fewer of them. */
export function MarketStats(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const market = useMarket(() => props.symbol);
  const stats = () => desk.live.markets[props.symbol].stats;
  const price = (value: bigint | null | undefined) =>
    value === null || value === undefined ? unknownFigure : formatPrice(value, market().priceDecimals);
  const size = (value: bigint | null | undefined) =>
    value === null || value === undefined ? unknownFigure : formatSize(value, 1);
  const funding = () => {
    const rate = stats()?.funding_rate;
    if (rate === null || rate === undefined) return unknownFigure;
    return rate === 0n ? texts.header.fundingFixed : formatHourlyRate(rate);
  };
  const volume = () => {
    const traded = stats()?.volume_quote_24h;
    return traded === undefined ? unknownFigure : formatCompactQuote(traded);
  };
  return (
    <>
      <Stat label={texts.header.change24h} class="min-w-[8.6rem]">
        <DayChange symbol={props.symbol} />
      </Stat>
      <Stat label={texts.header.range24h} class="stat-2 min-w-[8.4rem]">
        {price(stats()?.low_24h)} <span class="text-ink-3">–</span> {price(stats()?.high_24h)}
      </Stat>
      <Stat label={texts.header.volume24h} class="stat-4">
        {volume()}
      </Stat>
      <Stat label={texts.header.openInterest} class="stat-4">
        {size(stats()?.long_open_interest)} <span class="text-ink-3">/</span> {size(stats()?.short_open_interest)}
      </Stat>
      <Stat label={texts.header.funding} class="stat-3">
        {funding()}
      </Stat>
    </>
  );
}
