/** A value of a file: text, a whole number or any other, yes or no, a list of them, a table. */
export type TomlValue = string | number | boolean | TomlValue[] | TomlTable;
export interface TomlTable {
  [name: string]: TomlValue;
}

/** A line that is not understood; the message says what is wrong with it. */
export class TomlError extends Error {
  override readonly name = 'TomlError';
  /** From 1. */
  readonly line: number;

  constructor(line: number, message: string) {
    super(message);
    this.line = line;
  }
}

const header = /^\[(\[?)([a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_-]*)*)\](\]?)$/;
const assignment = /^([a-z][a-z0-9_-]*) *= *(.+)$/;
const text = /^"([^"\\\p{Cc}]*)"$/u;
const numeral = /^-?(?:0|[1-9]\d*(?:_\d+)*)(?:\.\d+)?$/;

/**
 * Reads the part of TOML 1.0 that the networks' files need: comments, tables and lists of tables, and on one line each a text without
 * escapes, a number, true or false, or a list of those. Everything else of the language is refused, never guessed.
 *
 * @throws TomlError
 */
export function parseToml(source: string): TomlTable {
  const root: TomlTable = Object.create(null) as TomlTable;
  const opened = new Set<TomlTable>();
  let table = root;
  for (const [i, raw] of source.split(/\r?\n/).entries()) {
    const line = withoutComment(raw).trim();
    if (line === '') continue;
    const fail = (message: string): never => {
      throw new TomlError(i + 1, message);
    };
    const [, list, path, closing] = header.exec(line) ?? [];
    if (path !== undefined && list === closing?.replace(']', '[')) {
      table = tableAt(root, path.split('.'), list === '[', fail);
      if (opened.has(table)) fail(`the table ${path} stands here a second time`);
      opened.add(table);
      continue;
    }
    const [, name, value] = assignment.exec(line) ?? fail('is neither a table nor name = value');
    if (name === undefined || value === undefined) return fail('is neither a table nor name = value');
    if (name in table) fail(`${name} stands here a second time`);
    table[name] = valueOf(value, fail);
  }
  return root;
}

/** The line up to a # that is in no text. */
function withoutComment(line: string): string {
  let inText = false;
  for (const [at, character] of [...line].entries()) {
    if (character === '"') inText = !inText;
    if (character === '#' && !inText) return [...line].slice(0, at).join('');
  }
  return line;
}

type Fail = (message: string) => never;

/** The table of a header; of a list of tables on the way, the last one. */
function tableAt(root: TomlTable, path: readonly string[], isListed: boolean, fail: Fail): TomlTable {
  let at = root;
  for (const [depth, name] of path.entries()) {
    const isLast = depth === path.length - 1;
    if (!(name in at)) at[name] = isLast && isListed ? [] : (Object.create(null) as TomlTable);
    const found = at[name];
    if (isLast && isListed) {
      if (!Array.isArray(found)) return fail(`${name} is no list of tables`);
      found.push(Object.create(null) as TomlTable);
    }
    const next = Array.isArray(found) ? found.at(-1) : found;
    if (typeof next !== 'object' || Array.isArray(next)) return fail(`${name} is no table`);
    at = next;
  }
  return at;
}

function valueOf(source: string, fail: Fail): TomlValue {
  if (source === 'true' || source === 'false') return source === 'true';
  if (numeral.test(source)) return Number(source.replaceAll('_', ''));
  const [, content] = text.exec(source) ?? [];
  if (content !== undefined) return content;
  if (!source.startsWith('[') || !source.endsWith(']'))
    return fail(`${source} is no text, number, true, false or list`);
  const items = source.slice(1, -1).trim();
  if (items === '') return [];
  return items
    .replace(/,$/, '')
    .split(',')
    .map((item) => valueOf(item.trim(), fail));
}
