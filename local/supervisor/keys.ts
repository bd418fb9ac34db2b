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
});

/** Keys of one local network. Secret keys are base58 text of 64 bytes, as wallets export them. */
export type LocalKeys = z.infer<typeof keyFileSchema>;

const newSecret = () => bs58.encode(Keypair.generate().secretKey);

/** A fresh set of keys. */
export const newKeys = (): LocalKeys => ({
  admin: newSecret(),
  keeper: newSecret(),
  faucet: newSecret(),
  usdcMint: newSecret(),
  feePayers: Array.from({ length: feePayerCount }, newSecret),
  sessionKeys: `local-1:${randomBytes(32).toString('hex')}`,
});

/** The keys of this state folder; made at the first start, readable by the user alone. They are worth nothing outside this machine. */
export function loadOrCreateKeys(stateDir: string): LocalKeys {
  const path = join(stateDir, 'keys.json');
  if (existsSync(path)) return keyFileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const keys = newKeys();
  writeFileSync(path, JSON.stringify(keys, null, 2), { mode: 0o600 });
  return keys;
}

export const keypairOf = (secret: string): Keypair => Keypair.fromSecretKey(bs58.decode(secret));
export const addressOf = (secret: string): string => keypairOf(secret).publicKey.toBase58();
