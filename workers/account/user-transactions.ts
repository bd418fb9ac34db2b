import { PublicKey } from '@solana/web3.js';
import { quote } from '#shared/money/units.ts';
import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import { ok, refuse, type Refusal, type Result } from '#shared/protocol/error-codes.ts';
import { closingRefusal, openingRefusal } from '#shared/protocol/restrictions.ts';
import type {
  BuildTransactionRequest,
  BuiltTransactionDto,
  FaucetDto,
  SubmittedTransactionDto,
} from '#shared/protocol/transactions.ts';
import type { Chain } from '../chain/chain.ts';
import { coSign, hashBuilt, readSignedTransaction, type SignedByTrader } from '../chain/co-sign.ts';
import { faucetLamports, faucetUsdc, signFaucetDrop } from '../chain/faucet.ts';
import { computeBudget } from '../chain/instructions.ts';
import { readTransactionError } from '../chain/program-errors.ts';
import { base64OfBytes } from '../chain/rpc.ts';
import {
  buildTransaction,
  type Confirmation,
  findTransaction,
  type SignedTransaction,
  signatureOf,
  wireOf,
} from '../chain/transactions.ts';
import { buildAction, isPricedAction, marketOfAction } from '../chain/user-actions.ts';
import type { MarketSnapshot } from '../market/contract.ts';
import type { Clock } from '../platform/clock.ts';
import { failpoint } from '../platform/failpoint.ts';
import { eligibleFrom } from './order-machine.ts';
import {
  faucetPauseMs,
  type FaucetDrop,
  type RememberedTransaction,
  type TransactionStore,
} from './transaction-store.ts';

interface TransactionParts {
  readonly chain: Chain;
  readonly store: TransactionStore;
  readonly owner: string;
  readonly snapshot: (symbol: MarketSymbol) => Promise<MarketSnapshot>;
  /** Whether the faucet's budget of 24 h has room for a drop into this wallet. */
  readonly grantDrop: (faucet: string) => Promise<boolean>;
  /** Whether the budgets of 24 h of this fee payer have room for a transaction, asked for from this address. */
  readonly grantSponsorship: (feePayer: string, messageHash: string, address: string) => Promise<boolean>;
  /** Why this account may not open now, by its standing; null when it may. */
  readonly refusalOfOpening: () => Refusal | null;
  /** A transaction of this account landed: its events are wanted now. */
  readonly onLanded: (signature: string, action: string) => Promise<void>;
  readonly clock: Clock;
}

/** A transaction with all its signatures, and what it is counted by. */
type CoSigned = SignedTransaction & Pick<SignedByTrader, 'messageHash'>;

const userComputeUnitsMax = 300_000;
const confirmTimeoutMs = 10_000;
const priceWaitMs = 5_000;
const lamportsPerSol = 1_000_000_000n;

/** Transactions the trader signs himself: built here, signed by him first, by the exchange last. */
export class UserTransactions {
  readonly #parts: TransactionParts;
  readonly #owner: PublicKey;
  readonly #submitting = new Map<string, Promise<Result<SubmittedTransactionDto>>>();
  #drop: Promise<Result<FaucetDto>> | null = null;

  constructor(parts: TransactionParts) {
    this.#parts = parts;
    this.#owner = new PublicKey(parts.owner);
  }

