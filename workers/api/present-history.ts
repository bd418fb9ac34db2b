import { isMarketSymbol, MARKETS, type MarketSymbol } from '#shared/markets.ts';
import { price as toPrice } from '#shared/money/units.ts';
import { marketSymbolOf, timestampOf } from '#shared/protocol/present/fields.ts';
import type { FillDto, FundingPaymentDto, LiquidationDto, ReceiptDto } from '#shared/protocol/fills.ts';
import type { PositionCostsDto, PositionHistoryDto } from '#shared/protocol/positions.ts';
import type { FillRecord } from '#db/repositories/fills.ts';
import type { LiquidationRecord } from '#db/repositories/liquidations.ts';
import type { PositionCosts } from '#db/repositories/position-costs.ts';
import type { PositionHistoryRecord } from '#db/repositories/positions.ts';
import type { Receipt } from '#db/repositories/receipts.ts';
import type { FundingPaymentRecord } from '#db/repositories/transfers.ts';

export const presentFill = (record: FillRecord): FillDto => ({
  id: record.id,
  order_id: record.orderId,
  position_id: record.positionId,
  symbol: marketSymbolOf(record.symbol),
  side: record.side,
  reason: record.reason,
  quantity: record.quantity,
  price: record.price,
  fee: record.fee,
  impact: record.impact,
  realized_pnl: record.realizedPnl,
  funding: record.funding,
  borrow: record.borrow,
  publish_time: record.publishTime,
  transaction_hash: record.transactionHash,
  created_at: timestampOf(record.createdAtMs),
});

export const presentLiquidation = (record: LiquidationRecord): LiquidationDto => ({
  id: record.id,
  position_id: record.positionId,
  symbol: marketSymbolOf(record.symbol),
  side: record.side,
  quantity: record.quantity,
  price: record.price,
  full: record.isFull,
  realized_pnl: record.realizedPnl,
  funding: record.funding,
  borrow: record.borrow,
  liquidation_fee: record.liquidationFee,
  keeper_reward: record.keeperReward,
  margin_released: record.marginReleased,
  bad_debt: record.badDebt,
  liquidator: record.liquidator,
  publish_time: record.publishTime,
  transaction_hash: record.transactionHash,
  created_at: timestampOf(record.createdAtMs),
});

export const presentPositionCosts = (costs: PositionCosts): PositionCostsDto => ({
  position_id: costs.positionId,
  symbol: marketSymbolOf(costs.symbol),
  funding_paid: costs.fundingPaid,
  borrow_paid: costs.borrowPaid,
  fees_paid: costs.feesPaid,
  impact_paid: costs.impactPaid,
});

export const presentFundingPayment = (record: FundingPaymentRecord): FundingPaymentDto => ({
  id: record.id,
  position_id: record.positionId,
  symbol: marketSymbolOf(record.symbol),
  funding: record.funding,
  borrow: record.borrow,
  transaction_hash: record.transactionHash,
  created_at: timestampOf(record.createdAtMs),
});

export const presentPositionHistory = (positionId: string, record: PositionHistoryRecord): PositionHistoryDto => ({
  id: record.id,
  position_id: positionId,
  action: record.action,
  size_change: record.sizeChange,
  price_change: record.priceChange,
  pnl_change: record.pnlChange,
  margin_change: record.marginChange,
  transaction_hash: record.transactionHash,
  created_at: timestampOf(record.createdAtMs),
});

/** The program's events of one transaction, with the price they used where they used one. */
export const presentReceipt = (signature: string, slot: number, receipts: readonly Receipt[]): ReceiptDto => ({
  signature,
  slot,
  events: receipts.map(({ event, data }) => {
    const fields = isFields(data) ? data : {};
    const oracle = isFields(fields.oracle) ? fields.oracle : {};
    const symbol = symbolOf(fields);
    return {
      name: event,
      symbol,
      feed_id: MARKETS.find((market) => market.symbol === symbol)?.feedId ?? null,
      publish_time: secondsOf(oracle.publishTime),
      prev_publish_time: secondsOf(oracle.prevPublishTime),
      price: priceOf(oracle.price),
      confidence: priceOf(oracle.conf),
      data: fields,
    };
  }),
});

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function symbolOf({ symbol, marketIndex }: Fields): MarketSymbol | null {
  if (typeof symbol === 'string' && isMarketSymbol(symbol)) return symbol;
  return MARKETS.find((market) => String(market.index) === String(marketIndex))?.symbol ?? null;
}

const isIntegerText = (value: unknown): value is string => typeof value === 'string' && /^\d{1,20}$/.test(value);
const secondsOf = (value: unknown): number | null => (isIntegerText(value) ? Number(value) : null);
const priceOf = (value: unknown) => (isIntegerText(value) ? toPrice(BigInt(value)) : null);
