import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { knownValues, readEnvironment, strangeNames, uploadedSecrets } from './environment.ts';

const folder = mkdtempSync(join(tmpdir(), 'quantdesk-secrets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, '.secrets.staging');
writeFileSync(
  file,
  'DATABASE_URL=postgres://w@h/d\nDATABASE_OWNER_URL=postgres://o@h/d\nMETRIC_TOKEN=slip\nADMIN_WALLETS=\n',
);

describe("an environment's secrets file", () => {
  it("takes to Cloudflare what the worker declares, and never the address of the database's owner", () => {
    expect(uploadedSecrets(file)).toEqual({ DATABASE_URL: 'postgres://w@h/d' });
    expect(knownValues(readEnvironment('staging'), {}, file)['DATABASE_OWNER_URL']).toBe('postgres://o@h/d');
  });

  it('tells of a name that nobody reads', () => {
    expect(strangeNames(file)).toEqual(['METRIC_TOKEN']);
    expect(strangeNames(join(folder, 'none'))).toEqual([]);
  });
});
