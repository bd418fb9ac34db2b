import type { RiskAlertDto } from '#shared/protocol/risk.ts';
import { useQuery } from '@tanstack/solid-query';
import { For, Show, type JSX } from 'solid-js';

import { useDesk } from '../../data/desk.ts';
import { errorText } from '../../data/error-text.ts';
import { riskQueries } from '../../data/risk-queries.ts';
import { formatDateTime } from '../../domain/format.ts';
import { severityOf, type Severity } from '../../domain/risk/alerts.ts';
import { texts } from '../../i18n/pages.ts';
import { PagePanel } from '../../ui/page-panel.tsx';
import { Notice, PanelState, SkeletonRows } from '../../ui/panel-state.tsx';
import { listStatus } from '../portfolio/use-record.ts';

const t = texts.risk.alerts;
const tones: Record<Severity, string | undefined> = { serious: 'down', warning: 'warn', notice: undefined };

/** What the trader was warned of and what happened without his order, newest first. */
export function AlertsPanel(): JSX.Element {
  const desk = useDesk();
  const queries = riskQueries(desk.client);
  const address = () => desk.session.address();
  const alerts = useQuery(() => ({ ...queries.alerts(address() ?? ''), enabled: address() !== undefined }));
  return (
    <PagePanel title={t.title} testId="alerts">
      <PanelState
        status={listStatus(alerts, alerts.data?.items)}
        skeleton={<SkeletonRows rows={3} />}
        empty={<Notice title={t.empty} text={t.emptyText} />}
        errorText={errorText(alerts.error)}
        onRetry={() => void alerts.refetch()}
      >
        <div class="table-scroll">
          <table class="grid-table alert-table">
            <thead>
              <tr>
                <For each={[t.time, t.severity, t.market, t.message]}>{(label) => <th scope="col">{label}</th>}</For>
                <th scope="col">
                  <span class="visually-hidden">{t.receipt}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              <For each={alerts.data?.items}>{(alert) => <AlertRow alert={alert} />}</For>
            </tbody>
          </table>
        </div>
      </PanelState>
    </PagePanel>
  );
}

function AlertRow(props: { readonly alert: RiskAlertDto }): JSX.Element {
  const desk = useDesk();
  const severity = () => severityOf(props.alert.kind);
  const receipt = () => (props.alert.kind === 'liquidated' ? props.alert.transaction_hash : null);
  return (
    <tr data-testid="alert" data-severity={severity()}>
      <th scope="row" class="text-ink-2">
        {formatDateTime(new Date(props.alert.created_at))}
      </th>
      <td data-label={t.severity}>
        <span class="tag" data-tone={tones[severity()]}>
          {t.severities[severity()]}
        </span>
      </td>
      <td data-label={t.market}>{props.alert.symbol}</td>
      <td class="wide-cell whitespace-normal!">{props.alert.message}</td>
      <td>
        <Show when={receipt()}>
          {(signature) => (
            <button type="button" class="button button-small" onClick={() => desk.showReceipt(signature())}>
              {t.receipt}
            </button>
          )}
        </Show>
      </td>
    </tr>
  );
}