  /** @throws ChainUnavailable */
  async build(request: BuildTransactionRequest): Promise<Result<BuiltTransactionDto>> {
    const { chain, clock, owner, store } = this.#parts;
    const symbol = marketOfAction(request);
    const [trader, latest, fee, snapshot] = await Promise.all([
      chain.readTrader(owner),
      chain.rpc.getLatestBlockhash(),
      chain.priorityFee(),
      symbol === null ? null : this.#parts.snapshot(symbol),
    ]);
    const held = this.#heldBack(request.action, snapshot);
    if (held !== null) return { ok: false, error: held };
    const nowMs = clock.nowMs();
    const minPublishTime = eligibleFrom(nowMs, Number(snapshot?.price?.publishTime ?? 0n));
    const turn = request.action === 'withdraw' ? await this.#turnOf(request.params.amount) : 'at_once';
    if (turn === 'waiting') {
      return refuse(
        'TRADING_016',
        'A withdrawal of yours waits for its turn already. Cancel it first, or let it be paid.',
      );
    }
    const context = { owner: this.#owner, trader, snapshot, minPublishTime, nowMs, mustQueue: turn === 'queue' };
    const action = buildAction(chain, request, context);
    if (!action.ok) return action;
    const { instructions, summary, queued = false } = action.value;
    if (instructions.length === 0)
      return refuse('VALIDATION_001', 'There is nothing to do: the account is open already.');
    const feePayer = chain.feePayer(this.#owner).publicKey;
    const transaction = buildTransaction(
      [...computeBudget(userComputeUnitsMax, fee), ...instructions],
      feePayer,
      latest.blockhash,
    );
    store.remember({
      builtHash: await hashBuilt(instructions, latest.blockhash),
      action: request.action,
      symbol,
      lastValidBlockHeight: latest.lastValidBlockHeight,
    });
    return ok({
      transaction: base64OfBytes(transaction.serialize()),
      summary,
      last_valid_block_height: latest.lastValidBlockHeight,
      ...(queued ? { queued } : {}),
    });
  }

  /** Whether a withdrawal is paid at once or takes a place in the queue: the program itself is asked. @throws ChainUnavailable */
  async #turnOf(amount: bigint): Promise<'at_once' | 'queue' | 'waiting'> {
    const { chain } = this.#parts;
    const withdraw = chain.instructions.withdraw(this.#owner, amount);
    const { failure } = await chain.simulate(this.#owner, [withdraw], userComputeUnitsMax);
    if (failure?.programError !== 'OutflowExceeded') return 'at_once';
    const waiting = await chain.rpc.getAccount(chain.addresses.withdrawal(this.#owner).toBase58());
    return waiting === null ? 'queue' : 'waiting';
  }

  /** `address` is where the request came from. @throws ChainUnavailable */
  async submit(base64: string, address: string): Promise<Result<SubmittedTransactionDto>> {
    const { chain, store } = this.#parts;
    const feePayer = chain.feePayer(this.#owner);
    const read = await readSignedTransaction(base64, this.#owner, feePayer.publicKey, [chain.keeper]);
    if (!read.ok) return read;
    const { transaction, builtHash, messageHash } = read.value;
    const remembered = store.find(builtHash);
    if (remembered === null) {
      return refuse(
        'TRADING_019',
        'This is not a transaction built for this wallet in the last 10 minutes, or it was changed: instructions and blockhash stay as they were built. Build it again and sign that one as it is.',
      );
    }
    coSign(transaction, [feePayer, chain.keys.keeper]);
    const sent: CoSigned = {
      messageHash,
      signature: signatureOf(transaction),
      wire: wireOf(transaction),
      lastValidBlockHeight: remembered.lastValidBlockHeight,
    };
    // The same transaction again shares the first one's way and answer.
    const underWay = this.#submitting.get(sent.signature) ?? this.#send(sent, remembered, address);
    this.#submitting.set(sent.signature, underWay);
    return underWay.finally(() => this.#submitting.delete(sent.signature));
  }

  /** One drop at a time; a drop whose fate is open is brought to its end before another is signed. @throws ChainUnavailable */
  async faucet(): Promise<Result<FaucetDto>> {
    this.#drop ??= this.#runFaucet().finally(() => (this.#drop = null));
    return this.#drop;
  }

  async #send(
    sent: CoSigned,
    remembered: RememberedTransaction,
    address: string,
  ): Promise<Result<SubmittedTransactionDto>> {
    const { chain } = this.#parts;
    // A repeated submission: what the chain knows is the answer, before anything is simulated against a later state.
    const known = await findTransaction(chain.rpc, sent);
    if (known.kind === 'landed' || known.kind === 'failed')
      return this.#answer(sent.signature, remembered.action, known);
    const refusal = (await this.#refusalOfSigning(remembered)) ?? (await this.#simulate(sent.wire));
    if (refusal !== null) return { ok: false, error: refusal };
    await failpoint('submit.checked', this.#parts.owner);
    if (!(await this.#sponsor(sent.messageHash, address))) {
      const message = 'The exchange has paid for enough transactions from here today. Try again tomorrow.';
      return refuse('RATE_003', message, { retryAfterSeconds: 3_600 });
    }
    await failpoint('submit.counted', this.#parts.owner);
    await chain.rpc.sendTransaction(sent.wire);
    await failpoint('submit.sent', this.#parts.owner, () => chain.rpc.sendTransaction(sent.wire));
    const confirmation = await chain.confirm(sent, confirmTimeoutMs);
    await failpoint('submit.confirmed', this.#parts.owner);
    return this.#answer(sent.signature, remembered.action, confirmation);
  }

  /** Whether the exchange pays for it: within the budgets of the wallet, of the address, and of the fee payer. */
  async #sponsor(messageHash: string, address: string): Promise<boolean> {
    const { chain, grantSponsorship, owner, store } = this.#parts;
    if (!store.sponsor(messageHash)) return false;
    const feePayer = chain.feePayer(this.#owner).publicKey.toBase58();
    return grantSponsorship(feePayer, `${owner} ${messageHash}`, address);
  }

  /**
   * Why the exchange does not sign a trade now, asked again before and after the wait for its price: what was built before a switch, a brake
   * or a change of standing is not signed after it.
   */
  async #refusalOfSigning({ action, symbol }: RememberedTransaction): Promise<Refusal | null> {
    if (!isPricedAction(action) || symbol === null || !isMarketSymbol(symbol)) return null;
    const before = await this.#parts.snapshot(symbol);
    return (
      this.#heldBack(action, before) ??
      (await this.#waitForPrice(symbol, before)) ??
      this.#heldBack(action, await this.#parts.snapshot(symbol))
    );
  }

  /**
   * Why an action that needs the keeper's signature is held back now, as an order of the same effect would be; null when it is not. What the
   * program lets the trader do alone (`request_close`, margin, money) is nobody's to hold back. MARKET_004, MARKET_005, AUTH_009.
   */
  #heldBack(action: string, snapshot: MarketSnapshot | null): Refusal | null {
    if (snapshot === null) return null;
    if (action === 'open_position') return openingRefusal(snapshot.controls) ?? this.#parts.refusalOfOpening();
    return action === 'close_position' ? closingRefusal(snapshot.controls) : null;
  }

  /** Nobody picks the moment of a price: the keeper signs for the first one after the submission. */
  async #waitForPrice(symbol: MarketSymbol, snapshot: MarketSnapshot): Promise<Refusal | null> {
    const from = eligibleFrom(this.#parts.clock.nowMs(), Number(snapshot.price?.publishTime ?? 0n));
    const posted = await this.#parts.chain.oracle.ensure(symbol, from, priceWaitMs);
    return posted === null
      ? { code: 'ORACLE_001', message: 'No new price came in time. Submit the transaction again.' }
      : null;
  }

  async #simulate(wire: string): Promise<Refusal | null> {
    const result = await this.#parts.chain.rpc.simulateTransaction(wire, true);
    return readTransactionError(result.err, result.logs ?? [])?.refusal ?? null;
  }

  async #answer(
    signature: string,
    action: string,
    confirmation: Confirmation,
  ): Promise<Result<SubmittedTransactionDto>> {
    switch (confirmation.kind) {
      case 'landed':
        await this.#parts.onLanded(signature, action);
        return ok({ signature, status: 'confirmed' });
      case 'failed': {
        const { code, message } = confirmation.failure.refusal;
        return ok({ signature, status: 'failed', error: { code, message } });
      }
      case 'expired':
        return refuse('TRADING_020', 'The transaction expired before it landed. Build and sign it again.');
      case 'unknown':
        return ok({ signature, status: 'processed' });
    }
  }

  async #runFaucet(): Promise<Result<FaucetDto>> {
    const { chain, clock, owner, store } = this.#parts;
    const last = store.drop;
    if (last !== null) {
      const settled = await this.#settleDrop(last);
      if (settled !== null) return settled;
    }
    const faucet = chain.keys.faucet?.publicKey.toBase58();
    if (faucet !== undefined && !(await this.#parts.grantDrop(faucet)))
      return refuse('RATE_002', 'The faucet has given enough for today. Try again tomorrow.', {
        retryAfterSeconds: 3_600,
      });
    const signed = await signFaucetDrop(chain, owner);
    if (signed === null) return refuse('SYSTEM_006', 'There is no faucet on this network.');
    if (signed === 'empty')
      return refuse('RATE_002', 'The faucet is empty for today. Try again tomorrow.', { retryAfterSeconds: 3_600 });
    const drop: FaucetDrop = { ...signed, state: 'sent', createdMs: clock.nowMs() };
    store.storeDrop(drop);
    return this.#sendDrop(drop);
  }

  /** The last drop, if it answers this request: on its way still, or too recent for another. Null: a new one may follow. */
  async #settleDrop(drop: FaucetDrop): Promise<Result<FaucetDto> | null> {
    const { chain, clock } = this.#parts;
    if (drop.state === 'sent') {
      const found = await findTransaction(chain.rpc, drop);
      if (found.kind === 'unknown' || found.kind === 'landed') return this.#sendDrop(drop);
      return null;
    }
    const waitMs = drop.createdMs + faucetPauseMs - clock.nowMs();
    if (waitMs <= 0) return null;
    const retryAfterSeconds = Math.ceil(waitMs / 1000);
    return refuse('RATE_002', `The faucet gives once a minute. Try again in ${retryAfterSeconds} s.`, {
      retryAfterSeconds,
    });
  }

  async #sendDrop(drop: FaucetDrop): Promise<Result<FaucetDto>> {
    const { chain, owner, store } = this.#parts;
    await failpoint('drop.stored', owner);
    await chain.rpc.sendTransaction(drop.wire);
    await failpoint('drop.sent', owner, () => chain.rpc.sendTransaction(drop.wire));
    const confirmation = await chain.confirm(drop, confirmTimeoutMs);
    if (confirmation.kind === 'failed') return { ok: false, error: confirmation.failure.refusal };
    if (confirmation.kind !== 'landed')
      return refuse('CHAIN_003', 'The drop is on its way but not confirmed. Ask again in a moment.');
    store.storeDrop({ ...drop, state: 'landed' });
    return ok({ signature: drop.signature, sol: Number(faucetLamports / lamportsPerSol), usdc: quote(faucetUsdc) });
  }
}
