import * as z from 'zod';
import { Breaker, BreakerOpenError, type BreakerState } from '../platform/breaker.ts';
import { breakerFailuresMax, callPolicies } from '../platform/call-policies.ts';
import { metrics } from '../platform/metrics/registry.ts';
import { retry, type RetryPolicy } from '../platform/retry.ts';

/** Solana cannot be asked right now. Says nothing about what happened to a transaction. Answers CHAIN_001. */
export class ChainUnavailable extends Error {
  override readonly name = 'ChainUnavailable';
}

/** The node understood and refused: a malformed request, or a transaction whose simulation failed. */
export class RpcRefusal extends Error {
  override readonly name = 'RpcRefusal';
  readonly code: number;
  readonly data: unknown;

  constructor(method: string, code: number, message: string, data: unknown) {
    super(`${method}: ${message} (${code})`);
    this.code = code;
    this.data = data;
  }
}

export type Commitment = 'processed' | 'confirmed' | 'finalized';

/** A probe that takes longer than a try may is lost. */
const probeMsMax = callPolicies.rpc.attemptTimeoutMs + 1_000;
const responseBytesMax = 10_000_000;
/** JSON-RPC errors that pass by themselves: node behind, slot skipped or not yet there, internal. */
const transientCodes: ReadonlySet<number> = new Set([-32004, -32005, -32014, -32016, -32603]);

const responseSchema = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
});

/** Passes by itself, after `restMs` where the node asked for a rest. */
class TransientFailure extends Error {
  readonly restMs: number;

  constructor(message: string, restMs = 0) {
    super(message);
    this.restMs = restMs;
  }
}

/** Milliseconds of a `Retry-After` in seconds; a node that names a date is asked again like any other. */
const restMsOf = (header: string | null): number => (/^\d{1,5}$/.test(header ?? '') ? Number(header) * 1_000 : 0);

const newBreaker = (): Breaker =>
  new Breaker({
    name: 'solana',
    failuresMax: breakerFailuresMax,
    probeMsMax,
    isFailure: (error) => !(error instanceof RpcRefusal),
  });

/**
 * JSON-RPC over fetch: every call has a time limit, at most three tries with full jitter, and a breaker per server that counts them, so
 * that a dead node costs its callers milliseconds. Every method used is safe to repeat; a transaction sent twice lands once.
 */
export class SolanaRpc {
  readonly #url: string;
  readonly #breaker: Breaker;
  readonly #policy: RetryPolicy;
  #nextId = 1;

  constructor(url: string, breaker: Breaker = newBreaker(), policy: RetryPolicy = callPolicies.rpc) {
    this.#url = url;
    this.#breaker = breaker;
    this.#policy = policy;
  }

  /** State of the breaker, for `/ready`. */
  get health(): BreakerState {
    return this.#breaker.state;
  }

  /** The same node and breaker for callers in a hurry: every call ends within `deadlineMs`, its tries and delays included. */
  within(deadlineMs: number): SolanaRpc {
    return new SolanaRpc(this.#url, this.#breaker, { ...this.#policy, deadlineMs });
  }

  /**
   * Calls a method and checks its result.
   *
   * @throws RpcRefusal when the node refused, ChainUnavailable when it could not be asked or answered nonsense.
   */
  async call<Schema extends z.ZodType>(
    method: string,
    params: readonly unknown[],
    schema: Schema,
  ): Promise<z.output<Schema>> {
    const startedAtMs = Date.now();
    try {
      const result = await retry((signal) => this.#post(method, params, signal), this.#policy, {
        isRetryable: (error) => !(error instanceof RpcRefusal),
        restMs: (error) => (error instanceof TransientFailure ? error.restMs : 0),
        breaker: this.#breaker,
      });
      const value = schema.parse(result);
      countCall(method, 'ok', startedAtMs);
      return value;
    } catch (error) {
      const isRefusal = error instanceof RpcRefusal;
      countCall(method, isRefusal ? 'refused' : 'unavailable', startedAtMs);
      metrics.count('quantdesk_chain_errors_total', { code: isRefusal ? `rpc_${error.code}` : 'rpc_unavailable' });
      if (isRefusal) throw error;
      const reason = error instanceof BreakerOpenError ? error.message : `${method} failed`;
      throw new ChainUnavailable(reason, { cause: error });
    }
  }

