import { displayDecimal } from '#shared/money/format.ts';
import { PRICE_DECIMALS } from '#shared/money/units.ts';
import { useQuery } from '@tanstack/solid-query';
import { Show, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import { annualYield, type YieldSpan } from '../../domain/earn/annual-yield.ts';
import { formatCompactQuote, formatQuote, formatShare, unknownFigure } from '../../domain/format.ts';
import { ranges } from '../../domain/portfolio/performance.ts';
import { texts } from '../../i18n/pages.ts';
import { Figure } from '../../ui/page-panel.tsx';
import { Notice } from '../../ui/panel-state.tsx';
import { Signed } from '../../ui/signed.tsx';
import { usePool } from './use-pool.ts';

/** Digits of a share price: a day moves it by less than a hundredth of a cent. */
const sharePricePlaces = 6;
/** One unit of the last digit of a share price, as shown. */
export const finestSharePrice = 10n ** BigInt(PRICE_DECIMALS - sharePricePlaces);
export const formatSharePrice = (price: bigint): string =>
  displayDecimal(price, PRICE_DECIMALS, { places: sharePricePlaces, rounding: 'floor' });

const compact = (value: bigint | null | undefined): string =>
  value === null || value === undefined ? unknownFigure : formatCompactQuote(value);

/** What a share gained over a span, per year. */
function YearlyGain(props: { readonly span: YieldSpan }): JSX.Element {
  const { pool, queries } = usePool();
  const history = useQuery(() => queries.history(ranges[props.span].interval));
  const gain = () =>
    annualYield(history.data ?? [], { span: props.span, nowMs: Date.now(), price: pool.data?.share_price });
  return (
    <>
      <span class="mr-1.5 font-normal text-ink-3">{texts.earn.chart.ranges[props.span]}</span>
      <Show when={gain()} fallback={unknownFigure}>
        {(known) => <Signed value={known().part} text={formatShare(known().part, known().whole, 2, true)} />}
      </Show>
    </>
  );
}

/** The pool in one strip. */
export function PoolFigures(): JSX.Element {
  const t = texts.earn;
  const { pool, view } = usePool();
  const price = () => pool.data?.share_price ?? null;
  const owed = () => view()?.owedToTraders ?? null;
  const utilisation = () =>
    pool.data === undefined ? unknownFigure : formatShare(BigInt(pool.data.utilisation_bps), 10_000n);
  return (
    <Show
      when={pool.data !== undefined || !pool.isError}
      fallback={
        <section class="panel">
          <Notice title={texts.common.failed} text={errorText(pool.error)}>
            <button type="button" class="button button-small" onClick={() => void pool.refetch()}>
              {texts.common.retry}
            </button>
          </Notice>
        </section>
      }
    >
      <dl class="figures" aria-label={t.figures} aria-busy={pool.data === undefined}>
        <Figure label={t.sharePrice} hint={t.sharePriceHint} testId="share-price">
          {price() === null ? unknownFigure : formatSharePrice(price() ?? 0n)}
        </Figure>
        <Figure label={t.yearly} hint={t.yearlyHint} testId="yearly" under={<YearlyGain span="month" />}>
          <YearlyGain span="week" />
        </Figure>
        <Figure label={t.tvl} hint={t.tvlHint} testId="pool-value">
          {compact(pool.data?.equity)}
        </Figure>
        <Figure label={t.utilisation} hint={t.utilisationHint} under={t.reserved(compact(view()?.reserved))}>
          {utilisation()}
        </Figure>
        <Figure label={t.owed} hint={t.owedHint}>
          <Signed value={owed() === null ? null : -(owed() ?? 0n)} text={formatQuote(owed() ?? 0n, { plus: true })} />
        </Figure>
        <Figure label={t.fees} hint={t.feesHint}>
          {view() === undefined ? unknownFigure : formatQuote(view()?.feesEarned ?? 0n, { rounding: 'floor' })}
        </Figure>
        <Figure label={t.insurance} hint={t.insuranceHint}>
          {pool.data === undefined ? unknownFigure : formatQuote(pool.data.insurance, { rounding: 'floor' })}
        </Figure>
      </dl>
      <Show when={pool.data !== undefined && pool.data.equity === null}>
        <p class="panel mt-1 px-3 py-2 text-warn" role="status">
          {t.unpriced}
        </p>
      </Show>
    </Show>
  );
}
