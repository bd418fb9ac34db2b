import { marketOf } from '#shared/markets.ts';
import { A } from '@solidjs/router';
import { For, Show, type JSX } from 'solid-js';

import { errorText } from '../../data/error-text.ts';
import type { MarketExposure } from '../../domain/earn/pool-view.ts';
import { formatCompactQuote, formatQuote, formatShare, formatSizeSum, unknownFigure } from '../../domain/format.ts';
import { texts } from '../../i18n/pages.ts';
import { PagePanel } from '../../ui/page-panel.tsx';
import { Notice, PanelState } from '../../ui/panel-state.tsx';
import { Signed } from '../../ui/signed.tsx';
import { listStatus } from '../portfolio/use-record.ts';
import { usePool } from './use-pool.ts';

const t = texts.earn.exposure;
const columns = [
  { label: t.market },
  { label: t.side, hint: t.sideHint },
  { label: t.value },
  { label: t.owed, hint: t.owedHint },
  { label: t.reserved },
  { label: t.backing, class: 'derived' },
  { label: t.fees },
] as const;

/** What the pool holds against each market's traders. */
export function ExposurePanel(): JSX.Element {
  const { pool, view } = usePool();
  return (
    <PagePanel title={t.title} testId="exposure">
      <PanelState
        status={listStatus(pool, view()?.markets)}
        skeleton={<div class="skeleton mx-3 mb-3 h-[104px]" />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
        errorText={errorText(pool.error)}
        onRetry={() => void pool.refetch()}
      >
        <div class="table-scroll">
          <table class="grid-table">
            <thead>
              <tr>
                <For each={columns}>
                  {(column) => (
                    <th
                      scope="col"
                      class={'class' in column ? column.class : undefined}
                      title={'hint' in column ? column.hint : undefined}
                    >
                      {column.label}
                    </th>
                  )}
                </For>
              </tr>
            </thead>
            <tbody>
              <For each={view()?.markets}>{(market) => <ExposureRow market={market} />}</For>
            </tbody>
          </table>
        </div>
      </PanelState>
    </PagePanel>
  );
}

function ExposureRow(props: { readonly market: MarketExposure }): JSX.Element {
  const definition = () => marketOf(props.market.symbol);
  const magnitude = () => (props.market.poolSize < 0n ? -props.market.poolSize : props.market.poolSize);
  const side = () => (props.market.poolSize > 0n ? t.long : props.market.poolSize < 0n ? t.short : t.flat);
  const owed = () => props.market.owedToTraders;
  return (
    <tr data-testid="exposure-market">
      <th scope="row">
        <A href={`/trade/${props.market.symbol}`} class="market-link">
          {props.market.symbol}
        </A>
      </th>
      <td data-label={t.side} class="wide-cell">
        <span>
          {side()}
          <Show when={magnitude() > 0n}>
            {` ${formatSizeSum(magnitude(), definition().sizeDecimals)} `}
            <span class="text-ink-3">{definition().base}</span>
          </Show>
        </span>
      </td>
      <td data-label={t.value}>
        {props.market.poolNotional === null ? unknownFigure : formatQuote(props.market.poolNotional)}
      </td>
      <td data-label={t.owed}>
        <Signed value={owed() === null ? null : -(owed() ?? 0n)} text={formatQuote(owed() ?? 0n, { plus: true })} />
      </td>
      <td data-label={t.reserved} class="wide-cell">
        <span>
          {formatCompactQuote(props.market.reserved)}
          <span class="ml-1.5 inline-block min-w-[3.6em] text-ink-3">
            {formatShare(BigInt(props.market.utilisationBps), 10_000n)}
          </span>
          <span
            class="bar"
            aria-hidden="true"
            style={{ '--filled': `${Math.min(100, props.market.utilisationBps / 100)}%` }}
          />
        </span>
      </td>
      <td data-label={t.backing} class="derived">
        {formatCompactQuote(props.market.backing)}
      </td>
      <td data-label={t.fees}>{formatQuote(props.market.feesEarned, { rounding: 'floor' })}</td>
    </tr>
  );
}
