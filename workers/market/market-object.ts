import { DurableObject } from 'cloudflare:workers';
import type { IndexedEvent } from '#shared/events.ts';
import { type MarketDefinition, marketOf, type MarketSymbol } from '#shared/markets.ts';
import type { OraclePrice } from '#shared/perps/types.ts';
import type { PublicTradeDto } from '#shared/protocol/market.ts';
import { marketClientMessageSchema } from '#shared/protocol/ws.ts';
import { createDatabase } from '#db/client.ts';
import { createMarketDataRepository } from '#db/repositories/market-data.ts';
import { createRiskEventRepository, type RiskEventRepository } from '#db/repositories/risk-events.ts';
import { decodePosition } from '../chain/accounts.ts';
import { type Chain, chainOf } from '../chain/chain.ts';
import { readPosition, scanPositions } from '../chain/position-scan.ts';
import type { RpcAccount } from '../chain/rpc.ts';
import { type Env, readSettings, type Settings } from '../env.ts';
import { handOverDue } from '../observability/sinks.ts';
import { sleep, systemClock } from '../platform/clock.ts';
import { MemoryChannelLog } from '../platform/fan-out/channel-log.ts';
import { answerClose, openSocket, socketPlatformOf } from '../platform/fan-out/open-socket.ts';
import { SocketHub } from '../platform/fan-out/socket-hub.ts';
import { abortable, failpoint } from '../platform/failpoint.ts';
import type { MarketFork } from '../indexer/take-back.ts';
import { newId } from '../platform/ids.ts';
import { createLogger, type Logger } from '../platform/logger.ts';
import { migrate } from '../platform/sql.ts';
import { type Timer, Timers } from '../platform/timers.ts';
import { CandleHistory } from './candle-history.ts';
import type {
  Candle,
  CandleRequest,
  IndexRepairFigures,
  LiquidatableView,
  LiquidationCluster,
  MarketHealth,
  MarketPartHealth,
  MarketRpc,
  MarketSnapshot,
  MarketSwitches,
  RestingEntry,
  SwitchChange,
  UpkeepDue,
} from './contract.ts';
import type { RiskCandidate } from './liquidation-index.ts';
import { MarketChannels, marketChannelSnapshot } from './market-channels.ts';
import { MarketEngine } from './market-engine.ts';
import { IndexRepair, type PositionSource } from './index-repair.ts';
import { Facts, MARKET_MIGRATIONS, symbolOf } from './market-tables.ts';
import type { ViewState } from './market-view.ts';
import type { SafetySettings } from './market-watch.ts';
import { TriggerBookFullError } from './trigger-book.ts';
import { PriceFeed } from './price-feed.ts';
import { PriceRecorder } from './price-recorder.ts';

/** Keeps the outgoing stream alive (an object without events is evicted, its stream cut) and watches over everything else. */
const heartbeatMs = 10_000;
const HEARTBEAT = 'heartbeat';
/** The Market account is verified against the chain this often, besides after every event. */
const refreshEveryMs = 60_000;
/** Pause between tries to learn what is not known yet: the Market account, the chart's past. */
const marketPauseMs = 1_000;
const chartPauseMs = 30_000;
/** Without a price for so long the chart has a hole, which the history fills when prices come again. */
const chartHoleMs = 90_000;
const waitForPriceMsMax = 30_000;
/** Positions named in one answer of `upkeepDue`, and of `liquidatable`. */
const upkeepMax = 100;
const liquidatableMax = 100;
/** How long an object counts as just started, and the longest a caller waits in that time. */
const coldMsMax = 5_000;
const warmUpMsMax = 1_500;

