import { PublicKey } from '@solana/web3.js';
import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import { price as toPrice } from '#shared/money/units.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { fillPrice } from '#shared/perps/fill.ts';
import type { MarketStatus } from '#shared/perps/types.ts';
import type { Refusal } from '#shared/protocol/error-codes.ts';
import { type Chain, type TraderAccounts, tradeComputeUnitsMax } from '../chain/chain.ts';
import { isTransient, type TransactionFailure } from '../chain/program-errors.ts';
import { ChainUnavailable, type LatestBlockhash, RpcRefusal } from '../chain/rpc.ts';
import type { SignedTransaction } from '../chain/transactions.ts';
import type { MarketRpc, MarketSnapshot } from '../market/contract.ts';
import { type Clock, sleep } from '../platform/clock.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import type { OrderAttempt } from './contract.ts';
import { instructionsOf } from './order-instructions.ts';
import type { OrderLedger } from './order-ledger.ts';
import { isFinished, limitReached, liveAttempts, type StoredOrder } from './order-machine.ts';
import type { OrderStore } from './order-store.ts';
import type { Settlement } from './settlement.ts';

/** Points of an execution, in order: where a crash may happen. Tests stop here. */
export type ExecutionStep = 'priced' | 'signed' | 'stored' | 'sent' | 'confirmed';

export interface ExecutorParts {
  readonly chain: Chain;
  readonly store: OrderStore;
  readonly ledger: OrderLedger;
  readonly settlement: Settlement;
  readonly market: (symbol: MarketSymbol) => Pick<MarketRpc, 'waitForPrice'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Called at each step; what it throws ends this run as a crash would. */
  readonly onStep: (step: ExecutionStep, order: StoredOrder) => void;
}

/** Longest wait for one eligible price before the order's state is looked at again. */
const priceWaitMs = 3_000;
const confirmTimeoutMs = 5_000;
/** Pause after a failure that another price may cure. */
const transientPauseMs = 250;
/** Pause before attempts whose fate is open are looked at again. */
const settlePauseMs = 400;
/** Looks at one order in one outbox run; the next run follows with backoff. */
const roundsMax = 20;
/** Attempts after which an order that always fails is given up. */
const attemptsMax = 20;

/** The order cannot be brought further now; the outbox comes back with backoff. */
class NotYet extends Error {
  override readonly name = 'NotYet';
}

type Round = 'done' | 'again';

/** What an attempt is built against. */
interface Situation {
  readonly trader: TraderAccounts;
  readonly blockhash: LatestBlockhash;
  readonly status: MarketStatus;
}

/**
 * Brings an accepted, triggered or submitted order to the chain. Every await may be the last: state is read again after each, changes go
 * through compare-and-set, and an attempt is stored with its signature before it is sent. All attempts name the position's command
 * number, so at most one of them lands however often this runs.
 */
