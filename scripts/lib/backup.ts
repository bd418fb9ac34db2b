import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import * as z from 'zod';
import type { DatabaseSession } from './database-session.ts';

/** Rows of one line of the file, and of one statement. */
const rowsPerBatch = 500;
const formatVersion = 1;

const tableSchema = z.object({
  name: z.string().regex(/^[a-z_]+$/),
  columns: z.array(z.string().regex(/^[a-z0-9_]+$/)),
});
const headerSchema = z.object({
  format: z.literal('quantdesk-backup'),
  version: z.literal(formatVersion),
  made_at: z.iso.datetime(),
  /** Hashes of the migrations the database had. */
  migrations: z.array(z.string()),
  /** Referred-to tables before those that refer to them. */
  tables: z.array(tableSchema),
});
const endSchema = z.object({ end: z.record(z.string(), z.number().int()) });

type Table = z.output<typeof tableSchema>;
type Header = z.output<typeof headerSchema>;
/** Rows by table. */
export type RowCounts = Readonly<Record<string, number>>;

/** A file or a database that a backup cannot be taken from or put into. The message says what to do. */
export class BackupRefused extends Error {
  override readonly name = 'BackupRefused';
}

/**
 * Writes every row of the database at one moment into a compressed file, while others go on writing. The file appears under its name when it is
 * complete. It holds rows alone, as the database writes them: the schema is that of the migrations it names.
 *
 * @throws BackupRefused where row security would hide rows from this connection.
 */
export async function backup(session: DatabaseSession, file: string): Promise<RowCounts> {
  const partial = `${file}.partial`;
  const counts: Record<string, number> = {};
  await refuseHiddenRows(session);
  await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const target = createWriteStream(partial, { mode: 0o600, flush: true });
    await pipeline(Readable.from(linesOf(session, counts)), createGzip(), target);
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  } finally {
    await session.query('ROLLBACK');
  }
  return counts;
}

/**
 * Fills an empty database with the rows of a file: all of them, or none. Makes the tables where there are none. A database that has other migrations is
 * somebody's: it is neither migrated nor filled.
 *
 * @throws BackupRefused where the file is none or incomplete, is of other migrations, or the database has rows.
 */
export async function restore(session: DatabaseSession, file: string): Promise<RowCounts> {
  const counts: Record<string, number> = {};
  if ((await migrationsOf(session)).length === 0) await session.migrate();
  await session.query('BEGIN');
  try {
    let header: Header | null = null;
    let forced: string[] = [];
    let isComplete = false;
    for await (const line of readLines(file)) {
      if (header === null) {
        header = await readHeader(session, line);
        forced = await openForRows(session, header.tables);
      } else if (isComplete) {
        throw new BackupRefused(`${file} goes on behind its end`);
      } else if (line.startsWith('{')) {
        isComplete = sameCounts(endSchema.parse(JSON.parse(line)).end, counts);
      } else {
        await insertLine(session, header.tables, line, counts);
      }
    }
    if (header === null || !isComplete) throw new BackupRefused(`${file} is not complete: take another backup`);
    await closeAgain(session, header.tables, forced);
    await session.query('COMMIT');
    return counts;
  } catch (error) {
    await session.query('ROLLBACK');
    throw refusalOf(error, file);
  }
}

async function* linesOf(session: DatabaseSession, counts: Record<string, number>): AsyncGenerator<string> {
  const tables = await tablesOf(session);
  const head = { format: 'quantdesk-backup', version: formatVersion, made_at: new Date().toISOString() };
  yield `${JSON.stringify({ ...head, migrations: await migrationsOf(session), tables })}\n`;
  for (const { name, columns } of tables) {
    counts[name] = 0;
    const row = columns.map((column) => `r.${column}`).join(', ');
    const query = `SELECT to_jsonb(x)::text AS row FROM (SELECT ${row} FROM public.${name} r) x`;
    await session.query(`DECLARE backup_rows NO SCROLL CURSOR FOR ${query}`);
    for (;;) {
      const { rows } = await session.query<{ row: string }>(`FETCH ${rowsPerBatch} FROM backup_rows`);
      if (rows.length === 0) break;
      counts[name] += rows.length;
      // As the database wrote them: a numeric read as JSON here would lose digits.
      yield `${name} [${rows.map(({ row: text }) => text).join(',')}]\n`;
    }
    await session.query('CLOSE backup_rows');
  }
  yield `${JSON.stringify({ end: counts })}\n`;
}

