import { tryParseDecimal } from '#shared/money/decimal.ts';

import { moveBpsMax } from './what-if.ts';

const percentDecimals = 2;

/** A move typed in percent, as basis points: `-4.5`, `−4.5%`, `+10`. Null where it is none or beyond the slider. */
export function readMove(text: string): number | null {
  const plain = text.trim().replace('−', '-').replace(',', '.').replace(/\s*%$/, '').replace(/^\+/, '');
  const bound = BigInt(moveBpsMax);
  const value = tryParseDecimal(plain, { decimals: percentDecimals, min: -bound, max: bound });
  return value === null ? null : Number(value);
}
