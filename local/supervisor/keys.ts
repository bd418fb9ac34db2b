import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Keypair } from '@solana/web3.js';
import bs58 from 'bs58';
import { z } from 'zod';

const feePayerCount = 8;

const keyFileSchema = z.object({
  admin: z.string(),
  keeper: z.string(),
  faucet: z.string(),
  usdcMint: z.string(),
  feePayers: z.array(z.string()).length(feePayerCount),
  sessionKeys: z.string(),
  /** Absent in a file of an older version. */
  personalDataKeys: z.string().default(() => newSharedKey()),
});

/** Keys of one local network. Secret keys are base58 text of 64 bytes, as wallets export them. */
export type LocalKeys = z.infer<typeof keyFileSchema>;

const newSecret = () => bs58.encode(Keypair.generate().secretKey);

/** A key of `SESSION_KEYS` or `PERSONAL_DATA_KEYS`. */
const newSharedKey = () => `local-1:${randomBytes(32).toString('hex')}`;

/** A fresh set of keys. */
export const newKeys = (): LocalKeys => ({
  admin: newSecret(),
  keeper: newSecret(),
  faucet: newSecret(),
  usdcMint: newSecret(),
  feePayers: Array.from({ length: feePayerCount }, newSecret),
  sessionKeys: newSharedKey(),
  personalDataKeys: newSharedKey(),
});

/** The keys of this state folder; made at the first start, readable by the user alone. They are worth nothing outside this machine. */
export function loadOrCreateKeys(stateDir: string): LocalKeys {
  const path = join(stateDir, 'keys.json');
  const stored = existsSync(path) ? readFileSync(path, 'utf8') : null;
  const keys = stored === null ? newKeys() : keyFileSchema.parse(JSON.parse(stored));
  const text = JSON.stringify(keys, null, 2);
  if (text !== stored) writeFileSync(path, text, { mode: 0o600 });
  return keys;
}

export const keypairOf = (secret: string): Keypair => Keypair.fromSecretKey(bs58.decode(secret));
export const addressOf = (secret: string): string => keypairOf(secret).publicKey.toBase58();
