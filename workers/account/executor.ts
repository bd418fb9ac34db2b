import { PublicKey } from '@solana/web3.js';
import { isMarketSymbol, type MarketSymbol } from '#shared/markets.ts';
import { price as toPrice } from '#shared/money/units.ts';
import { PerpError } from '#shared/perps/errors.ts';
import { fillPrice } from '#shared/perps/fill.ts';
import type { Refusal } from '#shared/protocol/error-codes.ts';
import { type Chain, type TraderAccounts, tradeComputeUnitsMax } from '../chain/chain.ts';
import type { ChainPosition } from '../chain/accounts.ts';
import { isTransient, refusalOfProgramError, type TransactionFailure } from '../chain/program-errors.ts';
import { ChainUnavailable, type LatestBlockhash, RpcRefusal } from '../chain/rpc.ts';
import type { SignedTransaction } from '../chain/transactions.ts';
import type { MarketRpc, MarketSnapshot } from '../market/contract.ts';
import { type Clock, sleep } from '../platform/clock.ts';
import { failpoint } from '../platform/failpoint.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { withTimeout } from '../platform/retry.ts';
import { exitAlert } from './account-alerts.ts';
import type { OrderAttempt, RiskAlert } from './contract.ts';
import { positionGone } from './exits.ts';
import { refusalOfPlan } from './order-checks.ts';
import { foreseenRefusal, type ForeseenRefusal, isForeseeable } from './foreseen.ts';
import type { KeeperBudget } from './keeper-budget.ts';
import { marketOrderLifeMs } from './order-draft.ts';
import { instructionsOf } from './order-instructions.ts';
import type { OrderLedger } from './order-ledger.ts';
import {
  attemptsSinceTrigger,
  isFinished,
  isProtective,
  limitReached,
  liveAttempts,
  type StoredOrder,
} from './order-machine.ts';
import type { OrderStore } from './order-store.ts';
import { retryPauseMs } from './retry-pause.ts';
import type { Settlement } from './settlement.ts';
import type { AccountStanding } from './standing.ts';
import { isRefusedPart, planExecution } from './trade-plan.ts';

export interface ExecutorParts {
  readonly chain: Chain;
  readonly store: OrderStore;
  readonly ledger: OrderLedger;
  readonly settlement: Settlement;
  readonly market: (symbol: MarketSymbol) => Pick<MarketRpc, 'waitForPrice'>;
  readonly standing: Pick<AccountStanding, 'refusalOfOpening'>;
  readonly budget: Pick<KeeperBudget, 'takeTurn' | 'refusal'>;
  /** Stores an alert once and announces it. */
  readonly alert: (alert: RiskAlert) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Longest wait for one eligible price before the order's state is looked at again. */
const priceWaitMs = 3_000;
const confirmTimeoutMs = 5_000;
/** Pause after a failure that another price may cure. */
const transientPauseMs = 250;
/** Pause before attempts whose fate is open are looked at again. */
const settlePauseMs = 400;
/** Looks at one order before it leaves its lane to the others. */
const roundsMax = 20;
/**
 * Age of a price, seconds, that an order may still use which comes to its turn late. Who could hold up his own lane and use the price of its
 * beginning would have a free option on every stall of the feed.
 */
const lookBackSecondsMax = 2;
/** For how long it does so. */
const undecidedPauseMs = 1_000;
/** Attempts after which an order that always fails is given up. */
const attemptsMax = 20;
/** After so many since its price was reached, an entry that can wait goes back to the book. */
const waitingAttemptsMax = 3;

/** Longest look at whether Solana answers. */
const probeTimeoutMs = 1_000;

/** `done`: the order is left alone until something happens to it, if only the end of its pause. */
type Round = 'done' | 'again';

/** What an attempt is built against. */
interface Situation {
  readonly trader: TraderAccounts;
  readonly blockhash: LatestBlockhash;
  readonly snapshot: MarketSnapshot;
}

/** What an order that is not submitted yet waits for, since when. */
interface Wait {
  readonly for: 'chain' | 'price';
  readonly sinceMs: number;
}

const chainAway: Refusal = {
  code: 'CHAIN_001',
  message: 'Solana could not be reached in time. Nothing was executed.',
};
const noPriceInTime: Refusal = {
  code: 'ORACLE_001',
  message: 'No acceptable price came in time. Nothing was executed.',
};
const notConfirmed: Refusal = { code: 'CHAIN_003', message: 'No attempt was confirmed. Nothing was executed.' };

/**
 * Brings an accepted, triggered or submitted order to the chain. Every await may be the last: state is read again after each, changes go
 * through compare-and-set, and an attempt is stored with its signature before it is sent. All attempts name the position's command
 * number, so at most one of them lands however often this runs.
 */
export class Executor {
  readonly #parts: ExecutorParts;
  /** Of the orders under way in this incarnation. */
  readonly #waits = new Map<string, Wait>();

