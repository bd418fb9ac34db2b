import type { IndexedEvent } from '#shared/events.ts';
import type { MarketDefinition } from '#shared/markets.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import type { PublicTradeDto } from '#shared/protocol/market.ts';
import { type Clock, nowSeconds } from '../platform/clock.ts';
import { failpoint } from '../platform/failpoint.ts';
import { errorMessage, type Logger } from '../platform/logger.ts';
import { metrics } from '../platform/metrics/registry.ts';
import { Candles } from './candles.ts';
import type {
  IndexRepairFigures,
  LiquidatableView,
  LiquidationCluster,
  MarketHealth,
  MarketSnapshot,
  MarketStats,
  MarketSwitches,
  SwitchChange,
  UpkeepDue,
} from './contract.ts';
import type { FeedUpdate } from './hermes-update.ts';
import { clusteredPerSideMax, clustersOf } from './liquidation-clusters.ts';
import { LiquidationIndex, type RiskCandidate } from './liquidation-index.ts';
import { MarginWarnings } from './margin-warnings.ts';
import type { MarketChannels } from './market-channels.ts';
import { carriedForward, marketEffect } from './market-events.ts';
import { Facts } from './market-tables.ts';
import { MarketView, type ViewState } from './market-view.ts';
import { MarketWatch, type SafetySettings } from './market-watch.ts';
import { PriceBoard } from './price-board.ts';
import { TradeTape } from './trade-tape.ts';
import { type OpenClaim, TriggerBook } from './trigger-book.ts';
import { Upkeep } from './upkeep.ts';

/** What a tick sets in motion, outside the object. Neither is awaited by the tick. */
export interface MarketEffects {
  /** Hands candidates to the risk queue. @throws when it could not: they are offered again. */
  readonly sendCandidates: (candidates: readonly RiskCandidate[], price: OraclePrice) => Promise<void>;
  /** Tells an order's owner of its price. @throws when the answer is unknown: the claim is repeated. */
  readonly sendClaim: (claim: OpenClaim) => Promise<'accepted' | 'stale'>;
}

export interface MarketEngineOptions {
  readonly definition: MarketDefinition;
  readonly storage: DurableObjectStorage;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly safety: SafetySettings;
  readonly effects: MarketEffects;
  readonly readMarket: () => Promise<ViewState | null>;
}

/** Times and bounds of the engine. */
const statsAgeMsMax = 5_000;
const claimsInFlightMax = 200;
/** First number of every stream of events. */
const firstSeq = 1n;
const FACT = { price: 'price', market: 'market', nextSeq: 'next_market_seq' } as const;

/** A market at work: prices in, candles, triggers and liquidation candidates out. Synchronous throughout; effects run beside it. */
export class MarketEngine {
  readonly candles: Candles;
  readonly book: TriggerBook;
  readonly index: LiquidationIndex;
  readonly warnings: MarginWarnings;
  readonly view: MarketView;
  readonly board: PriceBoard;
  readonly tape: TradeTape;
  readonly upkeep: Upkeep;
  readonly watch: MarketWatch;
  readonly #options: MarketEngineOptions;
  readonly #facts: Facts;
  #channels: MarketChannels | null = null;
  #stats: { readonly value: MarketStats | null; readonly atMs: number } | null = null;
  #claimsInFlight = 0;
  #refusals = 0;
  readonly #startedAtMs: number;

