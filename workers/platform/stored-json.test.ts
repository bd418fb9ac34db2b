import { describe, expect, it } from 'vitest';
import { fromStoredJson, toStoredJson } from './stored-json.ts';

describe('stored JSON', () => {
  it('gives back every bigint with all its digits, wherever it stands', () => {
    const value = { a: 2n ** 100n, list: [-1n, 0n], text: '12', nested: { none: null, yes: true, n: 5 } };
    expect(fromStoredJson(toStoredJson(value))).toEqual(value);
  });

  it('refuses a string that would come back as a bigint', () => {
    expect(() => toStoredJson({ name: '12n' })).toThrow(TypeError);
  });
});