  constructor(parts: ExecutorParts) {
    this.#parts = parts;
  }

  /** Outbox handler. An order that cannot go on pauses beside its lane. @throws while the chain is away: run again. */
  async run(orderId: string): Promise<void> {
    this.#renew(orderId);
    for (let round = 0; round < roundsMax; round++) {
      const order = this.#parts.store.get(orderId);
      if (order === null || isFinished(order.stage) || order.stage === 'resting') {
        this.#waits.delete(orderId);
        return;
      }
      try {
        if ((await this.#round(order)) === 'done') return;
      } catch (error) {
        if (!(error instanceof ChainUnavailable)) throw error;
        this.#note(orderId, 'chain');
        await this.giveUp(orderId);
        throw error;
      }
    }
    this.#parts.ledger.pause(orderId, undecidedPauseMs);
  }

  /** Nothing chooses among prices by coming to its turn late, or by pausing: only those of about now count. */
  #renew(orderId: string): void {
    const { store, ledger, clock } = this.#parts;
    const order = store.get(orderId);
    const from = Math.floor(clock.nowMs() / 1000) - lookBackSecondsMax;
    if (order === null || order.intent === 'add_margin' || order.stage === 'resting' || order.eligibleFrom >= from)
      return;
    if (ledger.apply(orderId, { kind: 'renew', eligibleFrom: from }, order.version) !== null) ledger.publish();
  }

  /** Ends an order whose time to be submitted is over, whatever its execution hangs on. */
  async giveUp(orderId: string): Promise<void> {
    const { store } = this.#parts;
    const isOver = (order: StoredOrder | null): order is StoredOrder =>
      order !== null && this.#isLate(order) && (order.stage === 'accepted' || order.stage === 'triggered');
    if (!isOver(store.get(orderId))) return;
    const refusal = await this.#whyLate(orderId);
    const order = store.get(orderId);
    if (!isOver(order)) return;
    this.#reject(order, refusal);
    this.#waits.delete(orderId);
  }

  /** A wait for a price is short: one that lasts hangs on the chain too. An object that just woke up asks the chain itself. */
  async #whyLate(orderId: string): Promise<Refusal> {
    const { chain, clock } = this.#parts;
    const wait = this.#waits.get(orderId);
    if (wait !== undefined) {
      return wait.for === 'chain' || clock.nowMs() - wait.sinceMs > 2 * priceWaitMs ? chainAway : noPriceInTime;
    }
    const isThere = await withTimeout(() => chain.rpc.getLatestBlockhash(), probeTimeoutMs).then(
      () => true,
      () => false,
    );
    return isThere ? noPriceInTime : chainAway;
  }

  #note(orderId: string, waitsFor: Wait['for']): void {
    this.#waits.set(orderId, { for: waitsFor, sinceMs: this.#parts.clock.nowMs() });
  }

