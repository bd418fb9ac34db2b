import type { AdminAction } from '#db/repositories/admin-actions.ts';
import type { AccountView, RiskAlert } from '#shared/account-view.ts';
import type { IndexedEvent } from '#shared/events.ts';
import type {
  CommandRecord,
  OrderRecord,
  OrderSide,
  OrderStatus,
  OrderType,
  TimeInForce,
} from '#shared/order-record.ts';
import type { Refusal, Result } from '#shared/protocol/error-codes.ts';
import type {
  BuildTransactionRequest,
  BuiltTransactionDto,
  FaucetDto,
  SubmittedTransactionDto,
} from '#shared/protocol/transactions.ts';
import type { Standing } from '#shared/standing.ts';

export type { AccountView, RiskAlert } from '#shared/account-view.ts';
export type * from '#shared/order-record.ts';

/**
 * What AccountObject offers (`env.ACCOUNTS.getByName(wallet)`): the only authority over one wallet's orders, its idempotency keys, limits
 * and sessions. A command is one synchronous storage transaction; refusals are values, never exceptions.
 */
export interface AccountRpc {
  /** Counts one trading request of a session against 100 per minute, exactly; null when the session was ended. */
  admit(sessionId: string): Promise<AdmitResult | null>;
  /** Places an order; the same idempotency key and body answer the same order again. */
  placeOrder(command: PlaceOrderCommand): Promise<Result<OrderRecord>>;
  cancelOrder(orderId: string, meta: CommandMeta): Promise<Result<OrderRecord>>;
  cancelAll(symbol: string | null, meta: CommandMeta): Promise<Result<OrderRecord[]>>;
  /** Changes an order that was not submitted yet, checked again like a new one. A price that reached it before no longer counts. */
  amendOrder(command: AmendOrderCommand): Promise<Result<OrderRecord>>;
  /** Cancels everything that still can be after so many seconds, unless asked again before; 0 takes that back. Answers when. */
  cancelAfter(command: CancelAfterCommand): Promise<Result<CancelAfterRecord>>;
  /** Sets, replaces or removes the exits of a position. Answers those it has then. */
  setExits(command: SetExitsCommand): Promise<Result<OrderRecord[]>>;
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
  /** What an order of this account gets in a market where it names nothing, and what holds it back beside the market. */
  orderTerms(symbol: string): Promise<OrderTerms>;
  /** A warning the risk consumer wants the trader to see; stored once per id, then pushed on channel `risk`. Liquidations come from events. */
  notifyRisk(alert: RiskAlert): Promise<void>;
  /** The wallet placed a pool request: it is executed in its window, or released after it. Asking again does no harm. */
  attendPoolRequest(): Promise<void>;
  /** A position changed by something that is no event of the account's stream: read it from the chain. */
  refresh(): Promise<void>;
  /** A fork undid these transactions: forgets what is known of the account and reads it anew. Orders they executed stay as they are. */
  takeBack(signatures: readonly string[]): Promise<void>;
  /** The cron sweep's visit: resumes unfinished orders whose timers were lost. */
  sweep(): Promise<{ unfinishedOrders: number }>;

  // Sign-in, sessions and standing
  /** True exactly once per nonce. */
  consumeNonce(nonce: string, expiresAtMs: number): Promise<boolean>;
  /** A sign-in; one too many ends the oldest. Refusals: AUTH_008. */
  createSession(session: NewSession): Promise<Result<SessionTokens>>;
  /** A session for a program. Refusals: AUTH_008, AUTH_014. */
  createApiSession(session: NewApiSession): Promise<Result<SessionTokens>>;
  /** Rotates; null when unknown, expired or used twice (which ends the whole family). A repetition within 30 s gets the same answer. */
  rotateSession(refreshToken: string): Promise<SessionTokens | null>;
  /** Whether a session stands; notes that it was used. */
  useSession(sessionId: string): Promise<boolean>;
  /** Sessions that stand, newest first. */
  listSessions(): Promise<SessionRecord[]>;
  /** False when there is no such session. */
  endSession(sessionId: string): Promise<boolean>;
  /** Ends every session but this one; answers how many. */
  endOtherSessions(keepSessionId: string): Promise<number>;
  /** The trader erased his data: every session ends, and warnings are forgotten. Orders go on. Answers how many sessions ended. */
  forget(): Promise<number>;
  /**
   * The users row changed. An older version than the known one changes nothing. Not active any more: every session ends and every order that
   * still can be is cancelled, in the same transaction.
   */
  setStanding(standing: Standing): Promise<void>;
  /** False where the exchange closed its API for this wallet, as far as the object was told. */
  isActive(): Promise<boolean>;

