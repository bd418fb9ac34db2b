import { neon, neonConfig } from '@neondatabase/serverless';
import type { HTTPTransactionOptions } from '@neondatabase/serverless';
import { sql } from 'drizzle-orm';
import type { BatchItem, BatchResponse } from 'drizzle-orm/batch';
import { drizzle } from 'drizzle-orm/neon-http';
import type { NeonHttpDatabase } from 'drizzle-orm/neon-http';
import { Breaker, type BreakerState } from '../workers/platform/breaker.ts';
import { breakerFailuresMax } from '../workers/platform/call-policies.ts';
import { retry } from '../workers/platform/retry.ts';
import type { RetryPolicy } from '../workers/platform/retry.ts';
import { DatabaseUnavailable, databaseErrorOf } from './errors.ts';

/** What repositories build statements with. */
export type Orm = NeonHttpDatabase<Record<string, never>>;
export type Query = BatchItem<'pg'>;

/** Who a transaction is: a role, and the user whose rows it is about. */
export type Scope =
  /** Without a user only what is public is seen. */
  | { readonly role: 'app_user'; readonly userId: string | null }
  | { readonly role: 'app_writer'; readonly userId: string | null }
  | { readonly role: 'projector' };

/** The database as repositories see it. */
export interface Database {
  /**
   * Runs the statements in one transaction, all or none, under the scope's role and user. It may run twice when an answer is lost:
   * statements must be idempotent.
   *
   * @throws DatabaseUnavailable, DatabaseConflict, ConstraintViolation, DatabaseRefusal.
   */
  transaction<const Queries extends readonly Query[]>(
    scope: Scope,
    build: (orm: Orm) => Queries,
  ): Promise<BatchResponse<Queries>>;
  /**
   * As `transaction`, for reading alone: all statements see one moment of the database. Without it each sees what was committed when
   * it began, so that what two tables say of one event can differ.
   *
   * @throws DatabaseUnavailable, DatabaseRefusal (also where a statement writes).
   */
  snapshot<const Queries extends readonly Query[]>(
    scope: Scope,
    build: (orm: Orm) => Queries,
  ): Promise<BatchResponse<Queries>>;
  /** Answers when the database does. @throws DatabaseUnavailable. */
  ping(): Promise<void>;
  /** State of the breaker: while open, nothing is asked and DatabaseUnavailable is thrown at once. */
  readonly health: BreakerState;
}

export interface DatabaseOptions {
  readonly databaseUrl: string;
  /** Where the HTTP protocol is spoken when that does not follow from the URL: the local stand-in. */
  readonly httpEndpoint?: string | undefined;
  /** Time limit of one request. */
  readonly requestTimeoutMs?: number;
  /** Tries in all. */
  readonly attemptsMax?: number;
  /** Schemas that names are looked up in, where they are not the database's own: a rebuild works beside the tables. */
  readonly searchPath?: string | undefined;
}

const requestTimeoutMsDefault = 5_000;
const attemptsMaxDefault = 2;
/** How long a dead database is left alone before one transaction may try it. */
const breakerOpenMs = 1_000;
/** The server gives up before the client does, so that nothing runs on unseen. */
const statementTimeoutShare = 0.8;

type TransactionSettings = Pick<HTTPTransactionOptions<false, true>, 'isolationLevel' | 'readOnly'>;
const oneMoment: TransactionSettings = { isolationLevel: 'RepeatableRead', readOnly: true };

/** HTTP endpoints that do not follow from a host's name, by `host:port`. The driver has one setting for all of its clients. */
const endpoints = new Map<string, string>();
const endpointOfNeon = neonConfig.fetchEndpoint;

// The whole answer is read here, so that a connection lost on the way is the driver's error like one that was never made.
neonConfig.fetchFunction = async (url: string, init: RequestInit): Promise<Response> => {
  const response = await fetch(url, init);
  return new Response(await response.text(), { status: response.status });
};

/** Speaks the HTTP protocol of a database there. */
export function useEndpoint(databaseUrl: string, httpEndpoint: string): void {
  const { hostname, port } = new URL(databaseUrl);
  endpoints.set(`${hostname}:${port}`, httpEndpoint);
  neonConfig.fetchEndpoint = (host, portOfHost, options) => {
    const local = endpoints.get(`${host}:${portOfHost}`);
    if (local !== undefined) return local;
    return typeof endpointOfNeon === 'string' ? endpointOfNeon : endpointOfNeon(host, portOfHost, options);
  };
}

/** A database over Neon's HTTP protocol: no connection to keep, one request per transaction. */
export function createDatabase(options: DatabaseOptions): Database {
  const {
    databaseUrl,
    httpEndpoint,
    requestTimeoutMs = requestTimeoutMsDefault,
    attemptsMax = attemptsMaxDefault,
    searchPath,
  } = options;
  // The driver would put the whole URL, password included, into its error.
  if (!URL.canParse(databaseUrl)) throw new Error('DATABASE_URL is not a URL');
  if (httpEndpoint !== undefined) useEndpoint(databaseUrl, httpEndpoint);
  const statementTimeoutMs = Math.floor(requestTimeoutMs * statementTimeoutShare);
  const policy: RetryPolicy = {
    attemptsMax,
    attemptTimeoutMs: requestTimeoutMs,
    retryDelayMsMin: 50,
    retryDelayMsMax: 500,
  };

  const isUnavailable = (error: unknown): boolean => databaseErrorOf(error) instanceof DatabaseUnavailable;
  const breaker = new Breaker({
    name: 'database',
    failuresMax: breakerFailuresMax,
    openMs: breakerOpenMs,
    probeMsMax: requestTimeoutMs + 1_000,
    isFailure: isUnavailable,
  });

  async function inTransaction<const Queries extends readonly Query[]>(
    settings: TransactionSettings,
    scope: Scope,
    build: (orm: Orm) => Queries,
  ): Promise<BatchResponse<Queries>> {
    const run = async (signal: AbortSignal): Promise<BatchResponse<Queries>> => {
      const orm = drizzle({ client: neon(databaseUrl, { fetchOptions: { signal }, ...settings }) });
      const queries = build(orm);
      const [, ...results] = await orm.batch([
        orm.execute(scopeStatement(scope, statementTimeoutMs, searchPath)),
        ...queries,
      ]);
      return results as BatchResponse<Queries>;
    };
    try {
      return await retry(run, policy, { isRetryable: isUnavailable, breaker });
    } catch (error) {
      throw databaseErrorOf(error);
    }
  }

  return {
    transaction: (scope, build) => inTransaction({}, scope, build),
    snapshot: (scope, build) => inTransaction(oneMoment, scope, build),
    get health() {
      return breaker.state;
    },
    ping: async () => {
      await inTransaction({}, { role: 'projector' }, () => []);
    },
  };
}

/** Takes the role and names the user until the transaction ends (`is_local` is true), before any other statement. */
function scopeStatement(scope: Scope, statementTimeoutMs: number, searchPath: string | undefined) {
  const userId = scope.role === 'projector' ? null : scope.userId;
  const path = searchPath === undefined ? sql.empty() : sql`, set_config('search_path', ${searchPath}, true)`;
  return sql`select set_config('role', ${scope.role}, true), set_config('app.user_id', ${userId ?? ''}, true),
    set_config('statement_timeout', ${String(statementTimeoutMs)}, true)${path}`;
}