  async #round(order: StoredOrder): Promise<Round> {
    if (liveAttempts(order).length > 0) {
      const state = await this.#parts.settlement.settle(order);
      const isWanted = order.withdrawn === null && !this.#isLate(order);
      if (state === 'resend' && isWanted) return this.#attempt(order);
      if (state !== 'again') await sleep(settlePauseMs);
      return 'again';
    }
    if (order.stage === 'submitted') return this.#afterFailedAttempt(order);
    if (order.stopPrice !== null && !order.stopFired) return this.#change(order, { kind: 'rest' });
    return this.#attempt(order);
  }

  async #attempt(order: StoredOrder): Promise<Round> {
    const { chain } = this.#parts;
    if (!isMarketSymbol(order.symbol)) throw new Error(`order of an unknown market ${order.symbol}`);
    if (this.#isLate(order)) {
      await this.giveUp(order.orderId);
      return 'again';
    }
    this.#note(order.orderId, 'chain');
    // The blockhash is fetched while the price is waited for: it is good for a minute.
    const reads = Promise.all([chain.readTrader(order.owner), chain.rpc.getLatestBlockhash()]);
    const [[trader, blockhash], snapshot] = await Promise.all([reads, this.#waitForPrice(order, order.symbol)]);
    this.#note(order.orderId, 'price');
    const current = this.#parts.store.get(order.orderId);
    if (current === null || current.version !== order.version || snapshot === null) return 'again';
    const priced = this.#checkLimit(order, snapshot);
    if (priced !== 'execute') return priced;
    if (order.intent !== 'add_margin') {
      const posted = await chain.oracle.ensure(order.symbol, order.eligibleFrom, priceWaitMs);
      if (posted === null) return 'again';
    }
    await failpoint('order.priced', order.owner);
    return this.#submit(order, order.symbol, { trader, blockhash, snapshot });
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
    return this.#mayLand(order) ? this.#pause(order, undecidedPauseMs) : this.#leave(order);
  }

  async #submit(order: StoredOrder, symbol: MarketSymbol, situation: Situation): Promise<Round> {
    const { chain, clock, ledger, logger } = this.#parts;
    const { trader, blockhash, snapshot } = situation;
    const owner = new PublicKey(order.owner);
    const position = trader.positions.get(symbol) ?? null;
    if (isExit(order) && (position === null || position.size === 0n || position.openedSeq !== order.positionSeq))
      return this.#change(order, { kind: 'cancel', error: positionGone });
    const restricted = this.#restriction(order, position, snapshot);
    if (restricted !== null)
      return this.#mayLand(order) ? this.#pause(order, undecidedPauseMs) : this.#reject(order, restricted);
    const foreseen = this.#mayLand(order) ? null : foreseenRefusal(order, trader, snapshot, clock.nowMs());
    if (foreseen !== null) return this.#holdBack(order, foreseen);
    const built = instructionsOf(chain, order, owner, symbol, trader, snapshot);
    if (!built.ok) return this.#reject(order, built.error);
    const { instructions, expectedSeq } = built.value;
    const turnMs = this.#parts.budget.takeTurn();
    if (turnMs > 0) return this.#awaitTurn(order, turnMs);
    const signed = await chain.sign(owner, instructions, tradeComputeUnitsMax, blockhash);
    await failpoint('order.signed', order.owner);
    const attempt: OrderAttempt = {
      signature: signed.signature,
      expectedSeq,
      signedAtMs: clock.nowMs(),
      lastValidBlockHeight: signed.lastValidBlockHeight,
      outcome: 'sent',
      settledAtMs: null,
      reason: null,
    };
    const submitted = ledger.apply(order.orderId, { kind: 'submit', attempt }, order.version);
    if (submitted === null) return 'again';
    ledger.publish();
    await failpoint('order.stored', order.owner);
    await this.#send(signed, logger);
    await failpoint('order.sent', order.owner, () => chain.rpc.sendTransaction(signed.wire));
    const confirmation = await chain.confirm(signed, confirmTimeoutMs);
    await failpoint('order.confirmed', order.owner);
    return this.#parts.settlement.confirmed(submitted, signed.signature, confirmation);
  }

  /** While an attempt may still land, its order is neither ended nor taken back. */
  #mayLand = (order: StoredOrder): boolean => liveAttempts(order).length > 0;

  /** What operators, brakes, the trader's standing or his budget hold back by now. */
  #restriction(order: StoredOrder, position: ChainPosition | null, snapshot: MarketSnapshot): Refusal | null {
    const { budget, standing } = this.#parts;
    if (order.intent === 'add_margin') return null;
    if (order.intent === 'remove_margin') return budget.refusal();
    const plan = planExecution(order, position, snapshot);
    if (!plan.ok) return null;
    return refusalOfPlan(plan.value, snapshot.controls, standing.refusalOfOpening() ?? budget.refusal());
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
    if (order.withdrawn !== null) return this.#change(order, { kind: 'cancel', error: order.withdrawn });
    const failure = this.#parts.settlement.lastFailure(order);
    if (order.attempts.length >= attemptsMax || this.#isLate(order)) {
      return this.#reject(order, failure?.refusal ?? notConfirmed);
    }
    if (failure === null || failure.programError === 'StaleCommand' || failure.programError === 'NeedsInsurance')
      return this.#tryAgain(order, 0);
    if (isForeseeable(failure.programError)) return this.#holdBack(order, failure.programError);
    // Refused as a part: what follows closes the whole.
    if (isExit(order) && isRefusedPart(failure.programError)) return this.#attempt(order);
    if (!isPassing(failure)) return this.#reject(order, failure.refusal);
    const isTiring = canWait(order) && !isProtective(order) && attemptsSinceTrigger(order).length >= waitingAttemptsMax;
    return isTiring ? this.#leave(order, this.#parts.clock.nowMs()) : this.#tryAgain(order, transientPauseMs);
  }

  /** Another attempt, once the last one is so long ago as its failures want it. */
  #tryAgain(order: StoredOrder, pauseMsMin: number): Promise<Round> | Round {
    const attempts = attemptsSinceTrigger(order);
    const sinceMs = attempts.at(-1)?.settledAtMs ?? 0;
    const leftMs = sinceMs + Math.max(pauseMsMin, retryPauseMs(attempts)) - this.#parts.clock.nowMs();
    return leftMs > 0 ? this.#pause(order, leftMs) : this.#attempt(order);
  }

  /** It is not late for what others of its wallet have spent. */
  #awaitTurn(order: StoredOrder, pauseMs: number): Round {
    const submitByMs = this.#parts.clock.nowMs() + pauseMs + marketOrderLifeMs;
    this.#change(order, { kind: 'postpone', submitByMs });
    return this.#pause(order, pauseMs);
  }

  #pause({ orderId }: StoredOrder, pauseMs: number): Round {
    this.#parts.ledger.pause(orderId, pauseMs);
    return 'done';
  }

  /** The price has left a limit order: back to the book, or the end of one that must execute at once. */
  #leave(order: StoredOrder, heldBackAtMs?: number): Round {
    if (order.timeInForce === 'ioc') {
      return this.#change(order, {
        kind: 'cancel',
        error: { code: 'TRADING_004', message: 'The price did not reach the limit at the first chance.' },
      });
    }
    return this.#change(order, heldBackAtMs === undefined ? { kind: 'rest' } : { kind: 'rest', heldBackAtMs });
  }

  /** The program does not take it at this price: one with a limit waits on in the book, not for every price. */
  #holdBack(order: StoredOrder, reason: ForeseenRefusal): Round {
    const isMissed = reason === 'SlippageExceeded' && order.price !== null;
    if (!canWait(order) && !isMissed) return this.#reject(order, refusalOfProgramError(reason));
    return this.#leave(order, this.#parts.clock.nowMs());
  }

  /** What cannot be executed ends; an exit waits on while its position stands, longer each time, and its trader is told why. */
  #reject(order: StoredOrder, { code, message }: Refusal): Round {
    if (isExit(order)) {
      const heldBackAtMs = this.#parts.clock.nowMs();
      // Before the change: a death in between tells it again, under the same id.
      this.#parts.alert(exitAlert(order, { code, message }, heldBackAtMs));
      return this.#change(order, { kind: 'rest', heldBackAtMs });
    }
    return this.#change(order, { kind: 'reject', error: { code, message } });
  }

  #change(order: StoredOrder, transition: Parameters<OrderLedger['apply']>[1]): Round {
    const changed = this.#parts.ledger.apply(order.orderId, transition, order.version);
    this.#parts.ledger.publish();
    return changed === null ? 'again' : 'done';
  }

  #isLate = (order: StoredOrder): boolean => order.submitByMs !== null && order.submitByMs <= this.#parts.clock.nowMs();
}

/** What protects a position is not given up while the position is there. */
const isExit = ({ exitKind }: StoredOrder): boolean => exitKind !== null;

/** A limit that is good for more than one price. */
const canWait = ({ price, timeInForce }: StoredOrder): boolean => price !== null && timeInForce !== 'ioc';

/** A price refused now may be followed by one that is not. */
const isPassing = ({ programError, expired }: TransactionFailure): boolean =>
  expired || (programError !== null && isTransient(programError));
