import type { MarketSymbol } from '#shared/markets.ts';
import { quote } from '#shared/money/units.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, createMemo, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatHourlyRate, formatQuote, unknownFigure } from '../../domain/format.ts';
import { hourlyCost, viewFunding } from '../../domain/funding-view.ts';
import { texts } from '../../i18n/index.ts';
import { Signed } from '../../ui/signed.tsx';

/** The notional whose cost is told: 10,000 USDC. */
const exampleNotional = quote(10_000_000_000n);
const costPlaces = 4;

/** What it costs to be on a side of this market, and why there is no countdown. */
export function FundingDetails(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const markets = useQuery(() => desk.queries.markets());
  const t = texts.funding;
  const stats = () => desk.live.markets[props.symbol].stats;
  const view = createMemo(() => {
    const rate = stats()?.funding_rate;
    const market = markets.data?.find(({ symbol }) => symbol === props.symbol);
    return rate === null || rate === undefined ? undefined : viewFunding(rate, market?.parameters);
  });
  const payer = () => {
    switch (view()?.payer) {
      case 'long':
        return t.longsPay;
      case 'short':
        return t.shortsPay;
      default:
        return t.nobodyPays;
    }
  };
  /** Funding and borrow together, as they change the equity of a side. */
  const costs = () => {
    const borrow = stats()?.borrow_rate ?? 0n;
    const funding = view()?.hourly ?? 0n;
    return (['long', 'short'] as const).map((side) => ({
      side,
      equity: -(hourlyCost(exampleNotional, funding, side) + hourlyCost(exampleNotional, borrow, 'long')),
    }));
  };
  const rate = (value: bigint | null | undefined, signed = true) =>
    value === null || value === undefined ? unknownFigure : formatHourlyRate(value, signed);
  return (
    <div class="grid gap-3 p-3" data-testid="funding-details">
      <dl class="facts">
        <div>
          <dt>{payer()}</dt>
          <dd>{rate(view()?.hourly)}</dd>
        </div>
        <div>
          <dt>{t.perDay}</dt>
          <dd>{rate(view()?.daily)}</dd>
        </div>
        <div>
          <dt>{t.perYear}</dt>
          <dd>{rate(view()?.yearly)}</dd>
        </div>
        <Show when={view()?.hourlyMax}>
          {(most) => (
            <div>
              <dt>{t.most}</dt>
              <dd>±{rate(most(), false)}</dd>
            </div>
          )}
        </Show>
        <div>
          <dt>{texts.header.borrow}</dt>
          <dd>{rate(stats()?.borrow_rate, false)}</dd>
        </div>
      </dl>
      <p class="border-t border-line pt-2 text-ink-3">{t.cost}</p>
      <dl class="facts -mt-2">
        <For each={costs()}>
          {({ side, equity }) => (
            <div>
              <dt>{t[side]}</dt>
              <dd>
                <Signed
                  value={equity}
                  text={`${formatQuote(equity, { plus: true, places: costPlaces, rounding: 'floor' })} USDC`}
                />
              </dd>
            </div>
          )}
        </For>
      </dl>
      <p class="max-w-[44ch] text-ink-3">{t.noCountdown}</p>
    </div>
  );
}
