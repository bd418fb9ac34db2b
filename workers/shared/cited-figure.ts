/** Numbers that a text gives right before it cites where it has them from, and whether they are what is cited. */

/** A number with its unit, as a text has them. */
export interface CitedValue {
  /** Decimal text without grouping. */
  readonly value: string;
  /** `USD`, `USDC`, `%`, `bps`, `x`, … or empty. */
  readonly unit: string;
}

const numberPattern = /(?:^|[\s(])([+−-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+−-]?\d+(?:\.\d+)?)\s?([A-Za-z%×]{0,8})$/;

/** The number at the end of a text, with its unit; null where there is none. */
export function numberAtEnd(text: string): CitedValue | null {
  const match = numberPattern.exec(text);
  if (match === null) return null;
  const [, value = '', unit = ''] = match;
  return { value: value.replaceAll(',', '').replace('−', '-'), unit };
}

/** What words and other units say of the same figure: thousands and millions; a share of 1 or basis points for percent, and the reverse. */
const scales: Readonly<Record<string, number>> = { k: 1e3, thousand: 1e3, m: 1e6, million: 1e6, bn: 1e9, billion: 1e9 };
const percentInBps = 100;
const percentInShare = 100;
function factorsOf(cited: string, figure: string): readonly number[] {
  if (figure === '%' && cited === 'bps') return [1 / percentInBps];
  if (figure === 'bps' && cited === '%') return [percentInBps];
  return figure === '%' && cited === '' ? [1, percentInShare] : [scales[cited] ?? 1];
}

/** Of what floats make of decimal text. */
const tolerance = 1e-9;

/**
 * Whether a number says the same as the figure it cites, rounded to as many places as it gives. Signs are left to the words around it: "it fell
 * 0.7 %" is −0.7 %. A figure that is no number is not judged.
 */
export function agrees(cited: CitedValue, figure: CitedValue): boolean {
  const known = Math.abs(Number(figure.value));
  if (!Number.isFinite(known)) return true;
  const factors = factorsOf(cited.unit.toLowerCase(), figure.unit);
  const places = cited.value.split('.')[1]?.length ?? 0;
  return factors.some((factor) => {
    const unitOfLastPlace = factor * 10 ** -places;
    return Math.abs(Math.abs(Number(cited.value)) * factor - known) <= unitOfLastPlace / 2 + tolerance * (1 + known);
  });
}
