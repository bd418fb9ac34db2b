import { tryParseDecimal, unsignedUnit } from '#shared/money/decimal.ts';

/** Longest figure a field takes. */
const inputLengthMax = 24;

/**
 * What a field keeps of what was typed or pasted: digits and one point, no more decimals than the unit has. A comma counts as a point
 * when it is the only separator, and as grouping otherwise.
 *
 * @returns undefined when nothing of it is a figure, so that the field keeps what it had.
 */
export function cleanDecimalInput(typed: string, decimals: number): string | undefined {
  const trimmed = typed.trim();
  if (trimmed === '') return '';
  const separators = trimmed.match(/[.,]/g) ?? [];
  const plain = separators.length === 1 ? trimmed.replace(',', '.') : trimmed.replaceAll(',', '');
  const match = /^(\d*)(?:(\.)(\d*))?$/.exec(plain.replaceAll(/[\s_]/g, ''));
  if (match === null || plain.length > inputLengthMax) return undefined;
  const [, whole = '', point = '', fraction = ''] = match;
  const head = whole.replace(/^0+(?=\d)/, '');
  return `${head === '' && point !== '' ? '0' : head}${decimals === 0 ? '' : point}${fraction.slice(0, decimals)}`;
}

/** The figure in a field as an integer of the unit; null while it is empty or unfinished. */
export function readDecimalInput(text: string, decimals: number): bigint | null {
  if (text === '') return null;
  return tryParseDecimal(text.endsWith('.') ? text.slice(0, -1) : text, unsignedUnit(decimals));
}
