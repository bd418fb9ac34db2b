import type { IndexedEvent } from '#shared/events.ts';
import type { Result } from '#shared/protocol/error-codes.ts';
import type {
  BuildTransactionRequest,
  BuiltTransactionDto,
  FaucetDto,
  SubmittedTransactionDto,
} from '#shared/protocol/transactions.ts';
import type { AccountState, PositionState } from '#shared/perps/types.ts';

/**
 * What AccountObject offers (`env.ACCOUNTS.getByName(wallet)`): the only authority over one wallet's orders, its idempotency keys, limits
 * and sessions. A command is one synchronous storage transaction; refusals are values, never exceptions.
 */
export interface AccountRpc {
  /** Counts one trading request against 100 per minute, exactly. */
  admit(): Promise<AdmitResult>;
  /** Places an order; the same idempotency key and body answer the same order again. */
  placeOrder(command: PlaceOrderCommand): Promise<Result<OrderRecord>>;
  cancelOrder(orderId: string, meta: CommandMeta): Promise<Result<OrderRecord>>;
  cancelAll(symbol: string | null, meta: CommandMeta): Promise<Result<OrderRecord[]>>;
  /** Closes a position (all, or the share given in base units) by a reduce-only market order. */
  closePosition(command: ClosePositionCommand): Promise<Result<OrderRecord>>;
  /** Adds (positive) or removes (negative) margin, quote 1e-6; executed by the keeper as a delegated instruction. */
  changeMargin(command: ChangeMarginCommand): Promise<Result<OrderRecord>>;
  getOrder(orderId: string): Promise<OrderRecord | null>;
  getOrderByClientId(clientOrderId: string): Promise<OrderRecord | null>;
  listOrders(query: OrderQuery): Promise<OrderPage>;
  /** What became of a request, by its idempotency key. */
  getCommand(idempotencyKey: string): Promise<CommandRecord | null>;
  /** Answers when the order's version exceeds `version` or it is finished, at most after `timeoutMs`. */
  waitForOrder(orderId: string, version: number, timeoutMs: number): Promise<OrderRecord | null>;
  /** A trigger book's claim that an order's price was reached. */
  trigger(claim: TriggerClaim): Promise<'accepted' | 'stale'>;
  /** Events of this account's stream, in order; already applied ones are ignored. Answers the next expected account_seq. */
  applyEvents(events: readonly IndexedEvent[]): Promise<{ nextSeq: bigint }>;
  /** The account as last seen on chain. */
  state(): Promise<AccountView>;
  /** A warning the risk consumer wants the trader to see; stored once per id, then pushed on channel `risk`. Liquidations come from events. */
  notifyRisk(alert: RiskAlert): Promise<void>;
  /** The wallet placed a pool request: it is executed in its window, or released after it. Asking again does no harm. */
  attendPoolRequest(): Promise<void>;
  /** A position changed by something that is no event of the account's stream: read it from the chain. */
  refresh(): Promise<void>;
  /** The cron sweep's visit: resumes unfinished orders whose timers were lost. */
  sweep(): Promise<{ unfinishedOrders: number }>;

  // Sign-in and sessions
  /** True exactly once per nonce. */
  consumeNonce(nonce: string, expiresAtMs: number): Promise<boolean>;
  createSession(session: NewSession): Promise<SessionTokens>;
  /** Rotates; null when unknown, expired or used twice (which ends the whole family). */
  rotateSession(refreshToken: string): Promise<SessionTokens | null>;
  endSession(sessionId: string): Promise<void>;

  // Transactions the trader signs
  /** Builds what the wallet will sign (base64) with a summary in words, and remembers it for 10 minutes. */
  buildTransaction(request: BuildTransactionRequest): Promise<Result<BuiltTransactionDto>>;
  /** Co-signs and sends a signed one of those, our instructions unchanged; the same one again lands once and answers the same signature. */
  submitTransaction(transaction: string): Promise<Result<SubmittedTransactionDto>>;
  /** Local and devnet: 1 test SOL and 10,000 test USDC into the wallet, at most once a minute. Refusals: RATE_002, CHAIN_*, SYSTEM_006. */
  faucet(): Promise<Result<FaucetDto>>;
  /** Asked of the object of the faucet's own wallet: counts a drop (once per `wallet` and minute) against the faucet's budget of 24 h. */
  grantDrop(wallet: string): Promise<boolean>;

