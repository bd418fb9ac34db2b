import { PublicKey, type TransactionInstruction } from '@solana/web3.js';
import { MARKET_SYMBOLS, type MarketSymbol } from '#shared/markets.ts';
import { type Chain, tradeComputeUnitsMax } from '../chain/chain.ts';
import type { MarketRpc } from '../market/contract.ts';
import { systemClock } from '../platform/clock.ts';
import { sendAsAnyone } from './send-anyone.ts';

/** Positions of one market settled, and payouts made, in one sweep; no new one is begun after this time. */
const perSweepMax = 20;
const workMsMax = 8_000;

/** How many were done, of how many that were due. */
export interface UpkeepFigures {
  readonly due: number;
  readonly landed: number;
}

/**
 * Does for every market what anyone may and nobody is in a hurry for: settles positions whose funding and borrow are worth it, and makes
 * payouts that are owed. Refusals (nothing to settle any more, nothing to pay with) leave it for the next sweep. @throws ChainUnavailable
 */
export async function keepUp(
  chain: Chain,
  marketOf: (symbol: MarketSymbol) => Pick<MarketRpc, 'upkeepDue'>,
): Promise<Readonly<Record<string, UpkeepFigures>>> {
  const figures = await Promise.all(
    MARKET_SYMBOLS.map(async (symbol) => {
      const { settle, pay } = await marketOf(symbol).upkeepDue(perSweepMax);
      const { instructions } = chain;
      const work = [
        ...settle.map((owner) => [owner, (trader: PublicKey) => instructions.settlePosition(trader, symbol)] as const),
        ...pay.map((owner) => [owner, (trader: PublicKey) => instructions.payOwed(trader, symbol)] as const),
      ];
      return [symbol, await doAll(chain, work)] as const;
    }),
  );
  return Object.fromEntries(figures);
}

/** One after the other: all write the same market. */
async function doAll(
  chain: Chain,
  work: readonly (readonly [owner: string, build: (trader: PublicKey) => TransactionInstruction])[],
): Promise<UpkeepFigures> {
  const untilMs = systemClock.nowMs() + workMsMax;
  let landed = 0;
  for (const [owner, build] of work) {
    if (systemClock.nowMs() >= untilMs) break;
    const trader = new PublicKey(owner);
    const outcome = await sendAsAnyone(chain, trader, [build(trader)], tradeComputeUnitsMax);
    if (outcome.kind === 'landed') landed += 1;
  }
  return { due: work.length, landed };
}