  // What an operator does with this wallet
  /** Keeps an entry of the audit log until the database has it. Asking again with the same id leaves one entry. */
  keepDeed(action: AdminAction): Promise<void>;

  // Transactions the trader signs
  /** Builds what the wallet will sign (base64) with a summary in words, and remembers it for 10 minutes. */
  buildTransaction(request: BuildTransactionRequest): Promise<Result<BuiltTransactionDto>>;
  /** Co-signs and sends a signed one of those, our instructions unchanged; the same one again lands once and answers the same signature. `address` has a budget of its own. */
  submitTransaction(transaction: string, address?: string): Promise<Result<SubmittedTransactionDto>>;
  /** Local and devnet: 1 test SOL and 10,000 test USDC into the wallet, at most once a minute. Refusals: RATE_002, CHAIN_*, SYSTEM_006. */
  faucet(): Promise<Result<FaucetDto>>;
  /** Asked of the object of the faucet's own wallet: counts a drop (once per `wallet` and minute) against the faucet's budget of 24 h. */
  grantDrop(wallet: string): Promise<boolean>;

  /** Asked of the object of a fee payer's own wallet: counts a transaction, once, against its budgets of 24 h. */
  grantSponsorship(messageHash: string, address: string): Promise<boolean>;

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
  /** Prices of the exits that appear when it is filled, 1e-8 USD. */
  readonly takeProfit: bigint | null;
  readonly stopLoss: bigint | null;
  /** The analysis it follows. */
  readonly analysisId: string | null;
}

/** What of an order changes; undefined leaves a field as it is. */
export interface AmendOrderCommand {
  readonly meta: CommandMeta;
  readonly orderId: string;
  readonly quantity: bigint | undefined;
  readonly price: bigint | undefined;
  readonly stopPrice: bigint | undefined;
  readonly expiresAtMs: number | undefined;
  readonly maxSlippageBps: number | undefined;
  /** Null removes it. */
  readonly takeProfit: bigint | null | undefined;
  readonly stopLoss: bigint | null | undefined;
}

export interface CancelAfterCommand {
  readonly meta: CommandMeta;
  /** 0 disarms. */
  readonly seconds: number;
}

export interface CancelAfterRecord {
  /** Null: disarmed. */
  readonly cancelAtMs: number | null;
}

export interface SetExitsCommand {
  readonly meta: CommandMeta;
  readonly userId: string;
  readonly positionId: string;
  /** Null removes it, undefined leaves it. */
  readonly takeProfit: bigint | null | undefined;
  readonly stopLoss: bigint | null | undefined;
  /** What each of them closes, base 1e-8; null: what the position holds now. */
  readonly quantity: bigint | null;
  /** Of the stop-loss; null: as the one before it, else the standing's. */
  readonly maxSlippageBps: number | null;
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

export interface TriggerClaim {
  readonly orderId: string;
  readonly version: number;
  readonly price: bigint;
  readonly publishTime: number;
}

/** How much of its bounds an account uses. */
export interface UsedRoom {
  /** Open orders, and the exits that open entries will bring. */
  readonly openSlots: number;
  /** Orders that wait in the order's market without being reduce-only. */
  readonly waitingOpenings: number;
  /** Reduce-only orders that wait there, exits apart. */
  readonly waitingReductions: number;
}

/** What orders of an account are bound by, as last known. */
export interface OrderTerms {
  /** Of an order that names none, hundredths; the market's own limit still applies. */
  readonly leverageE2: number;
  readonly slippageBps: number;
  /** What the trader lets keepers do; null until the account exists. `turnoverCap`: notional opened in 24 h, 1e-6 USDC. */
  readonly delegate: {
    readonly enabled: boolean;
    readonly expiresAt: bigint;
    readonly turnoverCap: bigint;
    readonly maxSlippageBps: number;
  } | null;
  /** Why this trader may not open or increase; null when he may. */
  readonly refusalOfOpening: Refusal | null;
  readonly usedRoom: UsedRoom;
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

export interface NewApiSession extends NewSession {
  readonly name: string;
  readonly expiresAtMs: number;
}

export interface SessionTokens {
  readonly sessionId: string;
  readonly userId: string;
  readonly isApi: boolean;
  /** `<wallet>.<session id>.<secret>`: the wallet names the object that can rotate it. */
  readonly refreshToken: string;
  readonly refreshExpiresAtMs: number;
}

export interface SessionRecord {
  readonly sessionId: string;
  /** Null for a sign-in. */
  readonly name: string | null;
  readonly userAgent: string | null;
  readonly createdAtMs: number;
  /** To the minute. */
  readonly lastUsedAtMs: number;
  readonly expiresAtMs: number;
}