  // Duties of the keeper, kept in the object of the keeper's own wallet
  /** Takes a duty for `ttlMs`, with a token that grows with every taking; null while another holder has it. */
  takeLease(name: string, ttlMs: number): Promise<Lease | null>;
  /** Stores how far the duty came; false (and nothing stored) when the token is not the newest any more. */
  saveCursor(name: string, token: number, cursor: string | null): Promise<boolean>;
  endLease(name: string, token: number): Promise<void>;
}

export interface AdmitResult {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the window starts anew. */
  readonly resetSeconds: number;
}

/** Who asks, and how the answer is found again. */
export interface CommandMeta {
  readonly requestId: string;
  readonly idempotencyKey: string | null;
  /** SHA-256 of the canonical request body, hex. */
  readonly bodyHash: string;
}

export type OrderSide = 'buy' | 'sell';
export type OrderType = 'market' | 'limit' | 'stop' | 'stop_limit';
export type TimeInForce = 'gtc' | 'ioc' | 'gtt';

export interface PlaceOrderCommand {
  readonly meta: CommandMeta;
  readonly userId: string;
  readonly symbol: string;
  readonly side: OrderSide;
  readonly orderType: OrderType;
  /** Base 1e-8. */
  readonly quantity: bigint;
  /** 1e-8 USD. */
  readonly price: bigint | null;
  readonly stopPrice: bigint | null;
  readonly reduceOnly: boolean;
  /** Hundredths: 2000 is 20×. Null: the trader's default. */
  readonly leverageE2: number | null;
  readonly maxSlippageBps: number | null;
  readonly timeInForce: TimeInForce;
  readonly expiresAtMs: number | null;
  readonly clientOrderId: string | null;
}

export interface ClosePositionCommand {
  readonly meta: CommandMeta;
  readonly userId: string;
  readonly positionId: string;
  /** Base 1e-8; null closes all. */
  readonly quantity: bigint | null;
  readonly maxSlippageBps: number | null;
}

export interface ChangeMarginCommand {
  readonly meta: CommandMeta;
  readonly userId: string;
  readonly positionId: string;
  readonly amount: bigint;
}

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
  readonly reason: string | null;
}

export interface OrderQuery {
  readonly status: OrderStatus | null;
  readonly symbol: string | null;
  readonly limit: number;
  readonly cursor: string | null;
}

export interface OrderPage {
  readonly orders: readonly OrderRecord[];
  readonly nextCursor: string | null;
}

export interface CommandRecord {
  readonly idempotencyKey: string;
  readonly kind: string;
  readonly createdAtMs: number;
  readonly orderId: string | null;
  readonly outcome: 'running' | 'done' | 'refused';
  readonly order: OrderRecord | null;
  readonly refusal: { readonly code: string; readonly message: string } | null;
}

export interface TriggerClaim {
  readonly orderId: string;
  readonly version: number;
  readonly price: bigint;
  readonly publishTime: number;
}

/** A wallet's account on chain with its open positions, by market symbol. */
export interface AccountView {
  readonly owner: string;
  /** Null until the trading account exists on chain. */
  readonly account: AccountState | null;
  readonly positions: readonly {
    readonly symbol: string;
    readonly positionId: string;
    readonly openedAtMs: number;
    readonly position: PositionState;
  }[];
  /** Realised profit and loss since the account opened, quote 1e-6. */
  readonly realizedPnl: bigint;
}

export interface RiskAlert {
  readonly id: string;
  readonly kind: 'margin_warning' | 'liquidated';
  readonly symbol: string;
  readonly positionId: string;
  readonly message: string;
  readonly signature: string | null;
  readonly createdAtMs: number;
}

/** A duty held for a while: the token fences off a holder whose time is over. */
export interface Lease {
  readonly token: number;
  readonly cursor: string | null;
}

export interface NewSession {
  readonly userId: string;
  readonly userAgent: string | null;
}

export interface SessionTokens {
  readonly sessionId: string;
  readonly userId: string;
  /** `<wallet>.<session id>.<secret>`: the wallet names the object that can rotate it. */
  readonly refreshToken: string;
  readonly refreshExpiresAtMs: number;
}
