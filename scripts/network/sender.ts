import type { TransactionInstruction } from '@solana/web3.js';
import { computeBudget } from '../../workers/chain/instructions.ts';
import { readTransactionError } from '../../workers/chain/program-errors.ts';
import { ChainUnavailable, type SolanaRpc } from '../../workers/chain/rpc.ts';
import {
  type Confirmation,
  confirmTransaction,
  findTransaction,
  type SentTransaction,
  signTransaction,
} from '../../workers/chain/transactions.ts';
import { sleep } from '../../workers/platform/clock.ts';
import type { Journal } from './journal.ts';
import type { Keyring } from './keyring.ts';
import type { WantedNetwork } from './network-file.ts';
import type { Step } from './plan-item.ts';

const computeUnitsMax = 400_000;
/** A blockhash lives about a minute; a transaction is sent again that often, that long apart. */
const sendsMax = 30;
const sendAgainMs = 3_000;
/** Finality takes 32 slots and more on a busy day. */
const finalMsMax = 120_000;
/** How often, and how long apart, a step that needs a fresh price is tried. */
const priceAttemptsMax = 20;
const priceAttemptDelayMs = 500;

/** A step did not do what it was to; nothing after it was tried. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

export interface SenderOptions {
  readonly rpc: SolanaRpc;
  readonly wanted: WantedNetwork;
  readonly keyring: Keyring;
  readonly journal: Journal;
  /** Told between sending and waiting. */
  readonly onSent: (signature: string) => void;
}

/** Sends one transaction at a time: tried on the chain's present state, noted, sent until it is known what became of it. */
export class Sender {
  readonly #options: SenderOptions;
  readonly #pollMs: number;

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#pollMs = options.wanted.cluster === 'localnet' ? 10 : 1_000;
  }

  /** Looks for what an earlier run may have left on its way. Answers what it found, in words; null where there was nothing. */
  async settleJournal(): Promise<string | null> {
    const { journal } = this.#options;
    const entry = journal.read();
    if (entry === null) return null;
    for (let look = 1; look <= sendsMax; look++) {
      const found = await this.#lookFor(entry);
      if (found.kind !== 'unknown') {
        if (found.kind === 'landed') await this.#untilFinal(entry);
        journal.clear();
        return `${entry.step} of an earlier run: ${found.kind}`;
      }
      await sleep(sendAgainMs);
    }
    throw new StepFailed(`${entry.step} of an earlier run may still land (${entry.signature}): run this again later`);
  }

  /** Answers the slot it landed in. @throws StepFailed, ChainUnavailable */
  async run(step: Step, instructions: TransactionInstruction[]): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#try(step, instructions);
      if (typeof outcome === 'number') return outcome;
      if (!step.needsPrice || attempt === priceAttemptsMax) {
        const hint = step.needsPrice ? ' It needs an oracle price of the last seconds: is the price account fed?' : '';
        throw new StepFailed(`${step.id}: ${outcome}${hint}`);
      }
      await sleep(priceAttemptDelayMs);
    }
  }

  /** The slot, or why not. */
  async #try(step: Step, instructions: TransactionInstruction[]): Promise<number | string> {
    const { rpc, wanted, keyring, journal } = this.#options;
    const payer = keyring.payer?.keypair;
    if (payer === undefined) throw new StepFailed('no key pays: give one with --keypair');
    const signers = step.signers.flatMap((address) => {
      const key = keyring.get(address)?.keypair;
      if (key === undefined) throw new StepFailed(`${step.id}: no key of ${address}`);
      return key.publicKey.equals(payer.publicKey) ? [] : [key];
    });
    const all = [...computeBudget(computeUnitsMax, wanted.micro_lamports_per_unit), ...instructions];
    const signed = signTransaction(all, payer, signers, await rpc.getLatestBlockhash());
    const tried = await rpc.simulateTransaction(signed.wire, true);
    const failure = readTransactionError(tried.err, tried.logs ?? []);
    if (failure !== null) return reasonOf(failure);
    journal.write({ step: step.id, signature: signed.signature, lastValidBlockHeight: signed.lastValidBlockHeight });
    const confirmation = await this.#send(signed.wire, signed);
    if (confirmation.kind === 'unknown')
      throw new StepFailed(`${step.id}: unknown whether ${signed.signature} landed: run this again, it looks first`);
    if (confirmation.kind === 'landed') await this.#untilFinal(signed);
    journal.clear();
    if (confirmation.kind === 'landed') return confirmation.slot;
    return confirmation.kind === 'expired'
      ? 'it was not taken in time; run this again'
      : reasonOf(confirmation.failure);
  }

  async #send(wire: string, transaction: SentTransaction): Promise<Confirmation> {
    const { rpc, onSent } = this.#options;
    for (let send = 1; send <= sendsMax; send++) {
      await this.#offer(wire);
      if (send === 1) onSent(transaction.signature);
      const timing = { pollMs: this.#pollMs, timeoutMs: sendAgainMs, sleep, nowMs: Date.now };
      const found = await confirmTransaction(rpc, transaction, timing);
      if (found.kind !== 'unknown') return found;
      const looked = await this.#lookFor(transaction);
      if (looked.kind !== 'unknown') return looked;
    }
    return { kind: 'unknown' };
  }

  async #lookFor(transaction: SentTransaction): Promise<Confirmation> {
    try {
      return await findTransaction(this.#options.rpc, transaction);
    } catch (error) {
      if (!(error instanceof ChainUnavailable)) throw error;
      return { kind: 'unknown' };
    }
  }

  /** An answer that is lost says nothing about the transaction: what became of it is looked for. */
  async #offer(wire: string): Promise<void> {
    try {
      await this.#options.rpc.sendTransaction(wire);
    } catch (error) {
      if (!(error instanceof ChainUnavailable)) throw error;
    }
  }

  /** Waits until no fork can take it back, where the file asks for that. */
  async #untilFinal({ signature }: Pick<SentTransaction, 'signature'>): Promise<void> {
    const { rpc, wanted } = this.#options;
    if (wanted.commitment !== 'finalized') return;
    const deadline = Date.now() + finalMsMax;
    while (Date.now() < deadline) {
      const [status] = await rpc.getSignatureStatuses([signature], true);
      if (status?.confirmationStatus === 'finalized') return;
      await sleep(this.#pollMs);
    }
    throw new StepFailed(`${signature} landed and is not final yet: run this again, it looks first`);
  }
}

type Failure = NonNullable<ReturnType<typeof readTransactionError>>;

const reasonOf = ({ programError, refusal }: Failure): string =>
  `${refusal.message}${programError === null ? '' : ` (${programError})`}`;
