import { address, getTransactionDecoder, lamports } from '@solana/kit';
import { Clock, FailedTransactionMetadata, LiteSVM, type TransactionMetadata } from 'litesvm';
import type { ChainAccount } from './account.ts';
import { type TransactionError, transactionErrorOf, type VmError } from './transaction-error.ts';

/** Log bytes of a transaction after which Solana cuts its logs off. */
const logBytesMax = 10_000n;

/** An instruction that a program called, with indexes into the transaction's account keys. */
export interface CalledInstruction {
  readonly programIdIndex: number;
  readonly accounts: readonly number[];
  readonly data: Uint8Array;
  /** Depth of the call: 2 is called by the transaction's own instruction. */
  readonly stackHeight: number;
}

/** What running a transaction gave. */
export interface Execution {
  readonly error: TransactionError | null;
  readonly logs: readonly string[];
  readonly unitsConsumed: number;
  /** Called instructions by index of the transaction's instruction. */
  readonly inner: readonly (readonly CalledInstruction[])[];
  readonly returnData: { readonly programId: Uint8Array; readonly data: Uint8Array } | null;
}

export interface Simulation extends Execution {
  /** The transaction's accounts as they would be; empty when it failed. */
  readonly accounts: readonly ChainAccount[];
}

/**
 * The Solana virtual machine, with everything that is a matter of the chain switched off: blockhashes and duplicates are
 * checked by the chain, which keeps more than one blockhash and remembers across restarts.
 */
export class Vm {
  readonly #svm = new LiteSVM()
    .withBlockhashCheck(false)
    .withTransactionHistory(0n)
    .withSigverify(true)
    .withLogBytesLimit(logBytesMax);
  readonly #decoder = getTransactionDecoder();

  account(key: string): ChainAccount | undefined {
    const found = this.#svm.getAccount(address(key));
    return found.exists && found.lamports > 0n ? chainAccount(found) : undefined;
  }

  setAccount(account: ChainAccount): void {
    this.#svm.setAccount({
      address: address(account.address),
      lamports: lamports(account.lamports),
      programAddress: address(account.owner),
      data: account.data,
      executable: account.executable,
      space: BigInt(account.data.length),
    });
  }

  programAccounts(owner: string): ChainAccount[] {
    return this.#svm.getProgramAccounts(address(owner)).map(chainAccount);
  }

  addProgram(programId: string, elf: Uint8Array): void {
    this.#svm.addProgram(address(programId), elf);
  }

  rentExemptLamports(dataBytes: number): bigint {
    return this.#svm.minimumBalanceForRentExemption(BigInt(dataBytes));
  }

  /** Sets the Clock sysvar. `epochStart` in Unix seconds. */
  setClock(slot: number, unixSeconds: number, epoch: number, epochStart: number): void {
    this.#svm.setClock(new Clock(BigInt(slot), BigInt(epochStart), BigInt(epoch), BigInt(epoch), BigInt(unixSeconds)));
  }

  /** Sets the SlotHashes sysvar, newest first. Address lookup tables are created against it. */
  setSlotHashes(hashes: readonly { readonly slot: number; readonly blockhash: string }[]): void {
    this.#svm.setSlotHashes(hashes.map(({ slot, blockhash }) => ({ slot: BigInt(slot), hash: blockhash })));
  }

  /** Runs a transaction and keeps what it changed. Signatures are verified. */
  execute(raw: Uint8Array): Execution {
    const result = this.#svm.sendTransaction(this.#decoder.decode(raw));
    return result instanceof FailedTransactionMetadata ? failed(result) : execution(result, null);
  }

  /** Runs a transaction and forgets what it changed. */
  simulate(raw: Uint8Array, verifySignatures: boolean): Simulation {
    this.#svm.withSigverify(verifySignatures);
    try {
      const result = this.#svm.simulateTransaction(this.#decoder.decode(raw));
      if (result instanceof FailedTransactionMetadata) return failed(result);
      return { ...execution(result.meta(), null), accounts: result.postAccounts().map(chainAccount) };
    } finally {
      this.#svm.withSigverify(true);
    }
  }
}

type VmAccount = ReturnType<LiteSVM['getProgramAccounts']>[number];

function chainAccount(account: VmAccount): ChainAccount {
  const { address: key, programAddress: owner, data, executable } = account;
  return { address: key, lamports: account.lamports, owner, data: Uint8Array.from(data), executable };
}

function failed(result: FailedTransactionMetadata): Simulation {
  return { ...execution(result.meta(), transactionErrorOf(result.err() as VmError)), accounts: [] };
}

function execution(meta: TransactionMetadata, error: TransactionError | null): Execution {
  const returned = meta.returnData();
  const inner = meta.innerInstructions().map((calls) =>
    calls.map((call) => {
      const instruction = call.instruction();
      return {
        programIdIndex: instruction.programIdIndex(),
        accounts: [...instruction.accounts()],
        data: instruction.data(),
        stackHeight: call.stackHeight(),
      };
    }),
  );
  return {
    error,
    logs: meta.logs(),
    unitsConsumed: Number(meta.computeUnitsConsumed()),
    inner,
    returnData: returned.data().length > 0 ? { programId: returned.programId(), data: returned.data() } : null,
  };
}
