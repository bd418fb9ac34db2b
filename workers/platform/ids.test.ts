import { describe, expect, it } from 'vitest';
import { idBytes, idOfBytes, newId, positionIdOf, userIdOf } from './ids.ts';

describe('ids', () => {
  it('the same wallet is always the same user, another wallet another one', () => {
    expect(userIdOf('9xQeWvG816bUx9EPjHmaT23yvVM2ZWbrrpZb9PusVFin')).toBe('2df7779e-1040-5bd4-8a72-387cffd9789d');
    expect(userIdOf('a')).not.toBe(userIdOf('b'));
  });

  it('a position opened again at the same address is another position', () => {
    expect(positionIdOf('address', 1n)).not.toBe(positionIdOf('address', 2n));
    expect(positionIdOf('address', 1n)).toBe(positionIdOf('address', 1n));
  });

  it('an id survives its trip through 16 bytes', () => {
    const id = newId();
    expect(idBytes(id)).toHaveLength(16);
    expect(idOfBytes(idBytes(id))).toBe(id);
  });
});
