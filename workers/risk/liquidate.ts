import { PublicKey, type TransactionInstruction } from '@solana/web3.js';
import type { MarketSymbol } from '#shared/markets.ts';
import { type Chain, tradeComputeUnitsMax } from '../chain/chain.ts';
import type { ProgramErrorName } from '../chain/program-errors.ts';

/** What came of a keeper's instruction. `over`: the program refused because there is nothing to do any more. */
export type KeeperOutcome =
  | { readonly kind: 'landed'; readonly signature: string; readonly units: number }
  | { readonly kind: 'over'; readonly why: string };

/** It was neither confirmed nor refused for good: to be tried again. A second one cannot do harm: the program finds nothing left to do. */
export class KeeperUndecided extends Error {
  override readonly name = 'KeeperUndecided';
}

/** The limit is what the simulation used and this share on top, in percent. */
const unitsMarginPercent = 30;
const confirmTimeoutMs = 10_000;

/** A liquidation, in part or in full. @throws ChainUnavailable, KeeperUndecided */
export function liquidate(chain: Chain, owner: string, symbol: MarketSymbol): Promise<KeeperOutcome> {
  const trader = new PublicKey(owner);
  const instruction = chain.instructions.liquidatePosition(trader, symbol, chain.keeper, null);
  return sendAsKeeper(chain, trader, instruction, new Set(['NotLiquidatable', 'PositionFlat', 'StaleCommand']));
}

/** Closes a position that can win nothing more. @throws ChainUnavailable, KeeperUndecided */
export function closeCapped(chain: Chain, owner: string, symbol: MarketSymbol): Promise<KeeperOutcome> {
  const trader = new PublicKey(owner);
  const instruction = chain.instructions.closeCapped(trader, symbol, chain.keeper);
  return sendAsKeeper(chain, trader, instruction, new Set(['NotCapped', 'PositionFlat']));
}

/** Simulates, sends and confirms. Refusals among `overReasons` say that the candidate is none any more. */
export async function sendAsKeeper(
  chain: Chain,
  trader: PublicKey,
  instruction: TransactionInstruction,
  overReasons: ReadonlySet<ProgramErrorName>,
): Promise<KeeperOutcome> {
  const refused = (name: ProgramErrorName | null, why: string): KeeperOutcome => {
    if (name !== null && overReasons.has(name)) return { kind: 'over', why: name };
    throw new KeeperUndecided(`refused: ${why}`);
  };
  const simulated = await chain.simulate(trader, [instruction], tradeComputeUnitsMax);
  if (simulated.failure !== null) return refused(simulated.failure.programError, simulated.failure.refusal.message);
  const units = Math.min(tradeComputeUnitsMax, Math.ceil((simulated.units * (100 + unitsMarginPercent)) / 100));
  const isSigner = instruction.keys.some(({ isSigner: signs, pubkey }) => signs && pubkey.equals(chain.keeper));
  const signed = isSigner
    ? await chain.sign(trader, [instruction], units)
    : await chain.signAsAnyone(trader, [instruction], units);
  await chain.rpc.sendTransaction(signed.wire);
  const confirmation = await chain.confirm(signed, confirmTimeoutMs);
  switch (confirmation.kind) {
    case 'landed':
      return { kind: 'landed', signature: signed.signature, units: simulated.units };
    case 'failed':
      return refused(confirmation.failure.programError, confirmation.failure.refusal.message);
    case 'expired':
    case 'unknown':
      throw new KeeperUndecided(`${signed.signature} is ${confirmation.kind}`);
  }
}
