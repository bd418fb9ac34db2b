import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { getTableConfig } from 'drizzle-orm/pg-core';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Database } from '../client.ts';
import type { OwnerDatabase } from '../owner.ts';
import { fills } from '../schema/fills.ts';
import { fundingPayments } from '../schema/funding-payments.ts';
import { liquidations } from '../schema/liquidations.ts';
import { positionHistory } from '../schema/position-history.ts';
import { projectedEvents, projectionStreams } from '../schema/projection.ts';
import { tradingPositions } from '../schema/trading-positions.ts';
import { transfers } from '../schema/transfers.ts';

/** The schema a rebuild works in. Names without a schema mean its tables first, so the projection's own statements fill them. */
export const rebuildSchema = 'projection_rebuild';
export const rebuildSearchPath = `${rebuildSchema}, public`;

/** The projection, positions first: the others belong to them. */
const [positions, ...dependants] = [
  ...[tradingPositions, positionHistory, fills, liquidations, fundingPayments, transfers],
  ...[projectedEvents, projectionStreams],
].map(shapeOf);

/** A rebuild that has not given a sign of life for so long may be taken over. */
export const abandonedAfterSeconds = 30;

/** How long the projection is held for the last events at most. */
const heldSeconds = 10;

/** Another rebuild is under way, or took this one over. */
export class RebuildBusy extends Error {
  override readonly name = 'RebuildBusy';
}

/** What a rebuild changed, by table: rows that were wrong, missing, or not the chain's. */
export type RebuildDifferences = Readonly<Record<string, { readonly deleted: number; readonly written: number }>>;

interface ReplaceStep {
  readonly table: string;
  readonly kind: 'deleted' | 'written';
  readonly query: string;
}

interface TableShape {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

function shapeOf(table: PgTable): TableShape {
  const { name, columns, primaryKeys } = getTableConfig(table);
  const key = primaryKeys.flatMap((primary) => primary.columns.map((column) => column.name));
  const single = columns.filter((column) => column.primary).map((column) => column.name);
  return { name, key: key.length > 0 ? key : single, columns: columns.map((column) => column.name) };
}

/** When a row was written last follows from no event. */
const isCompared = (column: string): boolean => column !== 'updated_at';

/**
 * A second projection beside the first: made from nothing, filled by the same code, and put in its place in one transaction. Until then nobody
 * sees a gap; a process that dies leaves the projection as it was, and what it did to the next one.
 */
export class ProjectionRebuild {
  readonly #owner: OwnerDatabase;
  readonly #database: Database;
  readonly #token = randomUUID();

  /** `database` must allow the time that replacing all rows takes. */
  constructor(owner: OwnerDatabase, database: Database) {
    this.#owner = owner;
    this.#database = database;
  }

