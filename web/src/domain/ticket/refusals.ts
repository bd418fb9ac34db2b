import type { PerpErrorName } from '#shared/perps/errors.ts';

import { texts } from '../../i18n/index.ts';

/** What the button says where the program would refuse, and the sentence below it. */
export interface RefusalText {
  readonly title: string;
  readonly text?: string;
}

const t = texts.ticket.refusals;

/**
 * The program's refusals that depend on market and position. What is missing here has an issue of its own: fields, minimum, collateral, state
 * of market and price.
 */
const refusalTexts: Partial<Record<PerpErrorName, RefusalText>> = {
  OracleDivergent: { title: t.divergent, text: t.divergentText },
  SlippageExceeded: { title: t.slippage, text: t.slippageText },
  Capped: { title: t.capped, text: t.cappedText },
  MarginTooLow: { title: t.marginFirst, text: t.marginFirstText },
  OnlyInFull: { title: t.onlyInFull, text: t.onlyInFullText },
  RemainderUnhealthy: { title: t.restUnhealthy, text: t.restUnhealthyText },
  SkewTooWide: { title: t.skew, text: t.skewText },
  OpenInterestExceeded: { title: t.openInterest, text: t.openInterestText },
  NotionalTooLarge: { title: t.openInterest, text: t.openInterestText },
  UtilisationExceeded: { title: t.utilisation, text: t.utilisationText },
  PoolShort: { title: t.poolShort, text: t.poolShortText },
  MathOverflow: { title: t.tooLarge },
};

/** Undefined for a refusal that another issue explains. */
export const refusalText = (refusal: PerpErrorName | null): RefusalText | undefined =>
  refusal === null ? undefined : refusalTexts[refusal];

/** Refusals that concern the market as a whole, which may have changed since its figures were read: the exchange's own preview knows better. */
export const marketWide: ReadonlySet<PerpErrorName> = new Set<PerpErrorName>([
  'SkewTooWide',
  'OpenInterestExceeded',
  'UtilisationExceeded',
  'PoolShort',
]);
