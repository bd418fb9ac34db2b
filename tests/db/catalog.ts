/** Reads what a schema is made of, each part as the text PostgreSQL itself gives of it. */
export type Catalog = Readonly<Record<CatalogKind, Readonly<Record<string, string>>>>;
export type CatalogKind = keyof typeof QUERIES;

/** Every query answers `name` and `definition`; what an extension brought along is left out. */
const QUERIES = {
  extensions: `SELECT extname AS name, '' AS definition FROM pg_extension`,
  columns: `
    SELECT c.relname || '.' || a.attname AS name,
      concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
        'DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '#' || a.attnum) AS definition
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`,
  // Not-null constraints (rows of their own from PostgreSQL 18 on) show in the columns.
  constraints: `
    SELECT conrelid::regclass || ' ' || conname AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'`,
  indexes: `SELECT tablename || ' ' || indexname AS name, indexdef AS definition FROM pg_indexes WHERE schemaname = 'public'`,
  rowSecurity: `
    SELECT relname AS name, concat_ws(' ', CASE WHEN relforcerowsecurity THEN 'FORCED' ELSE 'ENABLED' END) AS definition
    FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relrowsecurity`,
  policies: `
    SELECT tablename || ' "' || policyname || '"' AS name,
      concat_ws(' ', permissive, cmd, array_to_string(roles, ','), 'USING ' || qual, 'CHECK ' || with_check) AS definition
    FROM pg_policies WHERE schemaname = 'public'`,
  functions: `
    SELECT p.oid::regprocedure::text AS name, pg_get_functiondef(p.oid) AS definition
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = p.oid AND deptype = 'e')`,
  triggers: `
    SELECT tgrelid::regclass || ' ' || tgname AS name, pg_get_triggerdef(oid) AS definition FROM pg_trigger WHERE NOT tgisinternal`,
} as const;

type RunQuery = (query: string) => Promise<readonly Record<string, unknown>[]>;

export async function readCatalog(run: RunQuery): Promise<Catalog> {
  const catalog = {} as Record<CatalogKind, Record<string, string>>;
  for (const [kind, query] of Object.entries(QUERIES) as [CatalogKind, string][]) {
    const rows = await run(query);
    catalog[kind] = Object.fromEntries(rows.map(({ name, definition }) => [String(name), String(definition)]));
  }
  return catalog;
}
