/**
 * JSON text for an object's own storage: bigint survives it, as text of digits with the letter n. Strings of that very form do not occur in
 * what is stored here, and would be refused.
 */
const BIGINT_TEXT = /^-?\d+n$/;

/** @throws TypeError for a string that would come back as a bigint. */
export const toStoredJson = (value: unknown): string =>
  JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === 'bigint') return `${item}n`;
    if (typeof item === 'string' && BIGINT_TEXT.test(item))
      throw new TypeError(`${key || 'value'} looks like a stored bigint`);
    return item;
  });

/** The value of `toStoredJson`'s text. The type is what was stored: both ends are the same object's code. */
export const fromStoredJson = <T>(text: string): T =>
  JSON.parse(text, (_key, item: unknown) =>
    typeof item === 'string' && BIGINT_TEXT.test(item) ? BigInt(item.slice(0, -1)) : item,
  ) as T;
