import { PublicKey } from '@solana/web3.js';
import type { MarketSymbol } from '#shared/markets.ts';
import { type Chain, tradeComputeUnitsMax } from '../chain/chain.ts';
import type { ProgramErrorName } from '../chain/program-errors.ts';

/** What came of a liquidation. `over`: the program refused because there is nothing to liquidate any more. */
export type LiquidationOutcome =
  | { readonly kind: 'landed'; readonly signature: string; readonly units: number }
  | { readonly kind: 'over'; readonly why: string };

/** It was neither confirmed nor refused for good: to be tried again. A second one cannot do harm: the program finds a healthy or flat position. */
export class LiquidationUndecided extends Error {
  override readonly name = 'LiquidationUndecided';
}

/** The limit is what the simulation used and this share on top, in percent. */
const unitsMarginPercent = 30;
const confirmTimeoutMs = 10_000;
/** Refusals that say the candidate is none any more. */
const overReasons: ReadonlySet<ProgramErrorName> = new Set(['NotLiquidatable', 'PositionFlat', 'StaleCommand']);

/** Simulates, sends and confirms a liquidation. @throws ChainUnavailable, LiquidationUndecided */
export async function liquidate(chain: Chain, owner: string, symbol: MarketSymbol): Promise<LiquidationOutcome> {
  const trader = new PublicKey(owner);
  const instruction = chain.instructions.liquidatePosition(trader, symbol, chain.keeper, null);
  const simulated = await chain.simulate(trader, [instruction], tradeComputeUnitsMax);
  if (simulated.failure !== null) return refused(simulated.failure.programError, simulated.failure.refusal.message);
  const units = Math.min(tradeComputeUnitsMax, Math.ceil((simulated.units * (100 + unitsMarginPercent)) / 100));
  const signed = await chain.sign(trader, [instruction], units);
  await chain.rpc.sendTransaction(signed.wire);
  const confirmation = await chain.confirm(signed, confirmTimeoutMs);
  switch (confirmation.kind) {
    case 'landed':
      return { kind: 'landed', signature: signed.signature, units: simulated.units };
    case 'failed':
      return refused(confirmation.failure.programError, confirmation.failure.refusal.message);
    case 'expired':
    case 'unknown':
      throw new LiquidationUndecided(`liquidation ${signed.signature} is ${confirmation.kind}`);
  }
}

function refused(name: ProgramErrorName | null, why: string): LiquidationOutcome {
  if (name !== null && overReasons.has(name)) return { kind: 'over', why: name };
  throw new LiquidationUndecided(`liquidation refused: ${why}`);
}
