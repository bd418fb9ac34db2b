import * as z from 'zod';
import type { SolanaRpc } from '../chain/rpc.ts';

/** A transaction that named an address, as a page of `getSignaturesForAddress` lists it. */
export interface SignatureInfo {
  readonly signature: string;
  readonly slot: number;
  readonly failed: boolean;
}

/** An inner instruction with its accounts resolved. */
export interface InnerInstruction {
  readonly program: string;
  readonly accounts: readonly string[];
  /** Base58. */
  readonly data: string;
}

/** What the indexer needs of a landed transaction. */
export interface LandedTransaction {
  readonly signature: string;
  readonly slot: number;
  readonly blockTimeMs: number;
  readonly failed: boolean;
  readonly innerInstructions: readonly InnerInstruction[];
}

/** Entries of a page: the most a node gives. */
export const pageEntriesMax = 1_000;
/** Signatures of one status request: the most a node takes. */
export const statusesPerRequestMax = 256;

const pageSchema = z.array(z.object({ signature: z.string(), slot: z.number().int(), err: z.unknown() }));

const instructionSchema = z.object({
  programIdIndex: z.number().int(),
  accounts: z.array(z.number().int()),
  data: z.string(),
});
const transactionSchema = z
  .object({
    slot: z.number().int(),
    blockTime: z.number().nullable(),
    transaction: z.object({ message: z.object({ accountKeys: z.array(z.string()) }) }),
    meta: z.object({
      err: z.unknown(),
      innerInstructions: z.array(z.object({ instructions: z.array(instructionSchema) })).nullish(),
      loadedAddresses: z.object({ writable: z.array(z.string()), readonly: z.array(z.string()) }).nullish(),
    }),
  })
  .nullable();

/** What the indexer asks a node. Everything is read at `confirmed`; finality is a question of its own. */
export class ChainReader {
  readonly #rpc: SolanaRpc;

  constructor(rpc: SolanaRpc) {
    this.#rpc = rpc;
  }

  /** Newest first, between `before` (exclusive) and `until` (exclusive). @throws ChainUnavailable, RpcRefusal */
  async page(
    address: string,
    range: { before: string | null; until: string | null },
    commitment: 'confirmed' | 'finalized' = 'confirmed',
  ): Promise<SignatureInfo[]> {
    const options = {
      commitment,
      limit: pageEntriesMax,
      ...(range.before === null ? {} : { before: range.before }),
      ...(range.until === null ? {} : { until: range.until }),
    };
    const page = await this.#rpc.call('getSignaturesForAddress', [address, options], pageSchema);
    return page.map(({ signature, slot, err }) => ({ signature, slot, failed: err !== null && err !== undefined }));
  }

  /** Null while the node does not have it. @throws ChainUnavailable, RpcRefusal */
  async transaction(signature: string): Promise<LandedTransaction | null> {
    const options = { encoding: 'json', commitment: 'confirmed', maxSupportedTransactionVersion: 0 };
    const found = await this.#rpc.call('getTransaction', [signature, options], transactionSchema);
    if (found === null) return null;
    const { slot, blockTime, meta, transaction } = found;
    const loaded = meta.loadedAddresses;
    const keys = [...transaction.message.accountKeys, ...(loaded?.writable ?? []), ...(loaded?.readonly ?? [])];
    const inner = (meta.innerInstructions ?? []).flatMap(({ instructions }) => instructions);
    return {
      signature,
      slot,
      blockTimeMs: (blockTime ?? 0) * 1_000,
      failed: meta.err !== null && meta.err !== undefined,
      innerInstructions: inner.map(({ programIdIndex, accounts, data }) => ({
        program: keys[programIdIndex] ?? '',
        accounts: accounts.map((index) => keys[index] ?? ''),
        data,
      })),
    };
  }

  /** Per transaction: final, still on its way, or unknown to the node in its slot. @throws ChainUnavailable, RpcRefusal */
  async finality(
    known: readonly Pick<SignatureInfo, 'signature' | 'slot'>[],
  ): Promise<('final' | 'pending' | 'gone')[]> {
    const statuses = await this.#rpc.getSignatureStatuses(
      known.map(({ signature }) => signature),
      true,
    );
    return statuses.map((status, index) => {
      // In another slot it is another event: numbers and balances may differ.
      if (status === null || status.slot !== known[index]?.slot) return 'gone';
      return status.confirmationStatus === 'finalized' ? 'final' : 'pending';
    });
  }

  finalizedSlot(): Promise<number> {
    return this.#rpc.getSlot('finalized');
  }
}
