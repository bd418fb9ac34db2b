import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unstable_readConfig as readConfig } from 'wrangler';
import { ACCOUNT_MIGRATIONS } from '../../workers/account/schema.ts';
import { INDEXER_MIGRATIONS } from '../../workers/indexer/schema.ts';
import { MARKET_MIGRATIONS } from '../../workers/market/market-tables.ts';
import { METRIC_TOTALS_MIGRATIONS } from '../../workers/platform/metrics/totals.ts';
import { root } from '../lib/paths.mjs';

/** One step of something that is stored beyond a deployment. */
export interface Migration {
  /** `database`; `classes`: the objects' classes in wrangler.toml; a class: its tables. */
  readonly of: string;
  readonly name: string;
  /** What it does, as it is applied. */
  readonly text: string;
}

export const databaseMigrationsFolder = join(root, 'db', 'migrations');

/** Of drizzle's journal. */
interface JournalEntry {
  readonly tag: string;
  /** Milliseconds; what the migrator compares. */
  readonly when: number;
}

/** The database's migrations in their order, of a journal's text. */
export const journalEntries = (journal: string): readonly JournalEntry[] =>
  (JSON.parse(journal) as { entries: readonly JournalEntry[] }).entries;

/** Names of journals that a database has, by the time of its newest one: the migrator goes by it as well, what is not later was applied. */
export const appliedNames = (journals: readonly string[], newestMs: number): ReadonlySet<string> =>
  new Set(journals.flatMap(journalEntries).flatMap(({ tag, when }) => (when <= newestMs ? [tag] : [])));

/** Every migration in the order it is applied. */
export function presentMigrations(): readonly Migration[] {
  const journal = readFileSync(join(databaseMigrationsFolder, 'meta', '_journal.json'), 'utf8');
  const { migrations: classes }: { readonly migrations: readonly { readonly tag: string }[] } = readConfig(
    { config: join(root, 'wrangler.toml') },
    { hideWarnings: true },
  );
  const tables = {
    AccountObject: ACCOUNT_MIGRATIONS,
    IndexerObject: INDEXER_MIGRATIONS,
    MarketObject: MARKET_MIGRATIONS,
    MetricTotalsObject: METRIC_TOTALS_MIGRATIONS,
  };
  return [
    ...journalEntries(journal).map(({ tag }) => ({
      of: 'database',
      name: tag,
      text: readFileSync(join(databaseMigrationsFolder, `${tag}.sql`), 'utf8'),
    })),
    ...classes.map(({ tag, ...change }) => ({ of: 'classes', name: tag, text: JSON.stringify(change) })),
    ...Object.entries(tables).flatMap(([of, list]) =>
      list.map((text, index) => ({ of, name: String(index + 1), text })),
    ),
  ];
}

/** Line ends are not the migration's. */
export const hashOf = ({ text }: Migration): string =>
  createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
