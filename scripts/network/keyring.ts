import { readFileSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { Keypair } from '@solana/web3.js';
import * as z from 'zod';

const secretKeyBytes = 64;
const keyFileSchema = z.array(z.int().min(0).max(255)).length(secretKeyBytes);
const groupAndOthers = 0o077;

/** A key that may sign, and the file it came from (null: made in this process). */
export interface HeldKey {
  readonly keypair: Keypair;
  readonly path: string | null;
}

/** A key file that cannot be used; the message names it, never what is in it. */
export class KeyFileUnusable extends Error {
  override readonly name = 'KeyFileUnusable';
}

/** The keys of a run by address; the first one pays. */
export class Keyring {
  readonly #keys = new Map<string, HeldKey>();

  constructor(keys: readonly HeldKey[]) {
    for (const key of keys) this.#keys.set(key.keypair.publicKey.toBase58(), key);
  }

  has(address: string): boolean {
    return this.#keys.has(address);
  }

  get(address: string): HeldKey | undefined {
    return this.#keys.get(address);
  }

  /** Who pays for transactions and for what they create; undefined where there are no keys. */
  get payer(): HeldKey | undefined {
    return this.#keys.values().next().value;
  }
}

/**
 * Reads a key file in the form of `solana-keygen` (a JSON list of 64 bytes). Refused where others may read it, and inside the repository.
 *
 * @throws KeyFileUnusable
 */
export function readKeyFile(path: string, repository: string): HeldKey {
  const full = resolve(path);
  const inside = relative(repository, full);
  if (inside !== '' && !inside.startsWith(`..${sep}`) && inside !== '..')
    throw new KeyFileUnusable(`${path}: keys are not kept in the repository`);
  let text: string;
  try {
    if ((statSync(full).mode & groupAndOthers) !== 0)
      throw new KeyFileUnusable(`${path}: others may read it; chmod 600 it`);
    text = readFileSync(full, 'utf8');
  } catch (error) {
    if (error instanceof KeyFileUnusable) throw error;
    throw new KeyFileUnusable(`${path}: cannot be read`, { cause: error });
  }
  try {
    const bytes = keyFileSchema.parse(JSON.parse(text));
    return { keypair: Keypair.fromSecretKey(Uint8Array.from(bytes)), path: full };
  } catch {
    throw new KeyFileUnusable(`${path}: is no key file of solana-keygen (a JSON list of ${secretKeyBytes} bytes)`);
  }
}
