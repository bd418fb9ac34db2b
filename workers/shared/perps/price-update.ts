/**
 * The bytes of Pyth's `PriceUpdateV2` account, as the receiver and push-oracle programs write them. The verification level takes one byte
 * (full) or two (partial), so everything after it shifts by one. Source of the layout: pyth-solana-receiver-sdk, `price_update.rs`.
 */
import { PerpError, requireThat } from './errors.ts';

/** Account discriminator: the first bytes of SHA-256 of "account:PriceUpdateV2". */
export const PRICE_UPDATE_DISCRIMINATOR = Uint8Array.of(0x22, 0xf1, 0x23, 0x63, 0x9d, 0x7e, 0xf4, 0xcd);
/** Allocated size of the account, bytes. */
export const priceUpdateLength = 134;

const writeAuthorityOffset = 8;
const verificationOffset = 40;
const messageOffsetFull = 41;
const messageOffsetPartial = 42;
/** Feed id, price, conf, exponent, two publish times, EMA price and conf, posted slot. */
const messageLength = 92;
const verificationPartial = 0;
const verificationFull = 1;

/** How many guardians' signatures were checked on chain. */
export type VerificationLevel = { readonly kind: 'full' } | { readonly kind: 'partial'; readonly signatures: number };

/** A price update as it stands in its account: Pyth's own integers, not normalised. */
export interface PriceUpdate {
  /** 32 bytes. */
  readonly writeAuthority: Uint8Array;
  readonly verification: VerificationLevel;
  /** 32 bytes in hex, lower case, without 0x. */
  readonly feedId: string;
  /** price · 10^exponent is USD. */
  readonly price: bigint;
  readonly conf: bigint;
  readonly exponent: number;
  /** Seconds since 1970. */
  readonly publishTime: bigint;
  readonly prevPublishTime: bigint;
  readonly emaPrice: bigint;
  readonly emaConf: bigint;
  readonly postedSlot: bigint;
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

function fromHex(hex: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new RangeError('a feed id is 64 hex digits in lower case, without 0x');
  return Uint8Array.from({ length: 32 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

function readVerification(view: DataView): { level: VerificationLevel; messageOffset: number } {
  const tag = view.getUint8(verificationOffset);
  if (tag === verificationFull) return { level: { kind: 'full' }, messageOffset: messageOffsetFull };
  requireThat(tag === verificationPartial, 'OracleMalformed');
  const level = { kind: 'partial', signatures: view.getUint8(verificationOffset + 1) } as const;
  return { level, messageOffset: messageOffsetPartial };
}

/** Decodes account data. Errors: OracleMalformed (another discriminator, too short, unknown level). */
export function decodePriceUpdate(data: Uint8Array): PriceUpdate {
  requireThat(data.length >= messageOffsetFull + messageLength, 'OracleMalformed');
  requireThat(
    PRICE_UPDATE_DISCRIMINATOR.every((byte, i) => data[i] === byte),
    'OracleMalformed',
  );
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const { level, messageOffset } = readVerification(view);
  if (data.length < messageOffset + messageLength) throw new PerpError('OracleMalformed');
  const at = messageOffset + 32;
  return {
    writeAuthority: data.slice(writeAuthorityOffset, verificationOffset),
    verification: level,
    feedId: toHex(data.subarray(messageOffset, at)),
    price: view.getBigInt64(at, true),
    conf: view.getBigUint64(at + 8, true),
    exponent: view.getInt32(at + 16, true),
    publishTime: view.getBigInt64(at + 20, true),
    prevPublishTime: view.getBigInt64(at + 28, true),
    emaPrice: view.getBigInt64(at + 36, true),
    emaConf: view.getBigUint64(at + 44, true),
    postedSlot: view.getBigUint64(at + 52, true),
  };
}

/** Encodes an update into account data of the allocated size. Throws RangeError on a feed id or write authority of the wrong length. */
export function encodePriceUpdate(update: PriceUpdate): Uint8Array {
  if (update.writeAuthority.length !== 32) throw new RangeError('a write authority is 32 bytes');
  const data = new Uint8Array(priceUpdateLength);
  const view = new DataView(data.buffer);
  data.set(PRICE_UPDATE_DISCRIMINATOR, 0);
  data.set(update.writeAuthority, writeAuthorityOffset);
  const isFull = update.verification.kind === 'full';
  view.setUint8(verificationOffset, isFull ? verificationFull : verificationPartial);
  if (update.verification.kind === 'partial') view.setUint8(verificationOffset + 1, update.verification.signatures);
  const messageOffset = isFull ? messageOffsetFull : messageOffsetPartial;
  const at = messageOffset + 32;
  data.set(fromHex(update.feedId), messageOffset);
  view.setBigInt64(at, update.price, true);
  view.setBigUint64(at + 8, update.conf, true);
  view.setInt32(at + 16, update.exponent, true);
  view.setBigInt64(at + 20, update.publishTime, true);
  view.setBigInt64(at + 28, update.prevPublishTime, true);
  view.setBigInt64(at + 36, update.emaPrice, true);
  view.setBigUint64(at + 44, update.emaConf, true);
  view.setBigUint64(at + 52, update.postedSlot, true);
  return data;
}
