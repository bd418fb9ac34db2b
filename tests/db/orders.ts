import { newId, userIdOf } from '../../workers/platform/ids.ts';
import type { OrderRecord } from '../../workers/account/contract.ts';

const owner = 'Owner'.padEnd(44, 'x');

/** A market order that was just accepted. */
export const anOrder = (change: Partial<OrderRecord> = {}): OrderRecord => ({
  orderId: newId(),
  userId: userIdOf(owner),
  owner,
  version: 1,
  intent: 'trade',
  symbol: 'SOL-PERP',
  side: 'buy',
  orderType: 'market',
  quantity: 250_000_000n,
  price: null,
  stopPrice: null,
  reduceOnly: false,
  leverageE2: 2000,
  maxSlippageBps: 50,
  timeInForce: 'ioc',
  expiresAtMs: null,
  clientOrderId: null,
  takeProfit: null,
  stopLoss: null,
  groupId: null,
  parentOrderId: null,
  exitKind: null,
  analysisId: null,
  stage: 'accepted',
  status: 'pending',
  eligibleFrom: 1_749_758_401,
  filledQuantity: 0n,
  averageFillPrice: null,
  fee: 0n,
  positionId: null,
  transactionHash: null,
  error: null,
  createdAtMs: Date.UTC(2025, 5, 12, 20, 0, 0, 123),
  executedAtMs: null,
  attempts: [],
  ...change,
});
