import { PublicKey } from '@solana/web3.js';
import { readWithdrawal } from '../chain/pool-accounts.ts';
import type { Chain } from '../chain/chain.ts';
import type { IndexerRpc } from '../indexer/contract.ts';
import { systemClock } from '../platform/clock.ts';
import { sendAsAnyone } from './send-anyone.ts';

/** Withdrawals served in one sweep; no new one is begun after this time. */
const perSweepMax = 20;
const workMsMax = 8_000;
const computeUnitsMax = 100_000;

/** How many were served, and why it ended before the queue did; null where it did not. */
export interface ServedWithdrawals {
  readonly served: number;
  readonly stopped: string | null;
}

/**
 * Serves the queue of withdrawals from its head, one after the other, until the limit of what may leave has no more room. A wallet whose
 * token account cannot take the money gets its collateral back: the program sees to it that nobody holds up the others. @throws ChainUnavailable
 */
export async function serveWithdrawals(
  chain: Chain,
  indexer: Pick<IndexerRpc, 'queuedWithdrawals'>,
): Promise<ServedWithdrawals> {
  const untilMs = systemClock.nowMs() + workMsMax;
  let served = 0;
  for (const { owner } of await indexer.queuedWithdrawals(perSweepMax)) {
    if (systemClock.nowMs() >= untilMs) return { served, stopped: 'no time left' };
    const holder = new PublicKey(owner);
    const entry = await readWithdrawal(chain, holder);
    // Served meanwhile: its event is on its way.
    if (entry === null) continue;
    const execute = chain.instructions.executeWithdrawal(holder, entry.rentPayer);
    const outcome = await sendAsAnyone(chain, holder, [execute], computeUnitsMax);
    if (outcome.kind !== 'landed') return { served, stopped: outcome.why };
    served += 1;
  }
  return { served, stopped: null };
}
