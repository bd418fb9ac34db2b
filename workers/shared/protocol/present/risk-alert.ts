import { marketSymbolOf, timestampOf } from './fields.ts';
import type { RiskAlertDto } from '../risk.ts';
import type { RiskAlert } from '#shared/account-view.ts';

/** A warning or a liquidation as the trader sees it. */
export function presentRiskAlert(alert: RiskAlert): RiskAlertDto {
  return {
    id: alert.id,
    kind: alert.kind,
    symbol: marketSymbolOf(alert.symbol),
    position_id: alert.positionId,
    message: alert.message,
    transaction_hash: alert.signature,
    created_at: timestampOf(alert.createdAtMs),
  };
}
