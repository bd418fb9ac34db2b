import type * as z from 'zod';
import type { MarketControls } from '#shared/market-snapshot.ts';
import type { Refusal } from './error-codes.ts';
import type { MarketOperation, restrictionSchema } from './market.ts';

const switchedOff: Readonly<Record<MarketOperation, string>> = {
  open: 'Opening and increasing are switched off in this market. Positions can be reduced.',
  close: 'Reducing is switched off in this market. A close that you request on chain yourself still works.',
  trigger: 'Resting orders of this market are not triggered now. They stay and can be cancelled.',
  liquidate: "The exchange's own keeper liquidates nothing in this market now. Anyone else may.",
};

/** Why an order that opens or increases is refused now, whatever the chain says; null where it is not. MARKET_004, MARKET_005. */
export function openingRefusal({ off, brake }: MarketControls): Refusal | null {
  if (off.includes('open')) return { code: 'MARKET_005', message: switchedOff.open };
  return brake === null ? null : { code: 'MARKET_004', message: brake.message };
}

/** Why an order that reduces is refused now; null where it is not. MARKET_005. */
export const closingRefusal = ({ off }: MarketControls): Refusal | null =>
  off.includes('close') ? { code: 'MARKET_005', message: switchedOff.close } : null;

/** The controls as they are shown. */
export const restrictionsOf = ({ off, brake }: MarketControls): z.infer<typeof restrictionSchema>[] => [
  ...off.map((operation) => ({ operation, reason: 'switched_off' as const, message: switchedOff[operation] })),
  ...(brake === null ? [] : [{ operation: 'open' as const, reason: brake.kind, message: brake.message }]),
];
