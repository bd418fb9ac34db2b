import type { MarketSymbol } from '#shared/markets.ts';
import { createSignal, onCleanup, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatPrice, unknownFigure } from '../../domain/format.ts';
import { oracleTone } from '../../domain/oracle-view.ts';
import { priceAgeSeconds } from '../../domain/server-clock.ts';
import { texts } from '../../i18n/index.ts';
import { useMarket } from './use-market.ts';

const ageTickMs = 500;
/** A healthy feed is a second or two old; more is worth a look, long before the exchange calls it stale. */
const ageNoticeableSeconds = 5;

/** State, age and confidence of the oracle price: what every order depends on. Its place has room for each of them. */
export function OracleBadge(props: { readonly symbol: MarketSymbol }): JSX.Element {
  const desk = useDesk();
  const market = useMarket(() => props.symbol);
  const [now, setNow] = createSignal(desk.live.exchangeNowMs());
  const timer = setInterval(() => setNow(desk.live.exchangeNowMs()), ageTickMs);
  onCleanup(() => clearInterval(timer));

  const live = () => desk.live.markets[props.symbol];
  const view = () => oracleTone(live().price?.state, live().silent);
  const ageSeconds = () => {
    const publishTime = live().price?.publish_time;
    return publishTime === undefined ? undefined : priceAgeSeconds(publishTime, now());
  };
  const age = () => (ageSeconds() === undefined ? unknownFigure : texts.oracle.age(String(ageSeconds())));
  const confidence = () => {
    const price = live().price;
    return price === undefined
      ? unknownFigure
      : texts.oracle.confidence(formatPrice(price.confidence, market().priceDecimals));
  };
  return (
    <dl class="stat oracle-badge" title={view().text}>
      <dt>
        <span class="tag" data-tone={view().tone} data-testid="oracle-state">
          {view().label}
        </span>
      </dt>
      <dd class="text-ink-2">
        <span
          class="mr-1 inline-block min-w-[2.3em]"
          classList={{ 'text-warn': (ageSeconds() ?? 0) > ageNoticeableSeconds }}
          data-testid="oracle-age"
        >
          {age()}
        </span>
        <span class="text-ink-3">{confidence()}</span>
      </dd>
    </dl>
  );
}
