import type { IndexedEvent } from '#shared/events.ts';
import { displayDecimal, displayExact } from '#shared/money/format.ts';
import { PRICE_DECIMALS, QUOTE_DECIMALS, SIZE_DECIMALS } from '#shared/money/units.ts';
import { derivedId } from '../platform/ids.ts';
import type { Refusal } from '#shared/protocol/error-codes.ts';
import type { RiskAlert } from './contract.ts';
import type { AccountEvent } from './event-fields.ts';
import type { StoredOrder } from './order-machine.ts';

type ReductionEvent = Extract<AccountEvent, { name: 'PositionReduced' }>;
type LiquidationEvent = Extract<AccountEvent, { name: 'PositionLiquidated' }>;

/** A liquidation, as its owner is told. */
export function liquidationAlert(event: IndexedEvent, { data }: LiquidationEvent, positionId: string): RiskAlert {
  const symbol = event.streams.position?.symbol ?? '';
  const price = displayDecimal(data.oracle.price, PRICE_DECIMALS, { places: 2 });
  const size = displayExact(data.size, SIZE_DECIMALS);
  const what = data.after.size > 0n ? `A part of your ${symbol} position (${size})` : `Your ${symbol} position`;
  return {
    id: derivedId('liquidation', event.signature, event.indexInTransaction),
    kind: 'liquidated',
    symbol,
    positionId,
    message: `${what} was liquidated at ${price} USD: its margin no longer covered the maintenance margin. ${resultText(data)}`,
    signature: event.signature,
    createdAtMs: event.blockTimeMs,
  };
}

/** A close that anyone could bring about: at the cap of its profit, or because its owner asked for it on chain. Null for the others. */
export function closeAlert(event: IndexedEvent, { data }: ReductionEvent, positionId: string): RiskAlert | null {
  if (data.reason === 'order') return null;
  const isCapped = data.reason === 'capped';
  const symbol = event.streams.position?.symbol ?? '';
  const price = displayDecimal(data.fillPrice, PRICE_DECIMALS, { places: 2 });
  const size = displayExact(data.size, SIZE_DECIMALS);
  const what = data.after.size > 0n ? `A part of your ${symbol} position (${size})` : `Your ${symbol} position`;
  const why = isCapped ? 'it had reached the most that it could win.' : 'this is what you had requested on chain.';
  return {
    id: derivedId('close', event.signature, event.indexInTransaction),
    kind: isCapped ? 'closed_at_cap' : 'closed_by_request',
    symbol,
    positionId,
    message: `${what} was closed at ${price} USD: ${why}`,
    signature: event.signature,
    createdAtMs: event.blockTimeMs,
  };
}

/** An exit whose price came and that could not be executed, told once per order and reason: it waits on, but its trader should know. */
export function exitAlert(order: StoredOrder, { code, message }: Refusal, nowMs: number): RiskAlert {
  const exit = order.exitKind === 'take_profit' ? 'take-profit' : 'stop-loss';
  return {
    id: derivedId('exit_failed', order.orderId, code),
    kind: 'exit_failed',
    symbol: order.symbol,
    positionId: order.positionId ?? '',
    message: `The ${exit} of your ${order.symbol} position could not be executed: ${message} It goes on trying while the position is open.`,
    signature: order.attempts.at(-1)?.signature ?? null,
    createdAtMs: nowMs,
  };
}

/** What the position came to for its owner: profit less funding, borrow and the liquidation fee; what the margin did not cover is not his. */
function resultText(data: LiquidationEvent['data']): string {
  const { realizedPnl, funding, borrow, liquidationFee, badDebt } = data;
  const result = realizedPnl - funding - borrow - liquidationFee + badDebt;
  const usdc = (amount: bigint): string => `${displayDecimal(amount, QUOTE_DECIMALS, { places: 2 })} USDC`;
  const total = result > 0n ? `Profit: ${usdc(result)}` : `Loss: ${usdc(-result)}`;
  return `${total}, including the liquidation fee of ${usdc(liquidationFee)}.`;
}
