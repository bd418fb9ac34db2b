import { PublicKey, type TransactionInstruction } from '@solana/web3.js';
import type { MarketSymbol } from '#shared/markets.ts';
import { type Chain, tradeComputeUnitsMax } from '../chain/chain.ts';
import type { ProgramErrorName } from '../chain/program-errors.ts';
import { keeperAccount } from './keeper-account.ts';
import { sendAndConfirm } from './send.ts';

/** What came of a keeper's instruction. */
export type KeeperOutcome =
  | { readonly kind: 'landed'; readonly signature: string; readonly units: number }
  /** The program refused because there is nothing to do any more: somebody else was faster, or it was never so. No error. */
  | { readonly kind: 'over'; readonly why: string }
  /** The pool cannot pay for it now. */
  | { readonly kind: 'unpaid'; readonly why: string };

/** It was neither confirmed nor refused for good: to be tried again. A second one cannot do harm: the program finds nothing left to do. */
export class KeeperUndecided extends Error {
  override readonly name = 'KeeperUndecided';
}

const confirmTimeoutMs = 10_000;
/** The program's name for a payout beyond what the pool has. */
const unpaidReason: ProgramErrorName = 'PoolShort';

/** A liquidation, in part or in full; the reward goes to the keeper's own account. @throws ChainUnavailable, KeeperUndecided */
export async function liquidate(chain: Chain, owner: string, symbol: MarketSymbol): Promise<KeeperOutcome> {
  const trader = new PublicKey(owner);
  const liquidator = await keeperAccount(chain, trader);
  const instruction = chain.instructions.liquidatePosition(trader, symbol, chain.keeper, liquidator);
  return sendAsKeeper(chain, trader, instruction, new Set(['NotLiquidatable', 'PositionFlat', 'StaleCommand']));
}

/** Closes a position that can win nothing more. @throws ChainUnavailable, KeeperUndecided */
export function closeCapped(chain: Chain, owner: string, symbol: MarketSymbol): Promise<KeeperOutcome> {
  const trader = new PublicKey(owner);
  const instruction = chain.instructions.closeCapped(trader, symbol, chain.keeper);
  return sendAsKeeper(chain, trader, instruction, new Set(['NotCapped', 'PositionFlat']));
}

/** Sends an instruction. Refusals among `overReasons` say that the candidate is none any more. @throws ChainUnavailable, KeeperUndecided */
export async function sendAsKeeper(
  chain: Chain,
  trader: PublicKey,
  instruction: TransactionInstruction,
  overReasons: ReadonlySet<ProgramErrorName>,
): Promise<KeeperOutcome> {
  const limits = { computeUnitsMax: tradeComputeUnitsMax, confirmTimeoutMs };
  const sent = await sendAndConfirm(chain, trader, [instruction], limits);
  switch (sent.kind) {
    case 'landed':
      return sent;
    case 'refused': {
      const { programError, refusal } = sent.failure;
      if (programError !== null && overReasons.has(programError)) return { kind: 'over', why: programError };
      if (programError === unpaidReason) return { kind: 'unpaid', why: programError };
      throw new KeeperUndecided(`refused: ${refusal.message}`);
    }
    case 'unconfirmed':
      throw new KeeperUndecided(`${sent.signature} is ${sent.state}`);
  }
}