/** One market: its price stream, candles, trigger book, liquidation index and public sockets. */
export class MarketObject extends DurableObject<Env> implements MarketRpc {
  readonly #definition: MarketDefinition;
  readonly #logger: Logger;
  readonly #timers: Timers;
  readonly #engine: MarketEngine;
  readonly #feed: PriceFeed;
  readonly #history: CandleHistory;
  readonly #recorder: PriceRecorder;
  readonly #repair: IndexRepair<RpcAccount>;
  readonly #riskEvents: RiskEventRepository;
  readonly #hub: SocketHub;
  readonly #startedAtMs = systemClock.nowMs();
  #refreshedAtMs = 0;
  #isChartComplete = false;
  #chartTriedAtMs = 0;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, MARKET_MIGRATIONS);
    const symbol = symbolOf(ctx);
    abortable(symbol, ctx);
    const settings = readSettings(env);
    const clock = systemClock;
    this.#definition = marketOf(symbol);
    this.#logger = createLogger({ fields: { part: 'market', symbol } });
    this.#timers = new Timers(ctx.storage, clock, this.#logger);
    this.#engine = new MarketEngine({
      definition: this.#definition,
      storage: ctx.storage,
      clock,
      logger: this.#logger,
      safety: safetyOf(settings),
      effects: {
        sendCandidates: (candidates, price) => this.#queueCandidates(candidates, price),
        sendClaim: ({ owner, ...claim }) => env.ACCOUNTS.getByName(owner).trigger(claim),
      },
      readMarket: async (): Promise<ViewState | null> => {
        const market = await chainOf(settings).readMarket(symbol);
        return market === null ? null : { market, eventSeq: market.eventSeq };
      },
    });
    this.#repair = new IndexRepair({
      index: this.#engine.index,
      facts: new Facts(ctx.storage.sql),
      clock,
      logger: this.#logger,
      source: positionSource(chainOf(settings), symbol),
      nextSeq: () => this.#engine.nextSeq,
    });
    const { candles, tape } = this.#engine;
    const snapshot = (): MarketSnapshot => this.#engine.snapshot();
    this.#hub = new SocketHub({
      clock,
      logger: this.#logger,
      log: new MemoryChannelLog(newId()),
      platform: socketPlatformOf(ctx),
      schema: marketClientMessageSchema,
      snapshot: (channel) => marketChannelSnapshot(channel, { snapshot, candles, tape }),
      newId,
    });
    this.#engine.publishTo(new MarketChannels(this.#hub, clock));
    const server = { apiKey: settings.HERMES_API_KEY, clock, logger: this.#logger };
    const { feedId, pythSymbol } = this.#definition;
    const onUpdate = this.#engine.onUpdate.bind(this.#engine);
    this.#feed = new PriceFeed({ ...server, url: settings.HERMES_URL, feedId, onUpdate });
    this.#history = new CandleHistory({
      ...server,
      url: settings.HISTORY_URL ?? settings.HERMES_URL,
      pythSymbol,
      candles,
    });
    const { DATABASE_URL: databaseUrl, DATABASE_HTTP_ENDPOINT: httpEndpoint } = settings;
    const database = createDatabase({ databaseUrl, httpEndpoint });
    this.#riskEvents = createRiskEventRepository(database);
    const marketData = createMarketDataRepository(database);
    this.#recorder = new PriceRecorder(ctx.storage, this.#logger, (points) =>
      marketData.record(points.map((point) => ({ ...point, symbol }))),
    );
    this.#timers.setAtLatest(HEARTBEAT, '', clock.nowMs() + heartbeatMs);
    this.#keepGoing();
  }

  async snapshot(): Promise<MarketSnapshot> {
    this.#keepGoing();
    await this.#warmUp();
    return this.#engine.snapshot();
  }

  async candles(request: CandleRequest): Promise<Candle[]> {
    this.#keepGoing();
    return this.#engine.candles.list(request);
  }

  async waitForPrice(minPublishTime: number, timeoutMs: number): Promise<MarketSnapshot> {
    this.#keepGoing();
    await this.#engine.board.wait(BigInt(minPublishTime), Math.min(timeoutMs, waitForPriceMsMax));
    return this.#engine.snapshot();
  }

  async rest(entry: RestingEntry): Promise<'resting' | 'full'> {
    this.#keepGoing();
    try {
      this.#engine.book.rest(entry);
    } catch (error) {
      if (error instanceof TriggerBookFullError) return 'full';
      throw error;
    }
    return 'resting';
  }

  async unrest(orderId: string, version: number): Promise<void> {
    this.#engine.book.unrest(orderId, version);
  }

  async applyEvents(events: readonly IndexedEvent[]): Promise<{ nextSeq: bigint }> {
    const nextSeq = this.#engine.applyEvents(events);
    await failpoint('market.applied', this.#definition.symbol);
    return { nextSeq };
  }

  async releaseCandidate(owner: string, commandSeq: bigint): Promise<void> {
    this.#engine.index.release(owner, commandSeq);
  }

  async lookAgain(owner: string, missed: boolean): Promise<void> {
    this.#engine.warnings.lookAgain(owner, missed);
  }

  async verifyPosition(owner: string): Promise<void> {
    await this.#repair.verify(owner);
  }

  async takeBack({ nextSeq, owners }: MarketFork): Promise<void> {
    await this.#engine.takeBack(nextSeq, owners);
    for (const owner of owners) await this.#repair.verify(owner);
  }

  async pauseCapped(owner: string, commandSeq: bigint): Promise<void> {
    this.#engine.index.pauseCap(owner, commandSeq);
  }

  async hasUrgent(): Promise<boolean> {
    return this.#engine.hasUrgent();
  }

  async upkeepDue(limit: number): Promise<UpkeepDue> {
    return this.#engine.upkeepDue(Math.min(limit, upkeepMax));
  }

  async setSwitch(change: SwitchChange): Promise<MarketSwitches> {
    this.#keepGoing();
    const switches = this.#engine.setSwitch(change);
    void this.#engine.watch.risks.drain(this.#riskEvents);
    return switches;
  }

  async switches(): Promise<MarketSwitches> {
    return this.#engine.watch.controls.switches;
  }

  async health(): Promise<MarketPartHealth> {
    this.#keepGoing();
    return {
      ...this.#engine.health(this.#feed.state, this.#hub.size, this.#repair.figures),
      hermes: this.#feed.breaker,
      fanoutLag: this.#hub.lag,
    };
  }

  async repairIndex(): Promise<IndexRepairFigures> {
    const figures = await this.#repair.visit();
    this.#engine.watch.onRepair(figures);
    return figures;
  }

  async liquidatable(limit: number): Promise<LiquidatableView> {
    this.#keepGoing();
    return this.#engine.liquidatable(Math.min(limit, liquidatableMax));
  }

  async liquidationClusters(): Promise<LiquidationCluster[]> {
    this.#keepGoing();
    return this.#engine.liquidationClusters();
  }

  async latestTrades(): Promise<PublicTradeDto[]> {
    this.#keepGoing();
    return this.#engine.tape.latest();
  }

  async sweep(): Promise<MarketHealth> {
    this.#keepGoing();
    this.#timers.setAtLatest(HEARTBEAT, '', systemClock.nowMs() + heartbeatMs);
    return this.#engine.health(this.#feed.state, this.#hub.size, this.#repair.figures);
  }

  override fetch(request: Request): Response {
    this.#keepGoing();
    return openSocket(this.ctx, this.#hub, request);
  }

  override async webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): Promise<void> {
    await this.#hub.message(socket, data);
  }

  override webSocketClose(socket: WebSocket, code: number): void {
    this.#hub.closed(socket);
    answerClose(socket, code);
  }

  override webSocketError(socket: WebSocket): void {
    this.#hub.closed(socket);
  }

  override async alarm(): Promise<void> {
    await this.#timers.runDue((timer) => this.#onTimer(timer));
  }

  #onTimer(timer: Timer): void {
    if (timer.kind !== HEARTBEAT) return;
    this.#timers.set(HEARTBEAT, '', systemClock.nowMs() + heartbeatMs);
    const { price, receivedAtMs } = this.#engine.board;
    const age = systemClock.nowMs() - (receivedAtMs ?? 0);
    if (price !== null && age < heartbeatMs) this.#recorder.add(price);
    if (age > chartHoleMs) this.#isChartComplete = false;
    this.#engine.settle();
    this.#hub.check();
    handOverDue(this.env);
    void this.#recorder.drain();
    void this.#engine.watch.risks.drain(this.#riskEvents);
    this.#keepGoing();
  }

  /** Whatever should be running runs. Cheap: called with every event. */
  #keepGoing(): void {
    this.#feed.ensure();
    const now = systemClock.nowMs();
    const pauseMs = this.#engine.view.market === null ? marketPauseMs : refreshEveryMs;
    if (now - this.#refreshedAtMs >= pauseMs) {
      this.#refreshedAtMs = now;
      void this.#engine.view.refresh();
    }
    if (!this.#isChartComplete && now - this.#chartTriedAtMs >= chartPauseMs) {
      this.#chartTriedAtMs = now;
      void this.#fillChart();
    }
  }

  /** The first callers of a market that was asleep wait a moment for its price and its account, instead of being told that there are none. */
  async #warmUp(): Promise<void> {
    const { view, board } = this.#engine;
    const isWarm = view.market !== null && board.price !== null;
    if (isWarm || systemClock.nowMs() - this.#startedAtMs > coldMsMax) return;
    const market = view.market === null ? view.refresh() : Promise.resolve();
    await Promise.all([board.wait(0n, warmUpMsMax), Promise.race([market, sleep(warmUpMsMax)])]);
  }

  async #fillChart(): Promise<void> {
    this.#isChartComplete = await this.#history.fill();
    this.#engine.tellStats();
  }

  async #queueCandidates(candidates: readonly RiskCandidate[], price: OraclePrice): Promise<void> {
    const { symbol } = this.#definition;
    const bodies = candidates.map((candidate) => ({
      body: {
        kind: candidate.kind,
        symbol,
        owner: candidate.owner,
        commandSeq: String(candidate.commandSeq),
        price: String(price.price),
        publishTime: candidate.kind === 'warning' ? candidate.crossedAt : Number(price.publishTime),
        requestId: newId(),
      },
    }));
    for (let at = 0; at < bodies.length; at += queueBatchMax)
      await this.env.RISK_CHECKS.sendBatch(bodies.slice(at, at + queueBatchMax));
  }
}

/** Messages the platform takes at once. */
const queueBatchMax = 100;

const safetyOf = (settings: Settings): SafetySettings => ({
  moveBps: BigInt(settings.BRAKE_MOVE_BPS),
  calmBps: BigInt(settings.BRAKE_CALM_BPS),
  calmSeconds: BigInt(settings.BRAKE_CALM_SECONDS),
  liquidationsPerMinuteMax: settings.LIQUIDATIONS_PER_MINUTE_MAX,
});

/** The chain's positions of a market. Events of its stream are counted before the market exists from 0. */
const positionSource = (chain: Chain, symbol: MarketSymbol): PositionSource<RpcAccount> => ({
  scan: (ownerByte) => scanPositions(chain, symbol, ownerByte),
  decode: (account) => decodePosition(chain.addresses.program.toBase58(), account),
  read: (owner) => readPosition(chain, symbol, owner),
  marketEventSeq: async () => (await chain.readMarket(symbol))?.eventSeq ?? 0n,
});
