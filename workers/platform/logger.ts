import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import { redact } from './redact.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one JSON object per line. The only part of the product that touches the console. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** The same logger with fields added to every line, e.g. `request_id`. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  readonly level?: LogLevel;
  readonly fields?: LogFields;
  readonly clock?: Clock;
  readonly write?: (level: LogLevel, line: string) => void;
}

const LEVELS: Readonly<Record<LogLevel, number>> = { debug: 10, info: 20, warn: 30, error: 40 };
/** Characters kept of one value: a foreign answer must not flood the log. */
const valueCharactersMax = 2_000;
const stackCharactersMax = 4_000;

/** Builds a logger; the console method fits the level, so that the platform's own filters work. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const { level = 'info', fields = {}, clock = systemClock, write = writeToConsole } = options;
  const log = (lineLevel: LogLevel, message: string, more: LogFields | undefined): void => {
    if (LEVELS[lineLevel] < LEVELS[level]) return;
    const time = new Date(clock.nowMs()).toISOString();
    write(lineLevel, JSON.stringify({ time, level: lineLevel, message, ...fields, ...more }, replaceValue));
  };
  return {
    debug: (message, more) => log('debug', message, more),
    info: (message, more) => log('info', message, more),
    warn: (message, more) => log('warn', message, more),
    error: (message, more) => log('error', message, more),
    child: (more) => createLogger({ ...options, fields: { ...fields, ...more } }),
  };
}

/** Drops every line: for tests and for parts built before a logger exists. */
export const silentLogger: Logger = createLogger({ write: () => undefined });

/** The message of whatever was thrown, for logs only: it never goes to a caller. */
export const errorMessage = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function replaceValue(key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'string')
    return redact(key, value.length > stackCharactersMax ? `${value.slice(0, valueCharactersMax)}…` : value);
  if (value instanceof Error) {
    return {
      name: value.name,
      message: value.message.slice(0, valueCharactersMax),
      stack: value.stack?.slice(0, stackCharactersMax),
    };
  }
  return value;
}

function writeToConsole(level: LogLevel, line: string): void {
  console[level](line);
}
