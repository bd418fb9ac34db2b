import { useQuery } from '@tanstack/solid-query';
import { Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { formatDateTime, formatQuote, formatShare, unknownFigure } from '../../domain/format.ts';
import { totalsOf } from '../../domain/portfolio/performance.ts';
import { texts } from '../../i18n/pages.ts';
import { Figure } from '../../ui/page-panel.tsx';
import { Signed } from '../../ui/signed.tsx';
import { useBreakdown, usePortfolio } from './use-record.ts';

/** Digits of funding: cents would show nothing. */
const smallPlaces = 4;

/** The account in one strip: what there is at the live prices, and what trading brought and cost so far. */
export function PortfolioFigures(): JSX.Element {
  const t = texts.portfolio;
  const view = useDesk().positionViews.balance;
  const { queries, address, enabled } = usePortfolio();
  const { breakdown } = useBreakdown();
  const history = useQuery(() => ({ ...queries.history(address(), '5m'), enabled: enabled() }));
  const floor = (value: bigint | undefined) =>
    value === undefined ? unknownFigure : formatQuote(value, { rounding: 'floor' });
  const totals = () => totalsOf(history.data?.rows ?? []);
  const isWhole = () => breakdown()?.since === null;
  /** From the executions where all of them were read, else from the exchange's own sum. */
  const fees = () => (isWhole() ? breakdown()?.total.fees : totals()?.fees);
  const carry = () => {
    const sum = breakdown()?.total;
    return sum === undefined ? undefined : sum.funding + sum.borrow;
  };
  const net = () => {
    const sum = breakdown()?.total;
    return sum === undefined || !isWhole() || sum.trades === 0 ? '' : t.net(formatQuote(sum.net, { plus: true }));
  };
  const since = () => {
    const from = breakdown()?.since;
    return from === undefined || from === null ? '' : t.since(formatDateTime(new Date(from)));
  };
  const share = () => {
    const known = view();
    return known === undefined || known.equity <= 0n ? '' : formatShare(known.marginInUse, known.equity, 1);
  };
  return (
    <dl class="figures" aria-label={t.figures}>
      <Figure label={t.equity} testId="portfolio-equity">
        {floor(view()?.equity)}
      </Figure>
      <Figure label={t.free}>{floor(view()?.free)}</Figure>
      <Figure label={t.marginUsed} under={share()}>
        {floor(view()?.marginInUse)}
      </Figure>
      <Figure label={t.unrealized}>
        <Signed value={view()?.unrealized} text={formatQuote(view()?.unrealized ?? 0n, { plus: true })} arrow />
      </Figure>
      <Figure label={t.realized} hint={t.realizedHint} under={net()}>
        <Signed value={view()?.realized} text={formatQuote(view()?.realized ?? 0n, { plus: true })} arrow />
      </Figure>
      <Figure label={t.fees} hint={t.feesHint}>
        <Show when={fees() !== undefined} fallback={unknownFigure}>
          {formatQuote(fees() ?? 0n, { rounding: 'ceil' })}
        </Show>
      </Figure>
      <Figure label={t.funding} hint={t.fundingHint} under={since()}>
        <Show when={carry() !== undefined} fallback={unknownFigure}>
          {formatQuote(carry() ?? 0n, { places: smallPlaces, rounding: 'ceil' })}
        </Show>
      </Figure>
    </dl>
  );
}
