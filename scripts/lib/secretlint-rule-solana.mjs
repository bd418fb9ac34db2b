import { createPrivateKey, createPublicKey } from 'node:crypto';
import bs58 from 'bs58';

/**
 * A rule of secretlint: no file holds the secret key of a Solana wallet, in any of the forms that tools write. What counts is not the look but the
 * mathematics: 64 bytes of which the second half is the public key of the first. A transaction's signature has the same length and never passes.
 */
const seedBytes = 32;
const keyBytes = 64;
/** A private key of Ed25519 as PKCS #8, up to its seed. */
const pkcs8Head = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Forms a key is written in: `solana-keygen` (JSON), wallets and our settings (base58), hex. */
const forms = [
  {
    pattern: /\[\s*(?:\d{1,3}\s*,\s*){63}\d{1,3}\s*,?\s*\]/g,
    read: (text) => text.match(/\d+/g).map(Number),
  },
  { pattern: /(?<![1-9A-HJ-NP-Za-km-z])[1-9A-HJ-NP-Za-km-z]{64,88}(?![1-9A-HJ-NP-Za-km-z])/g, read: bs58.decode },
  { pattern: /(?<![0-9a-f])[0-9a-f]{128}(?![0-9a-f])/gi, read: (text) => Buffer.from(text, 'hex') },
];

/** Whether these are a seed and its public key. */
function isKey(numbers) {
  if (numbers.length !== keyBytes || numbers.some((byte) => byte > 255)) return false;
  const bytes = Buffer.from(numbers);
  const seed = Buffer.concat([pkcs8Head, bytes.subarray(0, seedBytes)]);
  const secret = createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' });
  const { x } = createPublicKey(secret).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').equals(bytes.subarray(seedBytes));
}

const found = () => 'found the secret key of a Solana wallet';
const messages = { SECRET_KEY: { en: found, ja: found } };

/** @type {import('@secretlint/types').SecretLintRuleCreator} */
export const creator = {
  messages,
  meta: { id: 'solana-keys', type: 'scanner', recommended: true, supportedContentTypes: ['text'] },
  create(context) {
    const translate = context.createTranslator(messages);
    return {
      file({ content }) {
        for (const { pattern, read } of forms) {
          for (const { 0: text, index } of content.matchAll(pattern)) {
            if (isKey(read(text)))
              context.report({ message: translate('SECRET_KEY', {}), range: [index, index + text.length] });
          }
        }
      },
    };
  },
};
