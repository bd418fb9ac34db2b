import type { MarketSymbol } from '#shared/markets.ts';
import type { JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatCompactQuote, formatHourlyRate, formatPrice, formatSize, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/index.ts';
import { Signed } from '../../ui/signed.tsx';
import { DayChange } from './live-price.tsx';
import { useMarket } from './use-market.ts';

function Stat(props: {
  readonly label: string;
  readonly class?: string;
  readonly title?: string;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <dl class={`stat ${props.class ?? ''}`} title={props.title}>
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
  const hourly = (rate: bigint | null | undefined, signed: boolean) =>
    rate === null || rate === undefined ? unknownFigure : formatHourlyRate(rate, signed);
  const skew = () => stats()?.skew;
  const volume = () => {
    const traded = stats()?.volume_quote_24h;
    return traded === undefined ? unknownFigure : formatCompactQuote(traded);
  };
  return (
    <>
      <Stat label={texts.header.change24h} class="min-w-[8.6rem]">
        <DayChange symbol={props.symbol} />
      </Stat>
      <Stat label={texts.header.range24h} class="stat-5 min-w-[8.4rem]">
        {price(stats()?.low_24h)} <span class="text-ink-3">–</span> {price(stats()?.high_24h)}
      </Stat>
      <Stat label={texts.header.volume24h} class="stat-4">
        {volume()}
      </Stat>
      <Stat label={texts.header.openInterest} class="stat-4">
        {size(stats()?.long_open_interest)} <span class="text-ink-3">/</span> {size(stats()?.short_open_interest)}
      </Stat>
      <Stat label={texts.header.skew} class="stat-2 min-w-[4.2rem]" title={texts.header.skewHint}>
        <Signed value={skew()} text={formatSize(skew() ?? 0n, 1)} />
      </Stat>
      <Stat label={texts.header.rates} class="stat-3 min-w-[8.6rem]" title={texts.header.ratesHint}>
        <span data-testid="funding-rate">{hourly(stats()?.funding_rate, true)}</span> <span class="text-ink-3">·</span>{' '}
        <span data-testid="borrow-rate">{hourly(stats()?.borrow_rate, false)}</span>
      </Stat>
    </>
  );
}
