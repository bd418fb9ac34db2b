/** Bytes of an ed25519 public key and of a signature. */
export const keyBytes = 32;
const signatureBytes = 64;
/** A Solana packet: no transaction is larger. */
const transactionBytesMax = 1_232;
/** The first byte of a versioned message has its high bit set; a legacy one starts with its header. */
export const versionFlag = 0x80;
export const headerBytes = 3;

/** Where the parts of a serialised transaction lie. */
export interface TransactionLayout {
  /** What the signatures sign. */
  readonly message: Uint8Array;
  /** Public keys that have to sign, in the order of the signatures. */
  readonly signers: readonly Uint8Array[];
  /** Offset of the first signature. */
  readonly signaturesAt: number;
}

export class MalformedTransaction extends Error {
  override readonly name = 'MalformedTransaction';
}

/** Solana's compact-u16: seven bits a byte, low ones first, at most three bytes. */
export function readCompact(bytes: Uint8Array, at: number): { value: number; next: number } {
  let value = 0;
  for (let index = 0; index < 3; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) break;
    value |= (byte & 0x7f) << (7 * index);
    if ((byte & 0x80) === 0) return { value, next: at + index + 1 };
  }
  throw new MalformedTransaction('the transaction ends inside a length');
}

/** Finds message and signers, for legacy and version 0 transactions. @throws MalformedTransaction */
export function readTransaction(transaction: Uint8Array): TransactionLayout {
  if (transaction.length > transactionBytesMax)
    throw new MalformedTransaction('the transaction is larger than a packet');
  const count = readCompact(transaction, 0);
  const messageAt = count.next + count.value * signatureBytes;
  const message = transaction.subarray(messageAt);
  const versioned = ((message[0] ?? 0) & versionFlag) !== 0;
  const headerAt = versioned ? 1 : 0;
  const signerCount = message[headerAt] ?? 0;
  const keys = readCompact(message, headerAt + headerBytes);
  if (signerCount !== count.value || keys.value < signerCount || message.length < keys.next + keys.value * keyBytes) {
    throw new MalformedTransaction('header and signatures of the transaction disagree');
  }
  const signers = Array.from({ length: signerCount }, (_, index) =>
    message.subarray(keys.next + index * keyBytes, keys.next + (index + 1) * keyBytes),
  );
  return { message, signers, signaturesAt: count.next };
}

/** A copy of the transaction with this signer's signature in its place. @throws MalformedTransaction if it is none of the signers. */
export function placeSignature(transaction: Uint8Array, signer: Uint8Array, signature: Uint8Array): Uint8Array {
  const { signers, signaturesAt } = readTransaction(transaction);
  const index = signers.findIndex((key) => key.every((byte, at) => byte === signer[at]));
  if (index < 0) throw new MalformedTransaction('the transaction does not ask for this signature');
  if (signature.length !== signatureBytes) throw new MalformedTransaction('a signature has 64 bytes');
  const signed = transaction.slice();
  signed.set(signature, signaturesAt + index * signatureBytes);
  return signed;
}

export const fromBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));

export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}
