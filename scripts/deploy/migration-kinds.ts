/**
 * What a migration does to code that was written before it. `expand`: it only adds, older code goes on. `contract`: it takes away or narrows
 * what older code may use, and waits until no version that might run again needs it.
 */
export type MigrationKind = 'expand' | 'contract';

/** Text that is not SQL of its own: comments, quoted strings, bodies of functions. */
const notStatements = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|\$(\w*)\$[\s\S]*?\$\1\$/g;

/** Statements that break code which does not know of them, wherever they stand. */
const takesAway: readonly [RegExp, string][] = [
  [/\bDROP\s+(TABLE|COLUMN|TYPE|VIEW|MATERIALIZED|FUNCTION|SCHEMA|ROLE|DOMAIN|SEQUENCE|DEFAULT)\b/i, 'drops'],
  [/\bRENAME\b/i, 'renames'],
  [/\bALTER\s+(COLUMN\s+)?\S+\s+(SET\s+DATA\s+)?TYPE\b/i, 'changes a type'],
  [/\bSET\s+NOT\s+NULL\b/i, 'forbids null'],
  [/\bREVOKE\b/i, 'revokes'],
  [/\bTRUNCATE\b/i, 'empties a table'],
  [/\bDELETE\s+FROM\b/i, 'deletes rows'],
];

const ownTable = /CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?([\w".]+)/gi;
/** Narrows only where rows and writers of the table are older than the migration. */
const narrows: readonly [RegExp, string][] = [
  [
    /ALTER\s+TABLE\s+(?:ONLY\s+)?([\w".]+)\s+ADD\s+(?:CONSTRAINT|CHECK|UNIQUE|PRIMARY|FOREIGN|EXCLUDE)\b/gi,
    'constrains',
  ],
  [/CREATE\s+UNIQUE\s+INDEX\s+[\w".\s]*?\bON\s+(?:ONLY\s+)?([\w".]+)/gi, 'makes unique'],
  [
    /ALTER\s+TABLE\s+([\w".]+)\s+ADD\s+(?:COLUMN\s+)?(?:(?!DEFAULT|GENERATED)[^;,])*?\bNOT\s+NULL\b(?![^;,]*\b(?:DEFAULT|GENERATED)\b)/gi,
    'demands',
  ],
];

const nameOf = (text: string): string => text.replaceAll('"', '').replace(/^public\./, '');

/** What a migration takes away from older code, in words; empty where it only adds. */
export function takenAway(sql: string): readonly string[] {
  const text = sql.replaceAll(notStatements, ' ');
  const own = new Set([...text.matchAll(ownTable)].map(([, table = '']) => nameOf(table)));
  const narrowed = narrows.flatMap(([pattern, word]) =>
    [...text.matchAll(pattern)].flatMap(([, table = '']) =>
      own.has(nameOf(table)) ? [] : [`${word} ${nameOf(table)}`],
    ),
  );
  return [...takesAway.flatMap(([pattern, word]) => (pattern.test(text) ? [word] : [])), ...narrowed];
}

/** The kind a migration has by what it says. */
export const kindOf = (sql: string): MigrationKind => (takenAway(sql).length === 0 ? 'expand' : 'contract');