  /**
   * Takes the rebuild: makes the tables, or goes on with those that a rebuild left that died. Tables of another version of the schema are made
   * anew. @throws RebuildBusy.
   */
  async begin(): Promise<void> {
    const [, , taken = []] = await this.#owner.run([
      `CREATE SCHEMA IF NOT EXISTS ${rebuildSchema}`,
      `CREATE TABLE IF NOT EXISTS ${rebuildSchema}.run (
        id integer PRIMARY KEY CHECK (id = 1), token uuid NOT NULL, seen_at timestamptz NOT NULL, held_until timestamptz, tables text)`,
      `INSERT INTO ${rebuildSchema}.run AS r (id, token, seen_at) VALUES (1, '${this.#token}', now())
        ON CONFLICT (id) DO UPDATE SET token = excluded.token, seen_at = excluded.seen_at
        WHERE r.seen_at < now() - interval '${abandonedAfterSeconds} seconds'
        RETURNING tables IS NOT DISTINCT FROM (${fingerprint}) AS same`,
    ]);
    const [run] = taken;
    if (run === undefined) throw new RebuildBusy(`another rebuild was alive within ${abandonedAfterSeconds} seconds`);
    await this.#owner.run(holdStatements);
    if (run['same'] !== true) await this.restart();
  }

  /** Forgets what was rebuilt so far. */
  async restart(): Promise<void> {
    const tables = [positions, ...dependants].filter((shape) => shape !== undefined).map(({ name }) => name);
    await this.#owner.run([
      this.#own(),
      ...[...tables, 'trading_orders', 'streams_before'].map((name) => `DROP TABLE IF EXISTS ${rebuildSchema}.${name}`),
      ...tables.map((name) => `CREATE TABLE ${rebuildSchema}.${name} (LIKE public.${name} INCLUDING ALL)`),
      // The triggers that compute columns are part of the projection too.
      `DO $$ DECLARE definition text; BEGIN
        FOR definition IN SELECT replace(pg_get_triggerdef(t.oid), ' ON public.', ' ON ${rebuildSchema}.')
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
          WHERE NOT t.tgisinternal AND t.tgname <> 'held_by_rebuild' AND c.relnamespace = 'public'::regnamespace AND c.relname = ANY ('{${tables.join(',')}}')
        LOOP EXECUTE definition; END LOOP;
      END $$`,
      // Orders are nobody's to rebuild; what of them the projection writes is their position.
      `CREATE TABLE ${rebuildSchema}.trading_orders (id uuid PRIMARY KEY, user_id uuid NOT NULL, position_id uuid)`,
      `CREATE TABLE ${rebuildSchema}.streams_before (stream varchar(128) PRIMARY KEY, next_seq bigint NOT NULL)`,
      `GRANT USAGE ON SCHEMA ${rebuildSchema} TO projector`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${rebuildSchema} TO projector`,
      `UPDATE ${rebuildSchema}.run SET tables = (${fingerprint}) WHERE id = 1`,
    ]);
    await this.#asProjector([
      `INSERT INTO ${rebuildSchema}.trading_orders SELECT id, user_id, NULL FROM public.trading_orders`,
    ]);
  }

  /** Says that this process is alive. @throws RebuildBusy when another one took over. */
  async beat(): Promise<void> {
    await this.#owner.run([this.#own()]).catch(busyWhenRefused);
  }

  /** Signatures of the transactions in the rebuilt tables. */
  async appliedSignatures(): Promise<ReadonlySet<string>> {
    const [rows = []] = await this.#asProjector([`SELECT DISTINCT signature FROM ${rebuildSchema}.projected_events`]);
    return new Set(rows.map((row) => String(row['signature'])));
  }

  /**
   * Has whoever applies events to the projection wait, for the last few that are read here: a projection that moves all the time would never
   * be reached. Ends by itself after `heldSeconds`, whatever becomes of this process.
   */
  async holdProjection(): Promise<void> {
    await this.#owner.run([
      this.#own(),
      `UPDATE ${rebuildSchema}.run SET held_until = now() + interval '${heldSeconds} seconds'`,
    ]);
  }

  /** Notes how far the projection is, before the chain is read: what it has now and the chain read afterwards lacks has vanished. */
  async noteProjection(): Promise<void> {
    await this.#asProjector([
      `DELETE FROM ${rebuildSchema}.streams_before`,
      `INSERT INTO ${rebuildSchema}.streams_before SELECT stream, next_seq FROM public.projection_streams`,
    ]);
  }

  /** Streams in which the projection is ahead: it applied events after they were read here (`moving`), or the chain lost them (`standing`). */
  async ahead(): Promise<{ readonly moving: number; readonly standing: number }> {
    const [rows = []] = await this.#asProjector([
      `SELECT count(*) FILTER (WHERE moved) AS moving, count(*) FILTER (WHERE NOT moved) AS standing FROM (${aheadQuery}) ahead`,
    ]);
    return { moving: Number(rows[0]?.['moving'] ?? 0), standing: Number(rows[0]?.['standing'] ?? 0) };
  }

  /**
   * Puts the rebuilt rows in the place of the projection's, in one transaction that no event is applied beside; rows that are right are not
   * touched, so orders keep their positions. `readToSlot` is the slot of the newest transaction read.
   *
   * @throws DatabaseConflict when the projection moved on meanwhile: read what is new and call again.
   */
  async replace(readToSlot: number): Promise<RebuildDifferences> {
    if (positions === undefined) throw new RangeError('the projection has no positions');
    const steps: readonly ReplaceStep[] = [
      { table: positions.name, kind: 'written', query: updateStatement(positions) },
      { table: positions.name, kind: 'written', query: insertStatement(positions) },
      ...dependants.flatMap((shape): ReplaceStep[] => [
        { table: shape.name, kind: 'deleted', query: deleteStatement(shape, readToSlot) },
        { table: shape.name, kind: 'written', query: insertStatement(shape) },
      ]),
      { table: positions.name, kind: 'deleted', query: deleteStatement(positions, readToSlot) },
    ];
    const [, , , , ...results] = await this.#asProjector([
      // Whoever applies events moves its streams first: it waits here, and finds them moved.
      'LOCK TABLE public.projection_streams IN EXCLUSIVE MODE',
      this.#own(),
      `UPDATE ${rebuildSchema}.run SET held_until = NULL`,
      `DO $$ BEGIN
        IF EXISTS (SELECT 1 FROM (${aheadQuery}) ahead WHERE moved) THEN
          RAISE EXCEPTION 'the projection moved on' USING ERRCODE = 'serialization_failure';
        END IF;
      END $$`,
      ...steps.map(({ query }) => counted(query)),
      `UPDATE public.trading_orders o SET position_id = r.position_id FROM ${rebuildSchema}.trading_orders r
        WHERE r.id = o.id AND r.position_id IS NOT NULL AND o.position_id IS NULL`,
    ]);
    const differences: Record<string, { deleted: number; written: number }> = {};
    for (const [index, { table, kind }] of steps.entries()) {
      const entry = (differences[table] ??= { deleted: 0, written: 0 });
      entry[kind] += Number(results[index]?.[0]?.['rows'] ?? 0);
    }
    return differences;
  }

  /** Drops the tables; the next rebuild begins from nothing. */
  async end(): Promise<void> {
    await this.#owner.run([this.#own(), `DROP SCHEMA ${rebuildSchema} CASCADE`]);
  }

  /** Fails unless this process still has the rebuild. */
  #own(): string {
    return `DO $$ BEGIN
      UPDATE ${rebuildSchema}.run SET seen_at = now() WHERE token = '${this.#token}';
      IF NOT FOUND THEN RAISE EXCEPTION 'another rebuild took over' USING ERRCODE = 'object_not_in_prerequisite_state'; END IF;
    END $$`;
  }

  async #asProjector(statements: readonly string[]): Promise<readonly (readonly Record<string, unknown>[])[]> {
    const results = await this.#database.transaction({ role: 'projector' }, (orm) =>
      statements.map((statement) => orm.execute(sql.raw(statement))),
    );
    return results.map(({ rows }) => rows);
  }
}

function busyWhenRefused(error: unknown): never {
  const refused = typeof error === 'object' && error !== null && 'sqlState' in error && error.sqlState === '55000';
  throw refused ? new RebuildBusy('another rebuild took over') : error;
}

/** Who applies events moves its streams first: held there, it tries again later. */
const holdStatements = [
  `CREATE OR REPLACE FUNCTION ${rebuildSchema}.hold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ${rebuildSchema} AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM run WHERE held_until > now()) THEN
      RAISE EXCEPTION 'the projection is being replaced' USING ERRCODE = 'serialization_failure';
    END IF;
    RETURN NULL;
  END $$`,
  `DROP TRIGGER IF EXISTS held_by_rebuild ON public.projection_streams`,
  `CREATE TRIGGER held_by_rebuild BEFORE INSERT OR UPDATE ON public.projection_streams
    FOR EACH STATEMENT EXECUTE FUNCTION ${rebuildSchema}.hold()`,
];

/** What the tables are made of: a migration in between makes the rebuilt ones worthless. */
const fingerprint = `SELECT md5(string_agg(concat_ws(' ', table_name, column_name, data_type, is_nullable, ordinal_position), ',' ORDER BY table_name, ordinal_position))
  FROM information_schema.columns WHERE table_schema = 'public'`;

const aheadQuery = `SELECT b.next_seq IS DISTINCT FROM p.next_seq AS moved FROM public.projection_streams p
  LEFT JOIN ${rebuildSchema}.projection_streams r USING (stream) LEFT JOIN ${rebuildSchema}.streams_before b USING (stream)
  WHERE coalesce(r.next_seq, 1) < p.next_seq`;

const quoted = (columns: readonly string[], of = ''): string =>
  columns.map((column) => `${of === '' ? '' : `${of}.`}"${column}"`).join(', ');

const sameKey = ({ key }: TableShape): string => key.map((column) => `r."${column}" = p."${column}"`).join(' AND ');

const rowOf = ({ columns }: TableShape, of: string): string => `ROW(${quoted(columns.filter(isCompared), of)})`;

/**
 * Rows that the rebuilt table does not have, or has otherwise. Positions that differ are updated: deleting one deletes what belongs to it.
 * Events without a stream say nothing of whether they were applied before or after the chain was read; the newest stay.
 */
function deleteStatement(shape: TableShape, readToSlot: number): string {
  const differs = shape === positions ? '' : ` AND ${rowOf(shape, 'r')} IS NOT DISTINCT FROM ${rowOf(shape, 'p')}`;
  const isOld = shape.name === 'projected_events' ? ` AND (p.streams <> '{}' OR p.slot < ${readToSlot})` : '';
  return `DELETE FROM public.${shape.name} p
    WHERE NOT EXISTS (SELECT 1 FROM ${rebuildSchema}.${shape.name} r WHERE ${sameKey(shape)}${differs})${isOld}`;
}

const insertStatement = (shape: TableShape): string =>
  `INSERT INTO public.${shape.name} (${quoted(shape.columns)}) SELECT ${quoted(shape.columns, 'r')} FROM ${rebuildSchema}.${shape.name} r
    WHERE NOT EXISTS (SELECT 1 FROM public.${shape.name} p WHERE ${sameKey(shape)})`;

const updateStatement = (shape: TableShape): string => {
  const columns = shape.columns.filter((column) => isCompared(column) && !shape.key.includes(column));
  return `UPDATE public.${shape.name} p SET ${columns.map((column) => `"${column}" = r."${column}"`).join(', ')}
    FROM ${rebuildSchema}.${shape.name} r WHERE ${sameKey(shape)} AND ${rowOf(shape, 'r')} IS DISTINCT FROM ${rowOf(shape, 'p')}`;
};

const counted = (statement: string): string =>
  `WITH changed AS (${statement} RETURNING 1) SELECT count(*) AS rows FROM changed`;
