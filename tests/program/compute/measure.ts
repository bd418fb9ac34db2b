import { ComputeBudgetProgram, type Keypair, type TransactionInstruction } from '@solana/web3.js';
import type { TestExchange } from '#support/program/exchange.ts';
import { must } from '#support/program/exchange.ts';
import type { Sent } from '#support/program/chain.ts';
import { buildTransaction } from '../../../workers/chain/transactions.ts';

/** Most that a transaction may ask for. */
const unitsMax = 1_400_000;
const budget = [
  ComputeBudgetProgram.setComputeUnitLimit({ units: unitsMax }),
  ComputeBudgetProgram.setComputeUnitPrice({ microLamports: 1_000_000 }),
];
/** Most bytes of a transaction. */
export const bytesMax = 1_232;

/** The most that any transaction of one kind took. */
export interface Cost {
  /** Compute units of the transaction, its compute-budget instructions included. */
  readonly units: number;
  /** Bytes of the transaction with all its signatures. */
  readonly bytes: number;
}

/** What a transaction is, and what it would be where it takes the most bytes. */
export interface Measured {
  readonly instructions: readonly TransactionInstruction[];
  readonly signers: readonly Keypair[];
  /** The longest form of the same transaction, where another is run: signed by the trader too, the position created first. */
  readonly longest?: readonly TransactionInstruction[];
}

/** Runs transactions and remembers, for each name, the most units and the most bytes. */
export class Costs {
  readonly byName = new Map<string, Cost>();
  readonly #exchange: TestExchange;

  constructor(exchange: TestExchange) {
    this.#exchange = exchange;
  }

  /** Runs a transaction that must succeed, with the compute-budget instructions a keeper puts in front. */
  run(name: string, { instructions, signers, longest }: Measured): Sent {
    const sent = must(this.#exchange.send([...budget, ...instructions], signers));
    const bytes = this.bytesOf(longest ?? instructions);
    const before = this.byName.get(name);
    this.byName.set(name, {
      units: Math.max(before?.units ?? 0, sent.computeUnits),
      bytes: Math.max(before?.bytes ?? 0, bytes),
    });
    return sent;
  }

  /** Length of the transaction as the workers build it: version 0, no lookup table, a fee payer of its own, compute budget set. */
  bytesOf(instructions: readonly TransactionInstruction[]): number {
    const { chain } = this.#exchange;
    const all = [...budget, ...instructions];
    return encodedLength(buildTransaction(all, chain.feePayer.publicKey, chain.freshBlockhash()));
  }
}

const signatureBytes = 64;

/** Message and signatures; `serialize` of a transaction beyond the limit would throw. */
function encodedLength({ message }: ReturnType<typeof buildTransaction>): number {
  const keys = message.staticAccountKeys.length * 32;
  const compiled = message.compiledInstructions.reduce(
    (sum, { accountKeyIndexes, data }) =>
      sum + 1 + compact(accountKeyIndexes.length) + accountKeyIndexes.length + compact(data.length) + data.length,
    0,
  );
  const header = 1 + 3;
  const lookupTables = 1;
  const counts = compact(message.staticAccountKeys.length) + compact(message.compiledInstructions.length);
  const signatures = 1 + message.header.numRequiredSignatures * signatureBytes;
  return signatures + header + counts + keys + 32 + compiled + lookupTables;
}

/** Bytes of a short vector's length. */
const compact = (length: number): number => (length < 128 ? 1 : 2);
