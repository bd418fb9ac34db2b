import { VersionedMessage } from '@solana/web3.js';
import { z } from 'zod';
import { blockhashAgeSlotsMax } from '../blockhashes.ts';
import { slotsPerEpoch } from '../chain.ts';
import { feeOf } from '../fees.ts';
import {
  apiVersion,
  commitmentOf,
  config,
  method,
  publicKey,
  requireContextSlot,
  type RpcMethods,
  type RpcNode,
  withContext,
} from './method.ts';
import { invalidParams, RpcError } from './rpc-error.ts';

const feeSamplesMax = 150;
const accountLocksMax = 128;
const blockNotAvailable = -32004;

const none = z.array(z.unknown());
const onlyConfig = z.tuple([config]);

/** The slot of the commitment asked for: slot and block height are one number here. */
const slotMethod = method(onlyConfig, ([context], node) => {
  requireContextSlot(context, node);
  return node.chain.slotAt(commitmentOf(context)).slot;
});

/** Methods about the chain as a whole. */
export const clusterMethods: RpcMethods = {
  getHealth: method(none, () => 'ok'),
  getVersion: method(none, () => ({ 'solana-core': apiVersion, 'feature-set': 0 })),
  getGenesisHash: method(none, (_, node) => node.chain.genesisHash),
  getSlot: slotMethod,
  getBlockHeight: slotMethod,
  getFirstAvailableBlock: method(none, () => 0),
  getTransactionCount: method(onlyConfig, (_, node) => node.chain.history.lastOrdinal()),

  getEpochInfo: method(onlyConfig, ([context], node) => {
    const { slot } = node.chain.slotAt(commitmentOf(context));
    return {
      absoluteSlot: slot,
      blockHeight: slot,
      epoch: Math.floor(slot / slotsPerEpoch),
      slotIndex: slot % slotsPerEpoch,
      slotsInEpoch: slotsPerEpoch,
      transactionCount: node.chain.history.lastOrdinal(),
    };
  }),

  getBlockTime: method(z.tuple([z.int().min(0)]), ([slot], node) => {
    const time = node.chain.history.slotTime(slot);
    if (time === undefined) throw new RpcError(blockNotAvailable, `Block not available for slot ${slot}`);
    return time;
  }),

  getLatestBlockhash: method(onlyConfig, ([context], node) => {
    const { slot, blockhash } = node.chain.slotAt(commitmentOf(context));
    return withContext(context, node, { blockhash, lastValidBlockHeight: slot + blockhashAgeSlotsMax });
  }),

  isBlockhashValid: method(z.tuple([publicKey, config]), ([blockhash, context], node) => {
    return withContext(context, node, node.chain.isBlockhashValid(blockhash));
  }),

  getFeeForMessage: method(z.tuple([z.base64(), config]), ([encoded, context], node) => {
    const message = deserializeMessage(encoded);
    const valid = node.chain.isBlockhashValid(message.recentBlockhash);
    return withContext(context, node, valid ? Number(feeOf(message)) : null);
  }),

  /** Nobody competes for room on a local network: the fee that got a transaction in was always zero. */
  getRecentPrioritizationFees: method(z.tuple([z.array(publicKey).max(accountLocksMax).nullish()]), (_, node) => {
    return recentSlots(node).map((slot) => ({ slot, prioritizationFee: 0 }));
  }),
};

function recentSlots({ chain }: RpcNode): number[] {
  const count = Math.min(feeSamplesMax, chain.slot);
  return Array.from({ length: count }, (_, index) => chain.slot - count + 1 + index);
}

function deserializeMessage(encoded: string): VersionedMessage {
  try {
    return VersionedMessage.deserialize(Buffer.from(encoded, 'base64'));
  } catch {
    throw invalidParams('failed to deserialize solana_message::versions::VersionedMessage');
  }
}
