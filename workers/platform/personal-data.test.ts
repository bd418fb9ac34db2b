import { describe, expect, it } from 'vitest';
import { PersonalData } from './personal-data.ts';

const old = { kid: 'k1', secret: 'a'.repeat(40) };
const fresh = { kid: 'k2', secret: 'b'.repeat(40) };
const place = { userId: '6f9619ff-8b86-d011-b42d-00c04fc964ff', column: 'users.email' };
const address = 'trader@example.com';

/** The sealed text with one byte of its ciphertext changed. */
function changed(sealed: string): string {
  const [kid, nonce, data = ''] = sealed.split('.');
  return `${kid}.${nonce}.${data.startsWith('A') ? 'B' : 'A'}${data.slice(1)}`;
}

describe('personal data', () => {
  it('open as they were sealed, name their key, and never look the same twice', async () => {
    const personalData = new PersonalData([old]);
    const [one, two] = [await personalData.seal(place, address), await personalData.seal(place, address)];
    expect(one).toMatch(/^k1\.[A-Za-z0-9+/=]+\.[A-Za-z0-9+/=]+$/);
    expect(one).not.toBe(two);
    for (const sealed of [one, two]) expect(await personalData.open(place, sealed)).toBe(address);
  });

  it.each([
    ['another user', { ...place, userId: '00000000-0000-4000-8000-000000000000' }],
    ['another column', { ...place, column: 'users.name' }],
  ])('do not open in the place of %s', async (_what, elsewhere) => {
    const personalData = new PersonalData([old]);
    expect(await personalData.open(elsewhere, await personalData.seal(place, address))).toBeNull();
  });

  it('do not open where a byte was changed, or their key is gone', async () => {
    const personalData = new PersonalData([old]);
    const sealed = await personalData.seal(place, address);
    for (const broken of [changed(sealed), `k9${sealed.slice(2)}`, 'k1', ''])
      expect(await personalData.open(place, broken)).toBeNull();
    expect(await new PersonalData([fresh]).open(place, sealed)).toBeNull();
  });

  it('are sealed by the first key and opened by all, so that keys can change', async () => {
    const before = await new PersonalData([old]).seal(place, address);
    const rotated = new PersonalData([fresh, old]);
    expect([rotated.kid, rotated.olderKids]).toEqual(['k2', ['k1']]);
    expect(await rotated.open(place, before)).toBe(address);
    expect(await rotated.seal(place, address)).toMatch(/^k2\./);
  });

  it('have one digest per text, column and key', async () => {
    const [one, other] = [new PersonalData([old]), new PersonalData([fresh])];
    const digests = [
      await one.digest('users.email', address),
      await one.digest('users.email', `${address}x`),
      await one.digest('users.name', address),
      await other.digest('users.email', address),
    ];
    expect(await one.digest('users.email', address)).toBe(digests[0]);
    expect(new Set(digests).size).toBe(digests.length);
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  });
});
