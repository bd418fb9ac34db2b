import { createLogger } from './logger.ts';

/** One of `PERSONAL_DATA_KEYS`: its id stands beside what it sealed. */
export interface PersonalDataKey {
  readonly kid: string;
  readonly secret: string;
}

/** Where a datum lies: what was sealed for one place opens in no other. */
export interface PersonalDataPlace {
  readonly userId: string;
  /** Table and column, as `users.email`. */
  readonly column: string;
}

/** Bytes of AES-GCM's nonce (NIST SP 800-38D, 8.2.2): random, one per sealing. */
const nonceBytes = 12;

interface Keys {
  readonly sealing: CryptoKey;
  readonly digesting: CryptoKey;
}

const encoder = new TextEncoder();

/**
 * Seals personal data for the database: AES-256-GCM under keys that the database does not hold. The first key seals, all of them open; to
 * rotate, put a new one in front, and remove the old one when no row names it any more (docs/database.md).
 */
export class PersonalData {
  readonly #keys: readonly PersonalDataKey[];
  readonly #derived = new Map<string, Promise<Keys>>();

  /** @throws RangeError without a key. */
  constructor(keys: readonly PersonalDataKey[]) {
    if (keys.length === 0) throw new RangeError('personal data need a key');
    this.#keys = keys;
  }

  /** Id of the key that seals. */
  get kid(): string {
    return this.#first().kid;
  }

  /** Ids of the keys that only open. */
  get olderKids(): readonly string[] {
    return this.#keys.slice(1).map(({ kid }) => kid);
  }

  /** `kid.nonce.ciphertext`, the last two in base64. Sealing the same text again gives another one. */
  async seal(place: PersonalDataPlace, text: string): Promise<string> {
    const { kid } = this.#first();
    const { sealing } = await this.#keysOf(this.#first());
    const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
    const sealed = await crypto.subtle.encrypt(parameters(iv, place), sealing, encoder.encode(text));
    return `${kid}.${base64(iv)}.${base64(new Uint8Array(sealed))}`;
  }

  /** The text; null where its key is gone or it was not sealed for this place, which is told in the log, without the datum. */
  async open(place: PersonalDataPlace, sealed: string): Promise<string | null> {
    const [kid = '', iv = '', data = ''] = sealed.split('.');
    const key = this.#keys.find((known) => known.kid === kid);
    try {
      if (key === undefined) throw new Error('no such key');
      const { sealing } = await this.#keysOf(key);
      const text = await crypto.subtle.decrypt(parameters(bytesOf(iv), place), sealing, bytesOf(data));
      return new TextDecoder().decode(text);
    } catch (error) {
      createLogger({ fields: { part: 'personal data' } }).error('cannot be opened', { error, kid, ...place });
      return null;
    }
  }

  /** HMAC-SHA-256 of a text under the first key, hex: the same text of a column gives the same, so that the database can keep it unique. */
  async digest(column: string, text: string): Promise<string> {
    const { digesting } = await this.#keysOf(this.#first());
    const digest = await crypto.subtle.sign('HMAC', digesting, encoder.encode(`${column}\n${text}`));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  #first(): PersonalDataKey {
    const [key] = this.#keys;
    if (key === undefined) throw new RangeError('personal data need a key');
    return key;
  }

  #keysOf(key: PersonalDataKey): Promise<Keys> {
    const known = this.#derived.get(key.kid);
    if (known !== undefined) return known;
    const derived = derive(key.secret);
    this.#derived.set(key.kid, derived);
    return derived;
  }
}

const parameters = (iv: Uint8Array<ArrayBuffer>, { userId, column }: PersonalDataPlace) => ({
  name: 'AES-GCM',
  iv,
  additionalData: encoder.encode(`${userId}\n${column}`),
});

/** Two keys from one secret, by HKDF-SHA-256 (RFC 5869), so that none serves two purposes. */
async function derive(secret: string): Promise<Keys> {
  const material = await crypto.subtle.importKey('raw', encoder.encode(secret), 'HKDF', false, ['deriveKey']);
  const by = (info: string) =>
    ({
      name: 'HKDF',
      hash: 'SHA-256',
      salt: new Uint8Array(),
      info: encoder.encode(`quantdesk personal data: ${info}`),
    }) as const;
  const [sealing, digesting] = await Promise.all([
    crypto.subtle.deriveKey(by('seal'), material, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']),
    crypto.subtle.deriveKey(by('digest'), material, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, ['sign']),
  ]);
  return { sealing, digesting };
}

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
