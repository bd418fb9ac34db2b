import pc from 'picocolors';

/** Fields of a log line that a person watching a local run has seen already. */
const hiddenFields = new Set(['time', 'level', 'message', 'request_id']);
/** What wrangler says of itself: bindings, banners, its own line per request. */
const wranglerChatter =
  /^\W*(\[wrangler:info\] |⎔|Your Worker has access|Binding\s+Resource|env\.|Using secrets|Scheduled Workers|To manually trigger|curl |For more details|\[?WARNING)/;
/** What workerd prints when a client closes a connection early: every browser tab does. */
const clientLeft =
  /kj::getCaughtExceptionAsKj\(\).*disconnected:|^stack: .*workerd@|Uncaught Error: Network connection lost\./;
/** What wrangler prints when workerd dies. It starts another one, which does not always serve the port again. */
const runtimeCrashed = /Workers runtime crashed/;
const valueCharactersMax = 200;

/** Whether wrangler says in this line that its runtime died. */
export const saysRuntimeCrashed = (line: string): boolean => runtimeCrashed.test(line);

/**
 * A line of the worker's output for a person: its JSON log as `message key=value …`, coloured by level; null for what wrangler says of
 * itself.
 */
export function workerLine(line: string): string | null {
  const entry = parseEntry(line);
  if (entry === null) {
    const text = stripColours(line).trim();
    return wranglerChatter.test(text) || clientLeft.test(text) ? null : line;
  }
  if (entry.message === 'request') return requestLine(entry);
  const fields = Object.entries(entry)
    .filter(([name]) => !hiddenFields.has(name))
    .map(([name, value]) => `${name}=${shorten(value)}`);
  return colourOf(entry.level)(`${entry.message} ${pc.dim(fields.join(' '))}`);
}

interface LogEntry {
  readonly level: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** One line per request that changed something or failed; reads that went well are silent. */
function requestLine(entry: LogEntry): string | null {
  const status = Number(entry['status']);
  if (entry['method'] === 'GET' && status < 400) return null;
  return `${String(entry['method'])} ${String(entry['path'])} → ${status} ${pc.dim(`${String(entry['duration_ms'])} ms`)}`;
}

function parseEntry(line: string): LogEntry | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    const isEntry = typeof value === 'object' && value !== null && 'level' in value && 'message' in value;
    return isEntry ? (value as LogEntry) : null;
  } catch {
    return null;
  }
}

const shorten = (value: unknown): string => {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > valueCharactersMax ? `${text.slice(0, valueCharactersMax)}…` : text;
};

const colourOf = (level: string) => (level === 'error' ? pc.red : level === 'warn' ? pc.yellow : String);

/** Without terminal colour codes. */
const stripColours = (text: string): string =>
  text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g'), '');
