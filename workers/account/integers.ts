/** JSON of records with integers beyond doubles: each travels as `{"$": "123"}`. */

const tag = '$';

export const encodeIntegers = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? { [tag]: item.toString() } : item));

/** The value of `encodeIntegers`' text. The caller names the type it stored. */
export const decodeIntegers = <T>(text: string): T =>
  JSON.parse(text, (_key, item: unknown) => {
    if (typeof item !== 'object' || item === null || !(tag in item)) return item;
    return BigInt(item[tag] as string);
  }) as T;