  constructor(options: MarketEngineOptions) {
    const { storage, clock, logger, definition, readMarket } = options;
    this.#options = options;
    this.#facts = new Facts(storage.sql);
    this.#startedAtMs = clock.nowMs();
    this.candles = new Candles(storage);
    this.book = new TriggerBook(storage, clock);
    this.index = new LiquidationIndex(storage, clock);
    this.warnings = new MarginWarnings(storage, clock);
    this.tape = new TradeTape(storage.sql, definition.symbol);
    this.upkeep = new Upkeep(storage.sql);
    this.view = new MarketView({
      read: readMarket,
      logger,
      last: this.#facts.get<ViewState>(FACT.market),
      onChange: (state) => this.#facts.set(FACT.market, state),
    });
    const last = this.#facts.get<OraclePrice>(FACT.price);
    this.board = new PriceBoard(clock, () => this.view.market, last);
    const { symbol } = definition;
    this.watch = new MarketWatch({ ...options, facts: this.#facts, symbol, last });
  }

  /** Where the engine tells what changed; set once the sockets are up. */
  publishTo(channels: MarketChannels): void {
    this.#channels = channels;
  }

  get nextSeq(): bigint {
    return this.#facts.get<bigint>(FACT.nextSeq) ?? firstSeq;
  }

  /** One update of the feed. Never throws: a bad update must not end the stream that carries the next one. */
  onUpdate(update: FeedUpdate): void {
    try {
      this.#tick(update);
    } catch (error) {
      this.#options.logger.error('a tick failed', { error });
    }
  }

  #tick(update: FeedUpdate): void {
    const before = this.board.price;
    const offer = this.board.offer(update);
    if (!offer.ok) return this.#refused(offer.reason);
    const { price } = offer;
    this.#channels?.price(this.snapshot());
    this.#countTick(price);
    if (this.watch.onPrice(price)) this.tellStats();
    const ended = this.candles.tick(Number(price.publishTime), price.price);
    this.#channels?.candles(ended, this.candles);
    if (price.publishTime !== before?.publishTime) this.#facts.set(FACT.price, price);
    this.#trigger(price);
    this.#propose(price);
  }

  #countTick({ publishTime }: OraclePrice): void {
    const { clock, definition } = this.#options;
    const labels = { market: definition.symbol };
    metrics.count('quantdesk_ticks_total', { ...labels, outcome: 'accepted' });
    metrics.observe('quantdesk_price_delivery_seconds', labels, clock.nowMs() / 1_000 - Number(publishTime));
  }

  #refused(reason: string): void {
    this.#refusals += 1;
    const { symbol: market } = this.#options.definition;
    const outcome = reason === 'OracleOutOfOrder' ? 'out_of_order' : 'refused';
    metrics.count('quantdesk_ticks_total', { market, outcome });
    // Out of order is the daily life of a feed; of the rest, one line per power of two.
    if (reason === 'OracleOutOfOrder') return;
    if (Number.isInteger(Math.log2(this.#refusals))) {
      this.#options.logger.warn('price refused', { reason, refused: this.#refusals });
    }
    this.#channels?.stateMayHaveChanged(() => this.snapshot());
  }

  /** Claims what the price reaches. The owners are told beside the tick, a bounded number at a time. */
  #trigger(price: OraclePrice): void {
    if (this.#claimsInFlight >= claimsInFlightMax || this.watch.controls.isOff('trigger')) return;
    for (const claim of this.book.claim(price.price, Number(price.publishTime))) void this.#sendClaim(claim);
  }

  async #sendClaim(claim: OpenClaim): Promise<void> {
    const { effects, logger } = this.#options;
    this.#claimsInFlight += 1;
    try {
      await failpoint('claim.kept', claim.owner);
      await effects.sendClaim(claim);
      await failpoint('claim.answered', claim.owner, () => effects.sendClaim(claim));
      this.book.settle(claim.orderId, claim.version);
    } catch (error) {
      // The claim stays and is repeated when it runs out: the owner may or may not have heard it.
      logger.warn('claim without an answer', { order_id: claim.orderId, error: errorMessage(error) });
    } finally {
      this.#claimsInFlight -= 1;
    }
  }

