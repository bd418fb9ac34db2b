import { PublicKey } from '@solana/web3.js';
import { z } from 'zod';
import type { LocalChain } from '../chain.ts';
import type { Faults } from '../faults.ts';
import { invalidParams, RpcError, rpcErrorCodes } from './rpc-error.ts';

/** What a method answers from. */
export interface RpcNode {
  readonly chain: LocalChain;
  readonly faults: Faults;
}

/** An RPC method: takes the request's params as they came, returns the result, throws `RpcError`. */
export type RpcMethod = (params: unknown, node: RpcNode) => unknown;
export type RpcMethods = Readonly<Record<string, RpcMethod>>;

export const apiVersion = '4.2.2';

/** Makes a method of a schema for its params and a handler of the parsed ones. */
export function method<Schema extends z.ZodType>(
  schema: Schema,
  handle: (params: z.output<Schema>, node: RpcNode) => unknown,
): RpcMethod {
  return (params, node) => {
    const parsed = schema.safeParse(params ?? []);
    if (parsed.success) return handle(parsed.data, node);
    const issues = parsed.error.issues.map(({ path, message }) => `params[${path.join('.')}]: ${message}`);
    throw invalidParams(`Invalid params: ${issues.join('; ')}`);
  };
}

export const commitment = z.enum(['processed', 'confirmed', 'finalized']);
export type Commitment = z.infer<typeof commitment>;

export const publicKey = z.string().refine(isPublicKey, 'WrongSize: not a base58 public key');
export const signature = z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{64,88}$/, 'not a base58 signature');

function isPublicKey(text: string): boolean {
  try {
    return text.length <= 44 && new PublicKey(text).toBase58() === text;
  } catch {
    return false;
  }
}

const contextShape = { commitment: commitment.optional(), minContextSlot: z.int().min(0).optional() };

/** A trailing config object: commitment and minContextSlot, and what a method adds. */
export const configSchema = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ ...contextShape, ...shape }).nullish();
export const config = configSchema({});

type Context = { commitment?: Commitment | undefined; minContextSlot?: number | undefined } | null | undefined;

/** The commitment asked for; finalized when none is, as in every Solana RPC. */
export const commitmentOf = (context: Context): Commitment => context?.commitment ?? 'finalized';

/** Throws when the chain has not reached the slot the client has already seen. */
export function requireContextSlot(context: Context, { chain }: RpcNode): void {
  if (context?.minContextSlot === undefined || context.minContextSlot <= chain.slot) return;
  const data = { contextSlot: chain.slot };
  throw new RpcError(rpcErrorCodes.minContextSlot, 'Minimum context slot has not been reached', data);
}

/** A result with the slot it is true for. Accounts are always the newest ones, whatever commitment was asked for. */
export function withContext(context: Context, node: RpcNode, value: unknown): unknown {
  requireContextSlot(context, node);
  return { context: { slot: node.chain.slot, apiVersion }, value };
}
