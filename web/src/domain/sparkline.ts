import { max, min } from '#shared/money/divide.ts';

/** Hundredths of a pixel: the path is drawn from integers. */
const subpixels = 100n;

const pixel = (hundredths: bigint): string =>
  `${hundredths / subpixels}.${String(hundredths % subpixels).padStart(2, '0')}`;

/** An SVG path through the values from left to right, the highest at the top edge; nothing where there is no line to draw. */
export function sparklinePath(values: readonly bigint[], width: number, height: number): string {
  const [first] = values;
  if (first === undefined || values.length < 2) return '';
  const highest = values.reduce((a, b) => max(a, b), first);
  const lowest = values.reduce((a, b) => min(a, b), first);
  const range = highest - lowest;
  const [wide, tall] = [BigInt(width) * subpixels, BigInt(height) * subpixels];
  return values
    .map((value, index) => {
      const x = (BigInt(index) * wide) / BigInt(values.length - 1);
      const y = range === 0n ? tall / 2n : ((highest - value) * tall) / range;
      return `${index === 0 ? 'M' : 'L'}${pixel(x)} ${pixel(y)}`;
    })
    .join('');
}
