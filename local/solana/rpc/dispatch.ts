import { z } from 'zod';
import { AnswerLost } from '../faults.ts';
import { accountMethods } from './account-methods.ts';
import { clusterMethods } from './cluster-methods.ts';
import { historyMethods } from './history-methods.ts';
import type { RpcMethods, RpcNode } from './method.ts';
import { RpcError, rpcErrorCodes } from './rpc-error.ts';
import { transactionMethods } from './transaction-methods.ts';

const batchRequestsMax = 200;

const methods: RpcMethods = { ...accountMethods, ...clusterMethods, ...historyMethods, ...transactionMethods };

const requestSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string(),
  params: z.unknown().optional(),
});

export interface RpcResponse {
  readonly jsonrpc: '2.0';
  readonly id: string | number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

/** Answers the body of an RPC request: one request or a batch. Throws `AnswerLost` where the connection is to break. */
export function answerRpc(body: string, node: RpcNode): RpcResponse | readonly RpcResponse[] {
  let requests: unknown;
  try {
    requests = JSON.parse(body);
  } catch {
    return errorResponse(null, new RpcError(rpcErrorCodes.parse, 'Parse error'));
  }
  if (!Array.isArray(requests)) return answerOne(requests, node);
  if (requests.length === 0 || requests.length > batchRequestsMax) {
    const message = `Invalid request: a batch has 1 to ${batchRequestsMax} requests`;
    return errorResponse(null, new RpcError(rpcErrorCodes.invalidRequest, message));
  }
  return requests.map((request) => answerOne(request, node));
}

function answerOne(request: unknown, node: RpcNode): RpcResponse {
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) return errorResponse(null, new RpcError(rpcErrorCodes.invalidRequest, 'Invalid request'));
  const { id = null, method: name, params } = parsed.data;
  try {
    const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
    if (method === undefined) throw new RpcError(rpcErrorCodes.methodNotFound, 'Method not found');
    return { jsonrpc: '2.0', id, result: method(params, node) };
  } catch (error) {
    if (error instanceof RpcError) return errorResponse(id, error);
    if (error instanceof AnswerLost) throw error;
    console.error(`solana: ${name} failed`, error);
    return errorResponse(id, new RpcError(rpcErrorCodes.internal, 'Internal error'));
  }
}

export function errorResponse(id: RpcResponse['id'], error: RpcError): RpcResponse {
  const { code, message, data } = error;
  return { jsonrpc: '2.0', id, error: data === undefined ? { code, message } : { code, message, data } };
}
