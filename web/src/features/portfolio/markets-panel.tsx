import { A } from '@solidjs/router';
import { For, Show, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import { formatCompactQuote, formatDateTime, formatQuote } from '../../domain/format.ts';
import type { MarketSum } from '../../domain/portfolio/breakdown.ts';
import { texts } from '../../i18n/pages.ts';
import { PagePanel } from '../../ui/page-panel.tsx';
import { Notice, PanelState } from '../../ui/panel-state.tsx';
import { Signed } from '../../ui/signed.tsx';
import { listStatus, useBreakdown } from './use-record.ts';

const t = texts.portfolio.markets;
const columns = [t.market, t.trades, t.volume, t.realized, t.fees, t.impact, t.funding, t.borrow] as const;
/** Digits of funding and borrow: cents would show nothing. */
const smallPlaces = 4;
/** They give way where the window is narrow: every summand of the net result stays. */
const derived: readonly string[] = [t.trades, t.volume];

/** What each market brought and cost, from the trader's own executions. */
export function MarketsPanel(): JSX.Element {
  const { record, breakdown } = useBreakdown();
  /** Without it the row would not add up; most traders never have any. */
  const hasCovered = () => (breakdown()?.total.covered ?? 0n) > 0n;
  return (
    <PagePanel title={t.title} hint={t.hint} testId="by-market">
      {/* Room for every market: what stands below stays where it is, however many were traded. */}
      <div class="min-h-[146px]">
        <PanelState
          status={listStatus(record, breakdown()?.markets)}
          skeleton={<div class="skeleton mx-3 mb-3 h-[134px]" />}
          empty={<Notice title={t.empty} text={t.emptyText} />}
          errorText={errorText(record.error)}
          onRetry={() => void record.refetch()}
        >
          <div class="table-scroll">
            <table class="grid-table">
              <thead>
                <tr>
                  <For each={columns}>
                    {(label) => (
                      <th scope="col" classList={{ derived: derived.includes(label) }}>
                        {label}
                      </th>
                    )}
                  </For>
                  <Show when={hasCovered()}>
                    <th scope="col" title={t.coveredHint}>
                      {t.covered}
                    </th>
                  </Show>
                  <th scope="col">{t.net}</th>
                </tr>
              </thead>
              <tbody>
                <For each={breakdown()?.markets}>
                  {({ symbol, sum }) => (
                    <SumRow sum={sum} covered={hasCovered()}>
                      <A href={`/trade/${symbol}`} class="market-link">
                        {symbol}
                      </A>
                    </SumRow>
                  )}
                </For>
                <Show when={breakdown()}>
                  {(known) => (
                    <SumRow sum={known().total} covered={hasCovered()} total>
                      {t.total}
                    </SumRow>
                  )}
                </Show>
              </tbody>
            </table>
          </div>
          <Show when={breakdown()?.since}>
            {(since) => <p class="px-3 py-2 text-ink-3">{t.since(formatDateTime(new Date(since())))}</p>}
          </Show>
        </PanelState>
      </div>
    </PagePanel>
  );
}

/** Costs are shown as what they do to the result: a cost is a minus. */
function SumRow(props: {
  readonly sum: MarketSum;
  readonly covered: boolean;
  readonly total?: boolean;
  readonly children: JSX.Element;
}): JSX.Element {
  const cost = (value: bigint, places = 2) => formatQuote(-value, { places, plus: true, rounding: 'floor' });
  return (
    <tr classList={{ 'total-row': props.total === true }}>
      <th scope="row">{props.children}</th>
      <td data-label={t.trades} class="derived">
        {props.sum.trades}
      </td>
      <td data-label={t.volume} class="derived">
        {formatCompactQuote(props.sum.volume)}
      </td>
      <td data-label={t.realized}>
        <Signed value={props.sum.realized} text={formatQuote(props.sum.realized, { plus: true })} />
      </td>
      <td data-label={t.fees}>{cost(props.sum.fees)}</td>
      <td data-label={t.impact}>{cost(props.sum.impact)}</td>
      <td data-label={t.funding}>{cost(props.sum.funding, smallPlaces)}</td>
      <td data-label={t.borrow}>{cost(props.sum.borrow, smallPlaces)}</td>
      <Show when={props.covered}>
        <td data-label={t.covered}>{formatQuote(props.sum.covered, { plus: true })}</td>
      </Show>
      <td data-label={t.net}>
        <Signed value={props.sum.net} text={formatQuote(props.sum.net, { plus: true })} arrow />
      </td>
    </tr>
  );
}
