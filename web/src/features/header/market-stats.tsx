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

const hourly = (rate: bigint | null | undefined, signed: boolean): string =>
  rate === null || rate === undefined ? unknownFigure : formatHourlyRate(rate, signed);

/** What longs pay shorts and what both pay the pool, per hour. */
function Rates(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const stats = () => desk.live.markets[props.symbol].stats;
  return (
    <>
      <span data-testid="funding-rate">{hourly(stats()?.funding_rate, true)}</span> <span class="text-ink-3">·</span>{' '}
      <span data-testid="borrow-rate">{hourly(stats()?.borrow_rate, false)}</span>
    </>
  );
}

/** Longs less shorts, in base units. */
function Skew(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const skew = () => desk.live.markets[props.symbol].stats?.skew;
  return <Signed value={skew()} text={formatSize(skew() ?? 0n, 1)} />;
}

/** What it costs to be on a side of this market, in one line for a phone. */
export function MarketTerms(props: { readonly symbol: MarketSymbol }): JSX.Element {
  return (
    <dl class="flex justify-between gap-3 border-t border-line px-3 py-1.5 text-1">
      <div class="flex gap-1.5" title={texts.header.skewHint}>
        <dt class="text-ink-3">{texts.header.skew}</dt>
        <dd class="m-0">
          <Skew symbol={props.symbol} />
        </dd>
      </div>
      <div class="flex gap-1.5" title={texts.header.ratesHint}>
        <dt class="text-ink-3">{texts.header.rates}</dt>
        <dd class="m-0">
          <Rates symbol={props.symbol} />
        </dd>
      </div>
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
        <Skew symbol={props.symbol} />
      </Stat>
      <Stat label={texts.header.rates} class="stat-3 min-w-[8.6rem]" title={texts.header.ratesHint}>
        <Rates symbol={props.symbol} />
      </Stat>
    </>
  );
}
