export type OrderSide = 'buy' | 'sell';
export type OrderType = 'market' | 'limit' | 'stop' | 'stop_limit';
export type TimeInForce = 'gtc' | 'ioc' | 'gtt';

export type ExitKind = 'take_profit' | 'stop_loss';

export type OrderStage =
  'accepted' | 'resting' | 'triggered' | 'submitted' | 'filled' | 'rejected' | 'cancelled' | 'expired';
export type OrderStatus = 'pending' | 'filled' | 'cancelled' | 'rejected';
/** What the instruction does: trades, or a change of margin that travels the same road. */
export type OrderIntent = 'trade' | 'add_margin' | 'remove_margin';

/** An order as AccountObject keeps it. Money in integers; times in milliseconds. */
export interface OrderRecord {
  readonly orderId: string;
  readonly userId: string;
  readonly owner: string;
  readonly version: number;
  readonly intent: OrderIntent;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly orderType: OrderType;
  /** Base 1e-8 for a trade; for a change of margin the amount, quote 1e-6. */
  readonly quantity: bigint;
  readonly price: bigint | null;
  readonly stopPrice: bigint | null;
  readonly reduceOnly: boolean;
  readonly leverageE2: number;
  readonly maxSlippageBps: number;
  readonly timeInForce: TimeInForce;
  readonly expiresAtMs: number | null;
  readonly clientOrderId: string | null;
  /** Prices of the exits that appear when it is filled. */
  readonly takeProfit: bigint | null;
  readonly stopLoss: bigint | null;
  /** Orders of which one execution cancels the others. */
  readonly groupId: string | null;
  /** Of an exit: the order that opened what it closes; null where it was set for the position. */
  readonly parentOrderId: string | null;
  readonly exitKind: ExitKind | null;
  readonly analysisId: string | null;
  readonly stage: OrderStage;
  readonly status: OrderStatus;
  /** First publish time (seconds) at which it may execute. */
  readonly eligibleFrom: number;
  readonly filledQuantity: bigint;
  readonly averageFillPrice: bigint | null;
  readonly fee: bigint;
  readonly positionId: string | null;
  readonly transactionHash: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
  readonly createdAtMs: number;
  readonly executedAtMs: number | null;
  readonly attempts: readonly OrderAttempt[];
}

/** One signed transaction for an order; stored before it is sent. */
export interface OrderAttempt {
  readonly signature: string;
  readonly expectedSeq: bigint;
  readonly signedAtMs: number;
  readonly lastValidBlockHeight: number;
  readonly outcome: 'sent' | 'landed' | 'failed' | 'expired';
  /** When that was decided (the block's time where it landed); null while it may still land. */
  readonly settledAtMs: number | null;
  readonly reason: string | null;
}

export interface CommandRecord {
  readonly idempotencyKey: string;
  readonly kind: string;
  readonly createdAtMs: number;
  readonly orderId: string | null;
  readonly outcome: 'running' | 'done' | 'refused';
  readonly order: OrderRecord | null;
  /** All orders it concerned that are still kept, as they are now. */
  readonly orders: readonly OrderRecord[];
  /** Of a `cancel_after`: what it answered. */
  readonly cancelAtMs: number | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}
