import { tryParseDecimal, unsignedUnit } from '#shared/money/decimal.ts';

/** Longest figure a field takes. */
const inputLengthMax = 24;

/** As the screen groups figures: "1,000" is a thousand. */
const groupedOnce = /^[1-9]\d{0,2},\d{3}$/;
/** A comma that may still become one of grouping. */
const groupedPerhaps = /^[1-9]\d{0,2},\d{0,2}$/;

/**
 * What a field keeps of what was typed or pasted: digits and one point, no more decimals than the unit has. A comma groups, as on screen,
 * where three digits follow it; as the only separator before others it is a point. One that may become either stays as it is.
 *
 * @returns undefined when nothing of it is a figure, so that the field keeps what it had.
 */
export function cleanDecimalInput(typed: string, decimals: number): string | undefined {
  const trimmed = typed.trim();
  if (trimmed === '') return '';
  if (decimals > 0 && groupedPerhaps.test(trimmed)) return trimmed;
  const separators = groupedOnce.test(trimmed) ? [] : (trimmed.match(/[.,]/g) ?? []);
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
  const plain = text.replace(',', '.');
  return tryParseDecimal(plain.endsWith('.') ? plain.slice(0, -1) : plain, unsignedUnit(decimals));
}
