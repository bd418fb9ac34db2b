import idl from '#program/quantdesk_perp_dex.json' with { type: 'json' };
import type { IndexedEvent } from '#shared/events.ts';
import { MARKETS, type MarketSymbol } from '#shared/markets.ts';
import type { MarketState } from '#shared/perps/types.ts';
import { decodeMarket } from '../../workers/chain/accounts.ts';
import { Addresses } from '../../workers/chain/addresses.ts';
import { SolanaRpc } from '../../workers/chain/rpc.ts';
import { ChainReader } from '../../workers/indexer/chain-reader.ts';
import { decodeEvents } from '../../workers/indexer/event-decoder.ts';
import { VerificationFailure } from './failure.ts';

/** The program that the repository's interface belongs to. */
export const defaultProgramId = idl.address;

/** A landed transaction of the program. */
export interface VerifiedTransaction {
  readonly slot: number;
  readonly blockTimeMs: number;
  readonly events: readonly IndexedEvent[];
}

/** What a verification reads of the chain, from any node. */
export class ChainEvidence {
  readonly #rpc: SolanaRpc;
  readonly #addresses: Addresses;
  readonly #programId: string;

  constructor(rpcUrl: string, programId: string) {
    this.#rpc = new SolanaRpc(rpcUrl);
    this.#programId = programId;
    // The mint derives no address that is used here.
    this.#addresses = new Addresses(programId, programId);
  }

  /** @throws VerificationFailure where the node does not have it, or the program did nothing in it. */
  async transaction(signature: string): Promise<VerifiedTransaction> {
    const landed = await new ChainReader(this.#rpc).transaction(signature);
    if (landed === null) throw new VerificationFailure('The node knows no transaction of this signature.');
    if (landed.failed) throw new VerificationFailure('The transaction failed: it changed nothing.');
    const eventAuthority = this.#addresses.eventAuthority.toBase58();
    const events = decodeEvents(landed, { program: this.#programId, eventAuthority });
    return { slot: landed.slot, blockTimeMs: landed.blockTimeMs, events };
  }

  /** The market an event names, with its parameters as they are now. @throws VerificationFailure for an account that is not the market's. */
  async market(event: IndexedEvent): Promise<{ readonly symbol: MarketSymbol; readonly state: MarketState }> {
    const { market, marketIndex } = event.data;
    const symbol = MARKETS.find(({ index }) => index === Number(marketIndex))?.symbol;
    const address = symbol === undefined ? undefined : this.#addresses.market(symbol).toBase58();
    if (symbol === undefined || address === undefined || address !== market) {
      throw new VerificationFailure(`The event names a market that is none: ${String(market)}.`);
    }
    const account = await this.#rpc.getAccount(address);
    if (account === null) throw new VerificationFailure(`The node has no account of ${symbol} (${address}).`);
    return { symbol, state: decodeMarket(this.#programId, account) };
  }
}