  async #post(method: string, params: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const response = await fetch(this.#url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: this.#nextId++, method, params }),
      signal,
    });
    const text = await response.text();
    if (text.length > responseBytesMax) throw new TransientFailure(`answer of ${text.length} bytes`);
    if (!response.ok) {
      throw new TransientFailure(`HTTP ${response.status}`, restMsOf(response.headers.get('retry-after')));
    }
    const { result, error } = responseSchema.parse(JSON.parse(text));
    if (error === undefined) return result;
    if (transientCodes.has(error.code)) throw new TransientFailure(`${error.message} (${error.code})`);
    throw new RpcRefusal(method, error.code, error.message, error.data);
  }

  async getLatestBlockhash(commitment: Commitment = 'confirmed'): Promise<LatestBlockhash> {
    return (await this.call('getLatestBlockhash', [{ commitment }], contextual(latestBlockhashSchema))).value;
  }

  /** Accounts with the slot they were read at; null where none exists. At most 100 addresses. */
  async getAccounts(
    addresses: readonly string[],
    commitment: Commitment = 'confirmed',
  ): Promise<{ slot: number; accounts: (RpcAccount | null)[] }> {
    const params = [addresses, { encoding: 'base64', commitment }];
    const { context, value } = await this.call(
      'getMultipleAccounts',
      params,
      contextual(z.array(accountSchema.nullable())),
    );
    return { slot: context.slot, accounts: value };
  }

  async getAccount(address: string, commitment: Commitment = 'confirmed'): Promise<RpcAccount | null> {
    return (await this.getAccounts([address], commitment)).accounts[0] ?? null;
  }

  async getBlockHeight(commitment: Commitment = 'confirmed'): Promise<number> {
    return this.call('getBlockHeight', [{ commitment }], z.number());
  }

  async getSlot(commitment: Commitment = 'confirmed'): Promise<number> {
    return this.call('getSlot', [{ commitment }], z.number());
  }

  /** Sends signed bytes (base64) and answers the signature. Preflight is skipped: callers simulate themselves where it matters. */
  async sendTransaction(wire: string): Promise<string> {
    const options = { encoding: 'base64', skipPreflight: true, maxRetries: 3 };
    return this.call('sendTransaction', [wire, options], z.string());
  }

  /** Runs a transaction without sending it. With `sigVerify` false the blockhash is replaced by a fresh one. */
  async simulateTransaction(wire: string, sigVerify: boolean): Promise<SimulationResult> {
    const options = { encoding: 'base64', commitment: 'confirmed', sigVerify, replaceRecentBlockhash: !sigVerify };
    return (await this.call('simulateTransaction', [wire, options], contextual(simulationSchema))).value;
  }

  async getSignatureStatuses(
    signatures: readonly string[],
    searchTransactionHistory = false,
  ): Promise<(SignatureStatus | null)[]> {
    const params = [signatures, { searchTransactionHistory }];
    return (await this.call('getSignatureStatuses', params, contextual(z.array(signatureStatusSchema.nullable()))))
      .value;
  }

  /** Lamports of an account. */
  async getBalance(address: string): Promise<bigint> {
    const { value } = await this.call(
      'getBalance',
      [address, { commitment: 'confirmed' }],
      contextual(z.number().int()),
    );
    return BigInt(value);
  }

  /** Price per compute unit (micro-lamports) lately paid to write these accounts: the median of the answer. */
  async getRecentPrioritizationFee(writableAddresses: readonly string[]): Promise<number> {
    const feesSchema = z.array(z.object({ prioritizationFee: z.number().int().nonnegative() }));
    const fees = await this.call('getRecentPrioritizationFees', [writableAddresses], feesSchema);
    const sorted = fees.map((fee) => fee.prioritizationFee).sort((left, right) => left - right);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  }
}

function countCall(method: string, outcome: 'ok' | 'refused' | 'unavailable', startedAtMs: number): void {
  metrics.count('quantdesk_chain_calls_total', { method, outcome });
  metrics.observe('quantdesk_chain_call_seconds', {}, (Date.now() - startedAtMs) / 1_000);
}

const contextual = <Value extends z.ZodType>(value: Value) =>
  z.object({ context: z.object({ slot: z.number() }), value });

const latestBlockhashSchema = z.object({ blockhash: z.string(), lastValidBlockHeight: z.number().int() });
export type LatestBlockhash = z.infer<typeof latestBlockhashSchema>;

const accountSchema = z
  .object({ owner: z.string(), lamports: z.number(), data: z.tuple([z.string(), z.literal('base64')]) })
  .transform(({ owner, lamports, data: [text] }) => ({ owner, lamports, data: bytesOfBase64(text) }));
/** An account: the program that owns it, its lamports, its data. */
export type RpcAccount = z.output<typeof accountSchema>;

const simulationSchema = z.object({
  err: z.unknown(),
  logs: z.array(z.string()).nullish(),
  unitsConsumed: z.number().int().nullish(),
});
export type SimulationResult = z.infer<typeof simulationSchema>;

const signatureStatusSchema = z.object({
  slot: z.number(),
  confirmations: z.number().nullish(),
  err: z.unknown(),
  confirmationStatus: z.enum(['processed', 'confirmed', 'finalized']).nullish(),
});
export type SignatureStatus = z.infer<typeof signatureStatusSchema>;

export function bytesOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function base64OfBytes(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
