import { divCeil, max } from '#shared/money/divide.ts';
import { BPS_SCALE, quote } from '#shared/money/units.ts';
import type { DelegateDto, PortfolioPointDto, TransferDto } from '#shared/protocol/portfolio.ts';
import { timestampOf } from '#shared/protocol/present/fields.ts';
import type { PortfolioPoint } from '#db/repositories/portfolio.ts';
import type { TransferRecord } from '#db/repositories/transfers.ts';
import type { ChainAccount } from '../chain/accounts.ts';

/** A snapshot with its drawdown: the best result until then less this one, and its share of the equity there would be without it. */
export function presentPortfolioPoint(point: PortfolioPoint): PortfolioPointDto {
  const result = point.realizedPnl + point.unrealizedPnl - point.tradingFeesPaid;
  const drawdown = max(point.peakResult - result, 0n);
  const without = point.totalBalance + drawdown;
  return {
    time: timestampOf(point.snapshotTimeMs),
    total_balance: point.totalBalance,
    available_balance: point.availableBalance,
    margin_used: point.marginUsed,
    unrealized_pnl: point.unrealizedPnl,
    net_realized_pnl: point.realizedPnl,
    trading_fees_paid: point.tradingFeesPaid,
    drawdown: quote(drawdown),
    drawdown_bps: without === 0n ? 0 : Number(divCeil(drawdown * BPS_SCALE, without)),
  };
}

export const presentTransfer = (record: TransferRecord): TransferDto => ({
  id: record.id,
  kind: record.kind,
  status: record.status,
  amount: record.amount,
  paid: record.paid,
  transaction_hash: record.transactionHash,
  created_at: timestampOf(record.createdAtMs),
});

/** A delegation at a moment; null where the account was never opened. */
export function presentDelegate(delegate: ChainAccount['delegate'] | null, nowMs: number): DelegateDto {
  if (delegate === null || !delegate.enabled)
    return { state: 'none', expires_at: null, turnover_cap: null, max_slippage_bps: null };
  const expiresMs = Number(delegate.expiresAt) * 1_000;
  return {
    state: nowMs < expiresMs ? 'active' : 'expired',
    expires_at: timestampOf(expiresMs),
    turnover_cap: quote(delegate.turnoverCap),
    max_slippage_bps: delegate.maxSlippageBps,
  };
}
