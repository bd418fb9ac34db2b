import type { MarketSymbol } from '#shared/markets.ts';
import * as Popover from '../../ui/popover.tsx';
import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { dayRangeWith } from '../../domain/day-range.ts';
import {
  formatCompactQuote,
  formatHourlyRate,
  formatPrice,
  formatSizeSum,
  unknownFigure,
} from '../../domain/format.ts';
import { longShare, worth } from '../../domain/market-list.ts';
import { texts } from '../../i18n/index.ts';
import { deferred } from '../../ui/deferred.tsx';
import { SkeletonRows } from '../../ui/panel-state.tsx';
import { SideBar } from '../../ui/side-bar.tsx';
import { DayChange } from './live-price.tsx';
import { useMarket } from './use-market.ts';

const FundingDetails = deferred(
  () => import('./funding-details.tsx').then((module) => module.FundingDetails),
  () => <SkeletonRows rows={5} />,
);

function Stat(props: {
  readonly label: string;
  readonly class?: string;
  readonly title?: string | undefined;
  readonly children: JSX.Element;
}): JSX.Element {
  return (
    <dl class={`stat ${props.class ?? ''}`} title={props.title}>
      <dt>{props.label}</dt>
      <dd>{props.children}</dd>
    </dl>
  );
}

/** Two figures that come together: the second does not slide aside when the first arrives. */
function Range(props: { readonly from: string; readonly to: string; readonly mark: string }): JSX.Element {
  return (
    <Show when={props.from !== unknownFigure} fallback={`${unknownFigure} ${props.mark} ${unknownFigure}`}>
      {props.from} <span class="text-ink-3">{props.mark}</span> {props.to}
    </Show>
  );
}

const hourly = (rate: bigint | null | undefined, signed: boolean): string =>
  rate === null || rate === undefined ? unknownFigure : formatHourlyRate(rate, signed);

/** What longs pay shorts per hour, with what it comes to behind it. */
function Funding(props: {
  readonly symbol: MarketSymbol;
  readonly label: string;
  readonly class?: string;
}): JSX.Element {
  const desk = useDesk();
  const rate = () => desk.live.markets[props.symbol].stats?.funding_rate;
  return (
    <Popover.Root placement="bottom-start" gutter={8}>
      <Popover.Trigger class={`stat stat-button ${props.class ?? ''}`} data-testid="funding" title={texts.funding.open}>
        <span class="stat-name">{props.label}</span>
        <span data-testid="funding-rate">{hourly(rate(), true)}</span>
      </Popover.Trigger>
      <Popover.Content class="popover w-[320px] max-w-[calc(100vw-24px)]" aria-label={texts.funding.title}>
        <FundingDetails symbol={props.symbol} />
      </Popover.Content>
    </Popover.Root>
  );
}

/** What both sides pay the pool per hour. */
function Borrow(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  return <span data-testid="borrow-rate">{hourly(desk.live.markets[props.symbol].stats?.borrow_rate, false)}</span>;
}

function useOpenInterest(symbol: () => MarketSymbol) {
  const desk = useDesk();
  const market = useMarket(symbol);
  const live = () => desk.live.markets[symbol()];
  const long = () => live().stats?.long_open_interest ?? null;
  const short = () => live().stats?.short_open_interest ?? null;
  const money = (held: bigint | null) => {
    const value = worth(held, live().price?.price);
    return value === null ? unknownFigure : formatCompactQuote(value);
  };
  const size = (held: bigint | null) => (held === null ? unknownFigure : formatSizeSum(held, market().sizeDecimals));
  return {
    long: () => money(long()),
    short: () => money(short()),
    hint: () => texts.header.openInterestHint(size(long()), size(short()), market().base),
    longPercent: () => longShare(long() ?? 0n, short() ?? 0n),
  };
}

/** Open interest by side in USDC, and how the sides share it. */
function OpenInterest(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const held = useOpenInterest(() => props.symbol);
  return (
    <Stat label={texts.header.openInterest} class="stat-3 min-w-[9.6rem]" title={held.hint()}>
      <span class="inline-block min-w-[4.7em] text-right">{held.long()}</span>
      <SideBar class="mx-1.5 w-[36px] align-middle" longPercent={held.longPercent()} />
      <span class="inline-block min-w-[4.7em]">{held.short()}</span>
    </Stat>
  );
}

/** What it costs to be on a side of this market, in one line for a phone. */
export function MarketTerms(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const held = useOpenInterest(() => props.symbol);
  return (
    <div class="market-terms">
      <Funding symbol={props.symbol} label={texts.header.fundingShort} />
      <Stat label={texts.header.borrow} title={texts.header.borrowHint}>
        <Borrow symbol={props.symbol} />
      </Stat>
      <Stat label={texts.header.openInterest} title={held.hint()}>
        <Range from={held.long()} to={held.short()} mark="/" />
      </Stat>
    </div>
  );
}

/** The day of a market in figures; the narrower the window, the fewer of them. */
export function MarketStats(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const market = useMarket(() => props.symbol);
  const stats = () => desk.live.markets[props.symbol].stats;
  const price = (value: bigint | null | undefined) =>
    value === null || value === undefined ? unknownFigure : formatPrice(value, market().priceDecimals);
  const range = () => {
    const told = stats();
    const { price: live } = desk.live.markets[props.symbol];
    return dayRangeWith(told === undefined ? undefined : { low: told.low_24h, high: told.high_24h }, live?.price);
  };
  const volume = () => {
    const traded = stats()?.volume_quote_24h;
    return traded === undefined ? unknownFigure : formatCompactQuote(traded);
  };
  return (
    <>
      <Stat label={texts.header.change24h} class="min-w-[9.6rem]">
        <DayChange symbol={props.symbol} />
      </Stat>
      <Stat label={texts.header.range24h} class="stat-4 min-w-[9.4rem]">
        <Range from={price(range().low)} to={price(range().high)} mark="–" />
      </Stat>
      <Stat label={texts.header.volume24h} class="stat-2 min-w-[4.6rem]">
        {volume()}
      </Stat>
      <OpenInterest symbol={props.symbol} />
      <Funding symbol={props.symbol} label={texts.header.funding} class="min-w-[7.6rem]" />
      <Stat label={texts.header.borrow} class="stat-1 min-w-[5rem]" title={texts.header.borrowHint}>
        <Borrow symbol={props.symbol} />
      </Stat>
    </>
  );
}
