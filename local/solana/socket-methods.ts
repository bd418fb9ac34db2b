import { z } from 'zod';
import { accountEncoding } from './rpc/account-json.ts';
import { accountFilters, filterTest } from './rpc/account-methods.ts';
import { commitmentOf, config, configSchema, publicKey, signature } from './rpc/method.ts';
import { invalidParams, RpcError, rpcErrorCodes } from './rpc/rpc-error.ts';
import type { Commitment } from './rpc/method.ts';
import type { Topic, TopicKind } from './subscriptions.ts';

const viewShape = { encoding: accountEncoding.optional() };
const logsFilter = z.union([z.enum(['all', 'allWithVotes']), z.object({ mentions: z.tuple([publicKey]) })]);

interface Wanted {
  readonly topic: Topic;
  readonly commitment: Commitment;
}

function parse<Schema extends z.ZodType>(schema: Schema, params: unknown): z.output<Schema> {
  const parsed = schema.safeParse(params ?? []);
  if (parsed.success) return parsed.data;
  throw invalidParams(`Invalid params: ${parsed.error.issues.map(({ message }) => message).join('; ')}`);
}

const subscribe: Readonly<Record<string, (params: unknown) => Wanted>> = {
  accountSubscribe: (params) => {
    const [address, options] = parse(z.tuple([publicKey, configSchema(viewShape)]), params);
    return { topic: { kind: 'account', address, view: options ?? {} }, commitment: commitmentOf(options) };
  },
  programSubscribe: (params) => {
    const [address, options] = parse(
      z.tuple([publicKey, configSchema({ ...viewShape, filters: accountFilters })]),
      params,
    );
    const matches = filterTest(options?.filters);
    return { topic: { kind: 'program', address, view: options ?? {}, matches }, commitment: commitmentOf(options) };
  },
  logsSubscribe: (params) => {
    const [filter, options] = parse(z.tuple([logsFilter, config]), params);
    const mentions = typeof filter === 'string' ? undefined : filter.mentions[0];
    return { topic: { kind: 'logs', mentions }, commitment: commitmentOf(options) };
  },
  signatureSubscribe: (params) => {
    const [wanted, options] = parse(z.tuple([signature, config]), params);
    return { topic: { kind: 'signature', signature: wanted }, commitment: commitmentOf(options) };
  },
  slotSubscribe: () => ({ topic: { kind: 'slot' }, commitment: 'processed' }),
  rootSubscribe: () => ({ topic: { kind: 'root' }, commitment: 'processed' }),
};

const unsubscribe: Readonly<Record<string, TopicKind>> = {
  accountUnsubscribe: 'account',
  programUnsubscribe: 'program',
  logsUnsubscribe: 'logs',
  signatureUnsubscribe: 'signature',
  slotUnsubscribe: 'slot',
  rootUnsubscribe: 'root',
};

/** What a socket request asks for. */
export type SocketCommand = Wanted | { readonly unsubscribe: number; readonly kind: TopicKind };

/** Reads a socket request's method and params. Throws `RpcError` for an unknown method or params that do not fit. */
export function parseSocketCommand(method: string, params: unknown): SocketCommand {
  const wanted = Object.hasOwn(subscribe, method) ? subscribe[method] : undefined;
  if (wanted !== undefined) return wanted(params);
  const kind = Object.hasOwn(unsubscribe, method) ? unsubscribe[method] : undefined;
  if (kind === undefined) throw new RpcError(rpcErrorCodes.methodNotFound, 'Method not found');
  const [id] = parse(z.tuple([z.int().min(0)]), params);
  return { unsubscribe: id, kind };
}
