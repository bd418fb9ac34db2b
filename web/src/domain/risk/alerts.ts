import type { RiskAlertDto } from '#shared/protocol/risk.ts';

export type Severity = 'serious' | 'warning' | 'notice';

/** How much an alert matters: money was lost to a liquidation, something has to be done, or something was done. */
export function severityOf(kind: RiskAlertDto['kind']): Severity {
  switch (kind) {
    case 'liquidated':
      return 'serious';
    case 'margin_warning':
    case 'exit_failed':
      return 'warning';
    case 'closed_at_cap':
    case 'closed_by_request':
      return 'notice';
  }
}