/** Tables with the columns that are stored, each behind those it refers to. */
async function tablesOf(session: DatabaseSession): Promise<Table[]> {
  const { rows } = await session.query<{ name: string; columns: string[]; refers_to: string[] }>(
    `SELECT c.relname::text AS name,
      ARRAY(SELECT a.attname::text FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' ORDER BY a.attnum) AS columns,
      ARRAY(SELECT DISTINCT f.relname::text FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS refers_to
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname`,
  );
  const ordered: Table[] = [];
  const isPlaced = (name: string): boolean => ordered.some((table) => table.name === name);
  while (ordered.length < rows.length) {
    const next = rows.find(({ name, refers_to: refersTo }) => !isPlaced(name) && refersTo.every(isPlaced));
    if (next === undefined) throw new Error('tables refer to each other in a circle');
    ordered.push({ name: next.name, columns: next.columns });
  }
  return ordered;
}

async function migrationsOf(session: DatabaseSession): Promise<string[]> {
  const { rows: tables } = await session.query<{ name: string | null }>(
    "SELECT to_regclass('drizzle.__drizzle_migrations')::text AS name",
  );
  if (tables[0]?.name === null) return [];
  const { rows } = await session.query<{ hash: string }>('SELECT hash FROM drizzle.__drizzle_migrations ORDER BY id');
  return rows.map(({ hash }) => hash);
}

async function refuseHiddenRows(session: DatabaseSession): Promise<void> {
  const { rows } = await session.query<{ sees: boolean }>(
    'SELECT rolsuper OR rolbypassrls AS sees FROM pg_roles WHERE rolname = current_user',
  );
  if (rows[0]?.sees !== true)
    throw new BackupRefused(
      'row security hides rows from this role: use one with BYPASSRLS (ALTER ROLE … BYPASSRLS), or a superuser',
    );
}

/** @throws where there is no such file, or it was not compressed as a backup is. */
async function* readLines(file: string): AsyncGenerator<string> {
  const unpacked = createGunzip();
  const reading = pipeline(createReadStream(file), unpacked);
  // Told by the lines, which end with the same error.
  reading.catch(() => undefined);
  let rest = '';
  for await (const chunk of unpacked.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  await reading;
}

async function readHeader(session: DatabaseSession, line: string): Promise<Header> {
  const header = headerSchema.parse(JSON.parse(line));
  const migrations = await migrationsOf(session);
  if (JSON.stringify(header.migrations) !== JSON.stringify(migrations))
    throw new BackupRefused(
      `the backup has ${header.migrations.length} migrations, this database ${migrations.length} or others: restore into an empty one with the release that made it, then migrate`,
    );
  return header;
}

/** Locks the tables and lifts what would hide, refuse or change rows. Answers the tables whose owner is bound by row security too. */
async function openForRows(session: DatabaseSession, tables: readonly Table[]): Promise<string[]> {
  const { rows: forced } = await session.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relforcerowsecurity`,
  );
  for (const { name } of tables) {
    await session.query(`ALTER TABLE public.${name} DISABLE TRIGGER USER, NO FORCE ROW LEVEL SECURITY`);
    const { rows } = await session.query(`SELECT 1 AS found FROM public.${name} LIMIT 1`);
    if (rows.length > 0) throw new BackupRefused(`${name} has rows: a backup is restored into an empty database`);
  }
  return forced.map(({ name }) => name);
}

async function closeAgain(
  session: DatabaseSession,
  tables: readonly Table[],
  forced: readonly string[],
): Promise<void> {
  for (const { name } of tables) await session.query(`ALTER TABLE public.${name} ENABLE TRIGGER USER`);
  for (const name of forced) await session.query(`ALTER TABLE public.${name} FORCE ROW LEVEL SECURITY`);
}

async function insertLine(
  session: DatabaseSession,
  tables: readonly Table[],
  line: string,
  counts: Record<string, number>,
): Promise<void> {
  const space = line.indexOf(' ');
  const table = tables.find(({ name }) => name === line.slice(0, space));
  if (table === undefined) throw new BackupRefused('a line names no table of the backup');
  const columns = table.columns.join(', ');
  const { rows } = await session.query<{ inserted: string }>(
    `WITH inserted AS (
      INSERT INTO public.${table.name} (${columns}) OVERRIDING SYSTEM VALUE
      SELECT ${columns} FROM jsonb_populate_recordset(NULL::public.${table.name}, $1::jsonb) RETURNING 1)
    SELECT count(*)::text AS inserted FROM inserted`,
    [line.slice(space + 1)],
  );
  counts[table.name] = (counts[table.name] ?? 0) + Number(rows[0]?.inserted ?? 0);
}

/** Whether as many rows were restored as were taken; a table without rows has no line. */
const sameCounts = (taken: RowCounts, restored: RowCounts): boolean =>
  Object.entries(taken).every(([name, rows]) => rows === (restored[name] ?? 0));

/** What zlib and the schemas say of a file that is none, in one sentence. */
function refusalOf(error: unknown, file: string): unknown {
  const isUnreadable =
    error instanceof z.ZodError ||
    error instanceof SyntaxError ||
    (error instanceof Error && 'code' in error && /^Z_/.test(String(error.code)));
  return isUnreadable ? new BackupRefused(`${file} is no complete backup`) : error;
}
