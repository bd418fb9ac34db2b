import { ed25519 } from '@noble/curves/ed25519.js';
import bs58 from 'bs58';
import { ok, refuse, type Result } from '#shared/protocol/error-codes.ts';
import type { SessionKey, Settings } from '../env.ts';

/** How long a text can be signed. */
export const nonceLifeMs = 5 * 60_000;
const nonceRandomBytes = 16;
const nonceExpiryBytes = 6;
const nonceMacBytes = 16;
const signatureBytes = 64;

/** What a text must say of us, all of it from configuration. */
export interface SignInSite {
  readonly domain: string;
  readonly uri: string;
  readonly chainId: string;
}

const chainIds = { local: 'solana:localnet', devnet: 'solana:devnet', mainnet: 'solana:mainnet' } as const;

/** The site a wallet signs in to. */
export function signInSite(settings: Pick<Settings, 'SIGN_IN_DOMAIN' | 'ALLOWED_ORIGINS' | 'NETWORK'>): SignInSite {
  const { SIGN_IN_DOMAIN: domain } = settings;
  const origin = settings.ALLOWED_ORIGINS.find((candidate) => new URL(candidate).host === domain);
  return { domain, uri: origin ?? `https://${domain}`, chainId: chainIds[settings.NETWORK] };
}

/** What a wallet is asked to sign for. A nonce made for one purpose proves nothing for another. */
export interface ProofPurpose {
  readonly wallet: string;
  /** The line of the text that says what the signature does. */
  readonly statement: string;
  /** What the nonce is bound to besides the wallet: nothing for a sign-in; session and operation for a step-up. */
  readonly binding: readonly string[];
}

export interface SignChallenge {
  readonly message: string;
  readonly nonce: string;
  readonly expiresAtMs: number;
}

/** A fresh text for a wallet to sign. Nothing is stored: the nonce proves itself. */
export async function createProofChallenge(
  keys: readonly SessionKey[],
  site: SignInSite,
  purpose: ProofPurpose,
  nowMs: number,
): Promise<SignChallenge> {
  // Whole seconds: the text shows the expiry in the format wallets read.
  const expiresAtMs = Math.floor((nowMs + nonceLifeMs) / 1_000) * 1_000;
  const [key] = keys;
  if (key === undefined) throw new Error('no session key');
  const nonce = await createNonce(key, purpose, expiresAtMs);
  return { message: textOf(site, purpose, nonce, expiresAtMs), nonce, expiresAtMs };
}

/** The Sign-In-With-Solana text. Its form follows EIP-4361 with Solana's chain ids, as wallets parse it. */
function textOf(site: SignInSite, { wallet, statement }: ProofPurpose, nonce: string, expiresAtMs: number): string {
  return [
    `${site.domain} wants you to sign in with your Solana account:`,
    wallet,
    '',
    statement,
    '',
    `URI: ${site.uri}`,
    'Version: 1',
    `Chain ID: ${site.chainId}`,
    `Nonce: ${nonce}`,
    `Issued At: ${new Date(expiresAtMs - nonceLifeMs).toISOString()}`,
    `Expiration Time: ${new Date(expiresAtMs).toISOString()}`,
  ].join('\n');
}

export interface WalletProof {
  /** The text as signed. */
  readonly message: string;
  /** base58 ed25519 signature over its UTF-8 bytes. */
  readonly signature: string;
}

/**
 * Checks a signed text: the nonce is ours, for this wallet and purpose, and not expired; the text is exactly the one we gave (so domain, URI,
 * chain id, statement, address and times are what they were); the wallet signed it. Single use is the AccountObject's to check, afterwards.
 * Refusals: AUTH_003 nonce, AUTH_004 text or signature.
 */
