import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ed25519 } from '@noble/curves/ed25519.js';
import { Keypair } from '@solana/web3.js';
import bs58 from 'bs58';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'quantdesk-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const { secretKey } = Keypair.generate();
const inBase58 = bs58.encode(secretKey);
const written: Readonly<Record<string, string>> = {
  'solana-keygen.json': JSON.stringify([...secretKey]),
  'indented.json': JSON.stringify({ keeper: [...secretKey] }, null, 2),
  'settings.txt': `KEEPER_SECRET_KEY=${inBase58}`,
  'listed.txt': `FEE_PAYER_SECRET_KEYS="${bs58.encode(Keypair.generate().secretKey)},${inBase58}"`,
  'hex.ts': `const key = '${Buffer.from(secretKey).toString('hex')}';`,
};

/** Runs the check of secrets over files with these texts. */
function scan(files: Readonly<Record<string, string>>): { readonly code: number | null; readonly said: string } {
  const paths = Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/check-secrets.mjs', ...paths], {
    encoding: 'utf8',
  });
  return { code: status, said: stdout + stderr };
}

describe('the scan for secrets', () => {
  it('refuses the secret key of a Solana wallet in every form that tools write, and does not repeat it', () => {
    const { code, said } = scan(written);
    expect(code).not.toBe(0);
    for (const name of Object.keys(written)) expect(said).toContain(name);
    expect(said).not.toContain(inBase58);
  });

  it('takes what has its length and is none: signatures, addresses, other lists of 64 numbers', () => {
    const signature = ed25519.sign(Uint8Array.of(1), secretKey.subarray(0, 32));
    const other = Object.fromEntries(
      [JSON.stringify([...signature]), bs58.encode(signature), Keypair.generate().publicKey.toBase58()].map(
        (text, index) => [`other-${index}.txt`, text],
      ),
    );
    expect(scan({ ...other, 'large.json': JSON.stringify(Array.from({ length: 64 }, () => 999)) })).toMatchObject({
      code: 0,
    });
  });

  it('still knows what secretlint knows', () => {
    const token = `ghp_${'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'}`;
    expect(scan({ 'token.txt': `token: ${token}` }).code).not.toBe(0);
  });
});
