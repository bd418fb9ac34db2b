import {
  ComputeBudgetProgram,
  type Keypair,
  PublicKey,
  type TransactionInstruction,
  TransactionMessage,
  VersionedTransaction,
} from '@solana/web3.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { refuse, ok, type Result } from '#shared/protocol/error-codes.ts';
import { bytesOfBase64 } from './rpc.ts';
import { isUnsigned } from './transactions.ts';

/** Lighthouse: assertions that wallets append to protect their owner. */
const LIGHTHOUSE = new PublicKey('L2TExMFKdjpN9kozasaurPirfHy9P8sbXoAN1qA3S95');
const transactionBytesMax = 1_232;
/** Most compute units and price per unit (micro-lamports) a wallet may set at the exchange's cost. */
const computeUnitsMax = 400_000;
const microLamportsPerUnitMax = 200_000n;

const setComputeUnitLimit = 2;
const setComputeUnitPrice = 3;

/** A transaction a trader signed, taken apart. */
export interface SignedByTrader {
  readonly transaction: VersionedTransaction;
  /** Names what was built: see `hashBuilt`. */
  readonly builtHash: string;
  /** SHA-256 over the whole message as signed, hex: names what is sent and paid for. */
  readonly messageHash: string;
}

/**
 * Reads a signed transaction and checks everything that makes co-signing safe: our fee payer pays, the trader's own signature is valid,
 * no lookup tables, and beyond our instructions only bounded compute budget and Lighthouse assertions that do not touch our keys.
 * Refusals: TRADING_019.
 */
export async function readSignedTransaction(
  base64: string,
  owner: PublicKey,
  feePayer: PublicKey,
  ourKeys: readonly PublicKey[],
): Promise<Result<SignedByTrader>> {
  const transaction = parse(base64);
  if (transaction === null) return refuse('TRADING_019', 'This is not a Solana transaction in base64.');
  const { message } = transaction;
  if (message.addressTableLookups.length > 0)
    return refuse('TRADING_019', 'Transactions with lookup tables are not built here.');
  if (message.staticAccountKeys[0]?.equals(feePayer) !== true) {
    return refuse('TRADING_019', 'The fee payer was changed. Sign the transaction as it was built.');
  }
  if (!isSignedBy(transaction, owner)) return refuse('TRADING_019', "Your wallet's signature is missing or not valid.");
  const instructions = TransactionMessage.decompile(message).instructions;
  const extras = instructions.filter(isExtra);
  const refused = extras.find((extra) => !isHarmless(extra, [feePayer, ...ourKeys]));
  if (refused !== undefined)
    return refuse('TRADING_019', 'Your wallet added an instruction that the exchange does not pay for.');
  return ok({
    transaction,
    builtHash: await hashBuilt(instructions, message.recentBlockhash),
    messageHash: await sha256(message.serialize()),
  });
}

/** Adds the exchange's signatures to those of the trader. */
export function coSign(transaction: VersionedTransaction, keys: readonly Keypair[]): void {
  const required = transaction.message.staticAccountKeys.slice(0, transaction.message.header.numRequiredSignatures);
  const signing = keys.filter((key) => required.some((address) => address.equals(key.publicKey)));
  transaction.sign([...signing]);
}

/**
 * SHA-256 over the blockhash and over program, accounts and data of our instructions in order, hex. The blockhash belongs to it: with
 * another one the same instructions are another transaction, which lands and is paid for again.
 */
export async function hashBuilt(instructions: readonly TransactionInstruction[], blockhash: string): Promise<string> {
  const parts = instructions
    .filter((instruction) => !isExtra(instruction))
    .map(({ programId, keys, data }) => [
      programId.toBase58(),
      keys.map((key) => key.pubkey.toBase58()),
      Array.from(data),
    ]);
  return sha256(new TextEncoder().encode(JSON.stringify([blockhash, ...parts])));
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function parse(base64: string): VersionedTransaction | null {
  try {
    const bytes = bytesOfBase64(base64);
    return bytes.length > transactionBytesMax ? null : VersionedTransaction.deserialize(bytes);
  } catch {
    return null;
  }
}

function isSignedBy({ message, signatures }: VersionedTransaction, owner: PublicKey): boolean {
  const index = message.staticAccountKeys.findIndex((key) => key.equals(owner));
  const signature = index < message.header.numRequiredSignatures ? signatures[index] : undefined;
  if (signature === undefined || isUnsigned(signature)) return false;
  // RFC 8032 strictly, as the runtime verifies.
  return ed25519.verify(signature, message.serialize(), owner.toBytes(), { zip215: false });
}

const isExtra = ({ programId }: TransactionInstruction): boolean =>
  programId.equals(ComputeBudgetProgram.programId) || programId.equals(LIGHTHOUSE);

/** The exchange pays: no price without bound, and no account of ours in somebody else's instruction. */
function isHarmless({ programId, keys, data }: TransactionInstruction, ourKeys: readonly PublicKey[]): boolean {
  if (programId.equals(LIGHTHOUSE)) return !keys.some((key) => ourKeys.some((ours) => ours.equals(key.pubkey)));
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data[0] === setComputeUnitLimit) return data.length === 5 && view.getUint32(1, true) <= computeUnitsMax;
  if (data[0] === setComputeUnitPrice)
    return data.length === 9 && view.getBigUint64(1, true) <= microLamportsPerUnitMax;
  return false;
}
