import { z } from 'zod';
import { blockhashAgeSlotsMax } from '../blockhashes.ts';
import { finalitySlots } from '../chain.ts';
import type { TransactionHead } from '../store.ts';
import {
  type Commitment,
  commitmentOf,
  configSchema,
  method,
  publicKey,
  requireContextSlot,
  type RpcMethods,
  type RpcNode,
  signature,
  withContext,
} from './method.ts';
import { invalidParams, RpcError, rpcErrorCodes } from './rpc-error.ts';
import { transactionJson } from './transaction-json.ts';

const statusesPerRequestMax = 256;
const signaturesPerPageMax = 1_000;

/** Newest slot whose transactions a commitment level shows. Throws for `processed`, which these methods don't know. */
function visibleSlot(level: Commitment, node: RpcNode): number {
  if (level === 'processed') throw invalidParams('Method does not support commitment below `confirmed`');
  return level === 'finalized' ? node.chain.slot - finalitySlots : node.chain.slot;
}

function statusJson(head: TransactionHead | undefined, node: RpcNode): unknown {
  if (head === undefined) return null;
  const confirmations = node.chain.slot - head.slot;
  const final = confirmations >= finalitySlots;
  return {
    slot: head.slot,
    confirmations: final ? null : confirmations,
    err: head.err,
    status: head.err === null ? { Ok: null } : { Err: head.err },
    confirmationStatus: final ? 'finalized' : 'confirmed',
  };
}

const unsupportedVersion = () =>
  new RpcError(
    rpcErrorCodes.unsupportedVersion,
    'Transaction version (0) is not supported by the requesting client. Please try the request again with the following ' +
      'configuration parameter: "maxSupportedTransactionVersion": 0',
  );

const transactionConfig = configSchema({
  encoding: z.enum(['json', 'base58', 'base64']).optional(),
  maxSupportedTransactionVersion: z.int().min(0).optional(),
});

/** Methods that read what happened. */
export const historyMethods: RpcMethods = {
  /** Without `searchTransactionHistory` only the signatures of the last 150 slots are known, as in a node's cache. */
  getSignatureStatuses: method(
    z.tuple([
      z.array(signature).max(statusesPerRequestMax),
      z.object({ searchTransactionHistory: z.boolean().optional() }).nullish(),
    ]),
    ([signatures, options], node) => {
      const oldest = options?.searchTransactionHistory ? 0 : node.chain.slot - blockhashAgeSlotsMax;
      const statuses = signatures.map((wanted) => {
        const head = node.chain.history.transactionHead(wanted);
        return statusJson(head !== undefined && head.slot >= oldest ? head : undefined, node);
      });
      return withContext(undefined, node, statuses);
    },
  ),

  getSignaturesForAddress: method(
    z.tuple([
      publicKey,
      configSchema({
        before: signature.nullish(),
        until: signature.nullish(),
        limit: z.int().min(1).max(signaturesPerPageMax).nullish(),
      }),
    ]),
    ([address, options], node) => {
      requireContextSlot(options, node);
      const { history } = node.chain;
      const slotMax = visibleSlot(commitmentOf(options), node);
      const before = options?.before ? history.transactionHead(options.before)?.ordinal : Infinity;
      // An unknown `before` has nothing before it; an unknown `until` ends nothing.
      if (before === undefined) return [];
      const after = options?.until ? (history.transactionHead(options.until)?.ordinal ?? 0) : 0;
      const limit = options?.limit ?? signaturesPerPageMax;
      const range = { before: Math.min(before, Number.MAX_SAFE_INTEGER), after, slotMax, limit };
      return history.addressTransactions(address, range).map((head) => {
        const confirmationStatus = node.chain.slot - head.slot >= finalitySlots ? 'finalized' : 'confirmed';
        const { signature: name, slot, err, time } = head;
        return { signature: name, slot, err, memo: null, blockTime: time, confirmationStatus };
      });
    },
  ),

  getTransaction: method(
    z.tuple([signature, z.union([transactionConfig, z.enum(['json', 'base58', 'base64'])])]),
    ([wanted, options], node) => {
      const settings = typeof options === 'string' ? { encoding: options } : options;
      const slotMax = visibleSlot(commitmentOf(settings), node);
      const landed = node.chain.history.transaction(wanted);
      if (landed === undefined || landed.slot > slotMax) return null;
      const versioned = settings?.maxSupportedTransactionVersion !== undefined;
      if (landed.version === 0 && !versioned) throw unsupportedVersion();
      return transactionJson(landed, settings?.encoding ?? 'json', versioned);
    },
  ),
};
