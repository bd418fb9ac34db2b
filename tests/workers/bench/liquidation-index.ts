import { DurableObject } from 'cloudflare:workers';
import { isLiquidatable } from '#shared/perps/equity.ts';
import type { MarketState, OraclePrice, PositionState, Side } from '#shared/perps/types.ts';
import { LiquidationIndex } from '../../../workers/market/liquidation-index.ts';
import { MarginWarnings } from '../../../workers/market/margin-warnings.ts';
import { POSITION_TABLES } from '../../../workers/market/position-tables.ts';
import { systemClock } from '../../../workers/platform/clock.ts';
import { migrate } from '../../../workers/platform/sql.ts';
import { fromStoredJson } from '../../../workers/platform/stored-json.ts';
import type { TickFigures } from '../../bench/tick-figures.ts';
import { sampleMarket, samplePosition, samplePrice } from '../market/sample-market.ts';

interface Env {
  readonly INDEX: DurableObjectNamespace<IndexBench>;
}

const UNIT = 10n ** 8n;
const cent = UNIT / 100n;
/** Positions that the deep price makes liquidatable, besides those of the book. */
const hitsPerTick = 10;
/** The quiet price trembles around 100 USD by this much; the deep one is where `hitsPerTick` are past their line. */
const trembleCents = 4n;
const deep = samplePrice(94n * UNIT);

/** The index of a market in the SQLite of a real Durable Object, filled and ticked on request. */
export class IndexBench extends DurableObject<Env> {
  readonly #counted: ReturnType<typeof counting>;
  readonly #index: LiquidationIndex;
  readonly #warnings: MarginWarnings;
  readonly #market: MarketState = sampleMarket();

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    migrate(ctx.storage, POSITION_TABLES);
    this.#counted = counting(ctx.storage);
    this.#index = new LiquidationIndex(this.#counted.storage, systemClock);
    this.#warnings = new MarginWarnings(this.#counted.storage, systemClock);
  }

  /** Adds `positions` longs and shorts entered at 100 USD with margins of 10 to 40 %, and the few with 8 %, as events would. */
  async fill(positions: number): Promise<number> {
    this.ctx.storage.transactionSync(() => {
      for (let i = 0; i < positions; i++) {
        const marginBps = 1_000n + ((BigInt(i) * 7_919n) % 3_000n);
        this.#index.set(`owner-${i}`, positionWith(i % 2 === 0 ? 'long' : 'short', marginBps));
      }
      for (let i = 0; i < hitsPerTick; i++) this.#index.set(`near-${i}`, positionWith('long', 800n));
    });
    this.#counted.rowsRead();
    return this.#index.size;
  }

  /** Adds copies [from, to) of what was filled, inside the database: a million positions one by one would take longer than the bench. */
  async copy(from: number, to: number): Promise<number> {
    const columns = 'side, command_seq, state, check_always, cap_key, cap_always';
    for (let copy = from; copy < to; copy++) {
      this.ctx.storage.sql.exec(
        `INSERT OR IGNORE INTO open_positions (owner, liquidation_key, ${columns})
         SELECT 'copy-' || ?1 || owner, liquidation_key + CASE side WHEN 'long' THEN -?1 ELSE ?1 END, ${columns}
         FROM open_positions WHERE owner GLOB 'owner-*'`,
        copy,
      );
    }
    return this.#index.size;
  }

  /** Ticks of a quiet market: warnings, liquidations and caps are looked for and none is found. */
  async quiet(ticks: number): Promise<TickFigures> {
    let hits = 0;
    for (let i = 0; i < ticks; i++) {
      const price = samplePrice(100n * UNIT + (BigInt(i) % trembleCents) * cent);
      hits += this.#tick(price).length;
    }
    return { hits, rowsRead: this.#counted.rowsRead() / ticks };
  }

  /** Ticks that find `hitsPerTick` candidates each, lease them and give them back. */
  async busy(ticks: number): Promise<TickFigures> {
    let hits = 0;
    for (let i = 0; i < ticks; i++) {
      const found = this.#index.liquidatable(this.#market, deep);
      hits += found.length;
      this.#index.giveBack(found.map(({ owner }) => owner));
    }
    return { hits: hits / ticks, rowsRead: this.#counted.rowsRead() / ticks };
  }

  /**
   * What a tick costs without the index: every open position is read and tested. In slices of rows (from, to], so that no request keeps
   * workerd busy for longer than its connections may be idle.
   */
  async scan(from: number, to: number): Promise<TickFigures> {
    const query = 'SELECT state FROM open_positions WHERE rowid > ? AND rowid <= ?';
    const cursor = this.ctx.storage.sql.exec<{ state: string }>(query, from, to);
    const { maintenanceMarginBps } = this.#market.config;
    let hits = 0;
    for (const { state } of cursor) {
      const position = fromStoredJson<PositionState>(state);
      if (isLiquidatable(position, this.#market, deep.price, maintenanceMarginBps)) hits += 1;
    }
    return { hits, rowsRead: cursor.rowsRead };
  }

  /** Ends this object: the next call finds it cold, with its database closed. */
  async evict(): Promise<void> {
    this.ctx.abort('the bench wants it cold');
  }

  #tick(price: OraclePrice) {
    return [
      ...this.#index.liquidatable(this.#market, price),
      ...this.#index.capped(price),
      ...this.#warnings.due(this.#market, price),
    ];
  }
}

/** The storage, and the rows its statements read since the last question. */
function counting(storage: DurableObjectStorage) {
  let cursors: { readonly rowsRead: number }[] = [];
  const exec: SqlStorage['exec'] = (query, ...values) => {
    const cursor = storage.sql.exec<never>(query, ...(values as unknown[]));
    cursors.push(cursor);
    return cursor;
  };
  const counted = { sql: { exec }, transactionSync: <T>(body: () => T) => storage.transactionSync(body) };
  return {
    storage: counted as unknown as DurableObjectStorage,
    rowsRead: () => {
      const sum = cursors.reduce((all, { rowsRead }) => all + rowsRead, 0);
      cursors = [];
      return sum;
    },
  };
}

const positionWith = (side: Side, marginBps: bigint): PositionState =>
  samplePosition(side, UNIT, 100n * UNIT, (100n * 10n ** 6n * marginBps) / 10_000n);

const count = (url: URL, name: string): number => Number(url.searchParams.get(name));

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const bench = env.INDEX.getByName(url.searchParams.get('name') ?? '');
    switch (url.pathname) {
      case '/fill':
        return Response.json(await bench.fill(count(url, 'positions')));
      case '/copy':
        return Response.json(await bench.copy(count(url, 'from'), count(url, 'to')));
      case '/quiet':
        return Response.json(await bench.quiet(count(url, 'ticks')));
      case '/busy':
        return Response.json(await bench.busy(count(url, 'ticks')));
      case '/scan':
        return Response.json(await bench.scan(count(url, 'from'), count(url, 'to')));
      case '/evict':
        await bench.evict().catch(() => undefined);
        return new Response(null, { status: 204 });
      default:
        return new Response(null, { status: 404 });
    }
  },
} satisfies ExportedHandler<Env>;
