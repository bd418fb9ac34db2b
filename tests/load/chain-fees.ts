import { Connection } from '@solana/web3.js';
import { PROGRAM_ID } from '#support/program/addresses.ts';

/** Transactions of the program, what they signed and computed; each is read once. */
export class ChainFees {
  readonly #connection: Connection;
  readonly #sums = { transactions: 0, signatures: 0, 'compute units': 0 };
  #newest: string | undefined;

  constructor(rpcUrl: string) {
    this.#connection = new Connection(rpcUrl, 'confirmed');
  }

  /** Up to now. */
  async sums(): Promise<Readonly<Record<string, number>>> {
    const until = this.#newest === undefined ? {} : { until: this.#newest };
    const fresh = await this.#connection.getSignaturesForAddress(PROGRAM_ID, until);
    this.#newest = fresh[0]?.signature ?? this.#newest;
    for (const { signature } of fresh) {
      const found = await this.#connection.getTransaction(signature, { maxSupportedTransactionVersion: 0 });
      this.#sums.transactions += 1;
      this.#sums.signatures += found?.transaction.signatures.length ?? 0;
      this.#sums['compute units'] += found?.meta?.computeUnitsConsumed ?? 0;
    }
    return { ...this.#sums };
  }
}