  /** Offers the risk queue what the price puts at risk. */
  #propose(price: OraclePrice): void {
    const market = this.view.accruedTo(price, BigInt(nowSeconds(this.#options.clock)));
    if (market === null) return;
    const candidates = [
      ...(this.watch.controls.isOff('liquidate') ? [] : this.index.liquidatable(market, price)),
      ...this.index.capped(price),
      ...this.warnings.due(market, price),
    ];
    if (candidates.length > 0) void this.#sendCandidates(candidates, price);
  }

  async #sendCandidates(candidates: readonly RiskCandidate[], price: OraclePrice): Promise<void> {
    const { effects, logger } = this.#options;
    const warned = candidates.filter(({ kind }) => kind === 'warning').map(({ owner }) => owner);
    try {
      await failpoint('candidates.leased', candidates[0]?.owner ?? '');
      await effects.sendCandidates(candidates, price);
      await failpoint('candidates.queued', candidates[0]?.owner ?? '', () => effects.sendCandidates(candidates, price));
      this.warnings.told(warned);
    } catch (error) {
      logger.error('candidates could not be queued', { candidates: candidates.length, error: errorMessage(error) });
      this.index.giveBack(candidates.filter(({ kind }) => kind !== 'warning').map(({ owner }) => owner));
      this.warnings.notTold(warned);
    }
  }

  /** Applies events of this market's stream in order, each once; stops at a hole. Answers the next expected number. */
  applyEvents(events: readonly IndexedEvent[]): bigint {
    const { storage, definition } = this.#options;
    const before = this.nextSeq;
    const trades: PublicTradeDto[] = [];
    const next = storage.transactionSync(() => {
      let expected = before;
      for (const event of events) {
        const stream = event.streams.market;
        if (stream?.symbol !== definition.symbol || stream.seq < expected) continue;
        if (stream.seq > expected) break;
        trades.push(...this.#applyEvent(event, stream.seq));
        expected += 1n;
      }
      if (expected !== before) this.#facts.set(FACT.nextSeq, expected);
      return expected;
    });
    if (next === before) return next;
    // Told after the transaction: what is rolled back was never said.
    for (const trade of trades) {
      this.#channels?.trade(trade);
      if (!trade.liquidation) continue;
      metrics.count('quantdesk_liquidations_total', { market: definition.symbol });
      this.watch.onLiquidation(Date.parse(trade.created_at));
    }
    this.tellStats();
    // Events carry most of the Market account; its other sums are read again.
    void this.view.refresh();
    return next;
  }

  /** Forgets what events from `nextSeq` on said of these positions and of the market, which is read from the chain. */
  async takeBack(nextSeq: bigint, owners: readonly string[]): Promise<void> {
    this.#options.storage.transactionSync(() => {
      if (nextSeq < this.nextSeq) this.#facts.set(FACT.nextSeq, nextSeq);
      for (const owner of owners) this.index.remove(owner);
    });
    await this.view.takeBack(nextSeq);
    this.tellStats();
  }