export async function verifyProof(
  keys: readonly SessionKey[],
  site: SignInSite,
  purpose: ProofPurpose,
  proof: WalletProof,
  nowMs: number,
): Promise<Result<{ nonce: string; expiresAtMs: number }>> {
  const nonce = /^Nonce: (\S+)$/m.exec(proof.message)?.[1];
  if (nonce === undefined) return refuse('AUTH_003', 'The signed text has no nonce. Ask for a new text.');
  const expiresAtMs = await readNonce(keys, purpose, nonce);
  if (expiresAtMs === null || expiresAtMs <= nowMs) {
    return refuse('AUTH_003', 'The text has expired, or is not one we gave for this. Ask for a new one.');
  }
  if (proof.message !== textOf(site, purpose, nonce, expiresAtMs)) {
    return refuse('AUTH_004', 'The signed text is not the one this exchange gave for this wallet. Sign it unchanged.');
  }
  if (!isSignedBy(purpose.wallet, proof))
    return refuse('AUTH_004', "The signature is not the wallet's over this text.");
  return ok({ nonce, expiresAtMs });
}

function isSignedBy(wallet: string, { message, signature }: WalletProof): boolean {
  try {
    const bytes = bs58.decode(signature);
    if (bytes.length !== signatureBytes) return false;
    // RFC 8032 strictly: zip215 would also accept encodings and small-order keys that Solana refuses.
    return ed25519.verify(bytes, new TextEncoder().encode(message), bs58.decode(wallet), { zip215: false });
  } catch {
    return false;
  }
}

// The nonce: random ‖ expiry (milliseconds, 48 bits) ‖ HMAC over both, the wallet and the purpose. Base58 keeps it alphanumeric, as wallets
// want it.

async function createNonce(key: SessionKey, purpose: ProofPurpose, expiresAtMs: number): Promise<string> {
  const head = new Uint8Array(nonceRandomBytes + nonceExpiryBytes);
  crypto.getRandomValues(head.subarray(0, nonceRandomBytes));
  const view = new DataView(head.buffer, nonceRandomBytes);
  view.setUint16(0, Math.floor(expiresAtMs / 2 ** 32));
  view.setUint32(2, expiresAtMs % 2 ** 32);
  const mac = await nonceMac(key, head, purpose);
  return bs58.encode(Uint8Array.of(...head, ...mac));
}

/** The expiry of a nonce made by one of our keys for this purpose, else null. */
async function readNonce(keys: readonly SessionKey[], purpose: ProofPurpose, nonce: string): Promise<number | null> {
  const bytes = decodeBase58(nonce);
  const headBytes = nonceRandomBytes + nonceExpiryBytes;
  if (bytes?.length !== headBytes + nonceMacBytes) return null;
  const head = bytes.slice(0, headBytes);
  const mac = bytes.slice(headBytes);
  for (const key of keys) {
    if (!equalBytes(mac, await nonceMac(key, head, purpose))) continue;
    const view = new DataView(head.buffer, nonceRandomBytes);
    return view.getUint16(0) * 2 ** 32 + view.getUint32(2);
  }
  return null;
}

async function nonceMac(key: SessionKey, head: Uint8Array, { wallet, binding }: ProofPurpose): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const hmacKey = await crypto.subtle.importKey('raw', encoder.encode(`nonce:${key.secret}`), algorithm, false, [
    'sign',
  ]);
  // None of the parts can hold a line break.
  const bound = encoder.encode([wallet, ...binding].join('\n'));
  const mac = await crypto.subtle.sign('HMAC', hmacKey, Uint8Array.of(...head, ...bound));
  return new Uint8Array(mac).slice(0, nonceMacBytes);
}

/** Compares in a time that does not depend on where they differ. */
function equalBytes(left: Uint8Array, right: Uint8Array): boolean {
  let difference = left.length ^ right.length;
  for (const [index, byte] of left.entries()) difference |= byte ^ (right[index] ?? 0);
  return difference === 0;
}

function decodeBase58(text: string): Uint8Array | null {
  try {
    return bs58.decode(text);
  } catch {
    return null;
  }
}