export class Executor {
  readonly #parts: ExecutorParts;

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
  }

  /** Outbox handler. @throws when the order is not decided yet: run again. */
  async run(orderId: string): Promise<void> {
    for (let round = 0; round < roundsMax; round++) {
      const order = this.#parts.store.get(orderId);
      if (order === null || isFinished(order.stage) || order.stage === 'resting') return;
      try {
        if ((await this.#round(order)) === 'done') return;
      } catch (error) {
        if (!(error instanceof ChainUnavailable)) throw error;
        this.#giveUpIfLate(orderId, {
          code: 'CHAIN_001',
          message: 'Solana could not be reached in time. Nothing was executed.',
        });
        throw error;
      }
    }
    throw new NotYet(`order ${orderId} is not decided yet`);
  }

  async #round(order: StoredOrder): Promise<Round> {
    if (liveAttempts(order).length > 0) {
      const state = await this.#parts.settlement.settle(order);
      if (state === 'resend') return this.#attempt(order);
      if (state === 'wait') await sleep(settlePauseMs);
      return 'again';
    }
    if (order.stage === 'submitted') return this.#afterFailedAttempt(order);
    if (order.stopPrice !== null && !order.stopFired) return this.#change(order, { kind: 'rest' });
    return this.#attempt(order);
  }

  async #attempt(order: StoredOrder): Promise<Round> {
    const { chain, clock } = this.#parts;
    if (!isMarketSymbol(order.symbol)) throw new Error(`order of an unknown market ${order.symbol}`);
    if (order.submitByMs !== null && order.submitByMs <= clock.nowMs() && order.stage !== 'submitted') {
      return this.#reject(order, {
        code: 'ORACLE_001',
        message: 'No acceptable price came in time. Nothing was executed.',
      });
    }
    // The blockhash is fetched while the price is waited for: it is good for a minute.
    const [trader, snapshot, blockhash] = await Promise.all([
      chain.readTrader(order.owner),
      this.#waitForPrice(order, order.symbol),
      chain.rpc.getLatestBlockhash(),
    ]);
    const current = this.#parts.store.get(order.orderId);
    if (current === null || current.version !== order.version || snapshot === null) return 'again';
    const priced = this.#checkLimit(order, snapshot);
    if (priced !== 'execute') return priced;
    if (order.intent !== 'add_margin') {
      const posted = await chain.oracle.ensure(order.symbol, order.eligibleFrom, priceWaitMs);
      if (posted === null) return 'again';
    }
    this.#parts.onStep('priced', order);
    // A market that was never read is taken as open: the program decides.
    const status = snapshot.market?.status ?? 'active';
    return this.#submit(order, order.symbol, { trader, blockhash, status });
  }

  /** The first price the order may use; null when none came yet. A margin addition needs none. */
  async #waitForPrice(order: StoredOrder, symbol: MarketSymbol): Promise<MarketSnapshot | null> {
    const isPriced = order.intent !== 'add_margin';
    const snapshot = await this.#parts
      .market(symbol)
      .waitForPrice(isPriced ? order.eligibleFrom : 0, isPriced ? priceWaitMs : 0);
    if (!isPriced) return snapshot;
    return snapshot.price !== null && snapshot.price.publishTime >= BigInt(order.eligibleFrom) ? snapshot : null;
  }

  /** A limit that the price does not reach rests (or ends, if it must execute at once); a submitted one waits for its attempts first. */
  #checkLimit(order: StoredOrder, { price, market }: MarketSnapshot): Round | 'execute' {
    if (order.price === null || price === null || market === null) return 'execute';
    try {
      const fill = fillPrice(order.side, toPrice(price.price), price.conf, market.config.kBps);
      if (limitReached(order.side, order.price, fill)) return 'execute';
    } catch (error) {
      if (!(error instanceof PerpError)) throw error;
    }
    if (liveAttempts(order).length > 0) throw new NotYet(`order ${order.orderId} waits for its attempts`);
    return this.#leave(order);
  }

  async #submit(order: StoredOrder, symbol: MarketSymbol, { trader, blockhash, status }: Situation): Promise<Round> {
    const { chain, clock, ledger, logger } = this.#parts;
    const owner = new PublicKey(order.owner);
    const built = instructionsOf(chain, order, owner, symbol, trader, status);
    if (!built.ok) return this.#reject(order, built.error);
    const { instructions, expectedSeq } = built.value;
    const signed = await chain.sign(owner, instructions, tradeComputeUnitsMax, blockhash);
    this.#parts.onStep('signed', order);
    const attempt: OrderAttempt = {
      signature: signed.signature,
      expectedSeq,
      signedAtMs: clock.nowMs(),
      lastValidBlockHeight: signed.lastValidBlockHeight,
      outcome: 'sent',
      reason: null,
    };
    const submitted = ledger.apply(order.orderId, { kind: 'submit', attempt }, order.version);
    if (submitted === null) return 'again';
    ledger.publish();
    this.#parts.onStep('stored', submitted);
    await this.#send(signed, logger);
    this.#parts.onStep('sent', submitted);
    const confirmation = await chain.confirm(signed, confirmTimeoutMs);
    this.#parts.onStep('confirmed', submitted);
    return this.#parts.settlement.confirmed(submitted, signed.signature, confirmation);
  }

  /** Whatever the answer, the signature is stored: its fate is looked up, not assumed. */
  async #send(signed: SignedTransaction, logger: Logger): Promise<void> {
    try {
      await this.#parts.chain.rpc.sendTransaction(signed.wire);
    } catch (error) {
      if (!(error instanceof ChainUnavailable) && !(error instanceof RpcRefusal)) throw error;
      logger.warn('sending failed; the signature will be looked up', {
        signature: signed.signature,
        error: errorMessage(error),
      });
    }
  }

  /** Every attempt is dead and none executed: why did the last one fail? */
  async #afterFailedAttempt(order: StoredOrder): Promise<Round> {
    const failure = this.#parts.settlement.lastFailure(order);
    if (order.attempts.length >= attemptsMax) {
      return this.#reject(
        order,
        failure?.refusal ?? { code: 'CHAIN_003', message: 'No attempt was confirmed. Nothing was executed.' },
      );
    }
    if (failure === null || failure.programError === 'StaleCommand' || failure.programError === 'NeedsInsurance') {
      return this.#attempt(order);
    }
    if (failure.programError === 'SlippageExceeded' && order.price !== null) return this.#leave(order);
    if (isPassing(failure)) {
      await sleep(transientPauseMs);
      return this.#attempt(order);
    }
    return this.#reject(order, failure.refusal);
  }

  /** The price has left a limit order: back to the book, or the end of one that must execute at once. */
  #leave(order: StoredOrder): Round {
    if (order.timeInForce === 'ioc') {
      return this.#change(order, {
        kind: 'cancel',
        error: { code: 'TRADING_004', message: 'The price did not reach the limit at the first chance.' },
      });
    }
    return this.#change(order, { kind: 'rest' });
  }

  #reject(order: StoredOrder, { code, message }: Refusal): Round {
    return this.#change(order, { kind: 'reject', error: { code, message } });
  }

  #change(order: StoredOrder, transition: Parameters<OrderLedger['apply']>[1]): Round {
    const changed = this.#parts.ledger.apply(order.orderId, transition, order.version);
    this.#parts.ledger.publish();
    return changed === null ? 'again' : 'done';
  }

  #giveUpIfLate(orderId: string, refusal: Refusal): void {
    const order = this.#parts.store.get(orderId);
    if (order !== null && this.#isLate(order)) this.#reject(order, refusal);
  }

  #isLate = (order: StoredOrder): boolean => order.submitByMs !== null && order.submitByMs <= this.#parts.clock.nowMs();
}

/** A price refused now may be followed by one that is not. */
const isPassing = ({ programError, expired }: TransactionFailure): boolean =>
  expired || (programError !== null && isTransient(programError));
