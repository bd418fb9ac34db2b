/**
 * The platform's own types, for code of the worker that tests and scripts run in Node: the types alone, without the globals of the runtime,
 * which would take the place of Node's.
 */
import type * as platform from '@cloudflare/workers-types/index.ts';

declare global {
  type DurableObjectId = platform.DurableObjectId;
  type DurableObjectNamespace = platform.DurableObjectNamespace;
  type DurableObjectState = platform.DurableObjectState;
  type DurableObjectStorage = platform.DurableObjectStorage;
  type DurableObjectStub = platform.DurableObjectStub;
  type ExecutionContext = platform.ExecutionContext;
  type Fetcher = platform.Fetcher;
  type Queue<Body = unknown> = platform.Queue<Body>;
  type RateLimit = platform.RateLimit;
  type SqlStorage = platform.SqlStorage;
  type SqlStorageValue = platform.SqlStorageValue;
}