  #applyEvent(event: IndexedEvent, seq: bigint): PublicTradeDto[] {
    const effect = marketEffect(event);
    const positionSeq = event.streams.position?.seq ?? 0n;
    if (effect.position !== undefined) this.index.set(effect.position.owner, effect.position.state, positionSeq);
    if (effect.settled !== undefined) this.index.settle(effect.settled.owner, effect.settled.state, positionSeq);
    if (effect.payout !== undefined) this.upkeep.notePayout(effect.payout.owner, effect.payout.owed);
    const atSeconds = BigInt(Math.floor(event.blockTimeMs / 1_000));
    this.view.carryForward(seq, (market) => carriedForward(effect, market, atSeconds));
    if (effect.trade === undefined) return [];
    const { size, price } = effect.trade;
    this.candles.addVolume(Math.floor(event.blockTimeMs / 1_000), size, (size * price) / 10n ** 10n);
    return [this.tape.add(event, effect.trade)];
  }

  /** Whether a position waits for its liquidation, or to be closed at its cap, at the newest price. False while nothing is known. */
  hasUrgent(): boolean {
    const { price } = this.board;
    const market = price === null ? null : this.view.accruedTo(price, BigInt(nowSeconds(this.#options.clock)));
    return price !== null && market !== null && this.index.hasUrgent(market, price);
  }

  /** Who may be liquidated at the newest price. */
  liquidatable(limit: number): LiquidatableView {
    const { price } = this.board;
    const market = price === null ? null : this.view.accruedTo(price, BigInt(nowSeconds(this.#options.clock)));
    if (price === null || market === null) return { price, market, positions: [] };
    const positions = this.index.unhealthy(market, price, limit).map(({ owner, state }) => ({ owner, state }));
    return { price, market, positions };
  }

  /** Where positions would be liquidated, from the newest price on. */
  liquidationClusters(): LiquidationCluster[] {
    const { price } = this.board;
    const market = price === null ? null : this.view.accruedTo(price, BigInt(nowSeconds(this.#options.clock)));
    if (price === null || market === null) return [];
    const nearest = (['long', 'short'] as const).flatMap((side) => this.index.nearest(side, clusteredPerSideMax));
    return clustersOf(nearest, market, price);
  }

  /** What anyone may do for this market's positions and nobody is in a hurry for. */
  upkeepDue(limit: number): UpkeepDue {
    const { price } = this.board;
    const market = price === null ? null : this.view.accruedTo(price, BigInt(nowSeconds(this.#options.clock)));
    if (market === null) return { settle: [], pay: [] };
    const pay = market.payoutsOwed > 0n ? this.upkeep.owed(limit) : [];
    return { settle: this.upkeep.unsettled(market, limit), pay };
  }

  /** Switches an operation off or on; everybody who listens is told. */
  setSwitch(change: SwitchChange): MarketSwitches {
    const { changed, switches } = this.watch.onSwitch(change);
    if (changed) this.tellStats();
    return switches;
  }

  snapshot(): MarketSnapshot {
    return {
      symbol: this.#options.definition.symbol,
      price: this.board.price,
      priceState: this.board.state(),
      receivedAtMs: this.board.receivedAtMs,
      market: this.view.market,
      stats: this.#currentStats(),
      controls: this.watch.controls.current(),
      isBookFull: this.book.isFull,
    };
  }

  /** Writes what ticks keep in memory, tells what changed without a tick, forgets what is old. */
  settle(): void {
    const { storage, clock } = this.#options;
    storage.transactionSync(() => {
      this.candles.flush();
      this.warnings.flush();
      this.index.tidy();
      this.candles.prune(nowSeconds(clock));
      this.book.prune();
    });
    const { priceAgeMs } = this;
    this.watch.check({ priceAgeMs, oldestCandidateMs: this.index.oldestCandidateMs });
    this.#channels?.stateMayHaveChanged(() => this.snapshot());
    this.tellStats();
  }

  /** Since the newest price arrived; from the start of this life where none has yet, though there was one before. */
  get priceAgeMs(): number | null {
    const { clock } = this.#options;
    if (this.board.price === null) return null;
    return clock.nowMs() - (this.board.receivedAtMs ?? this.#startedAtMs);
  }

  /** The figures of the day changed by more than a tick. */
  tellStats(): void {
    this.#stats = null;
    this.#channels?.stats(this.snapshot());
  }

  health(feed: MarketHealth['feed'], subscribers: number, index: IndexRepairFigures): MarketHealth {
    const { receivedAtMs } = this.board;
    return {
      symbol: this.#options.definition.symbol,
      priceAgeMs: receivedAtMs === null ? null : this.#options.clock.nowMs() - receivedAtMs,
      feed,
      restingOrders: this.book.size,
      openPositions: this.index.size,
      candidatesInFlight: this.index.candidatesInFlight,
      oldestCandidateMs: this.index.oldestCandidateMs,
      index,
      risks: this.watch.risks.lasting,
      subscribers,
      nextMarketSeq: this.nextSeq,
    };
  }

  #currentStats(): MarketStats | null {
    const now = this.#options.clock.nowMs();
    if (this.#stats === null || now - this.#stats.atMs > statsAgeMsMax) {
      this.#stats = { value: this.candles.stats(nowSeconds(this.#options.clock)), atMs: now };
    }
    return this.#stats.value;
  }
}
