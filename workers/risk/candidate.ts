import type { Chain } from '../chain/chain.ts';
import type { OraclePoster } from '../chain/oracle.ts';
import { sleep, systemClock } from '../platform/clock.ts';
import { failpoint } from '../platform/failpoint.ts';
import type { Logger } from '../platform/logger.ts';
import { backoffMs } from '../platform/retry.ts';
import { closeCapped, type KeeperOutcome, KeeperUndecided, liquidate } from './liquidate.ts';
import type { RiskMessage } from './message.ts';
import { checkCandidate, type FoundCandidate } from './risk-check.ts';

/** What became of a candidate. */
export type CandidateOutcome =
  | { readonly kind: 'done'; readonly what: 'closed' | 'liquidated'; readonly outcome: KeeperOutcome }
  | { readonly kind: 'warning'; readonly check: FoundCandidate }
  /** `isUnknown`: the position is not what the index said, flat or of another command. */
  | { readonly kind: 'over'; readonly why: string; readonly isHealthy: boolean; readonly isUnknown: boolean };

/** Tries inside one delivery, each with a price, a position and a blockhash of its own; after the last one the queue's pauses begin. */
const triesMax = 3;
const tryPolicy = { retryDelayMsMin: 200, retryDelayMsMax: 1_000 };

/**
 * Checks a candidate against the chain and does what is to be done: closes it at its cap or liquidates it, in part first. What was not decided
 * is looked at again at once with a fresh price and blockhash: a transaction that landed unseen shows in the position.
 * `mayLiquidate` false leaves unhealthy positions open: an operator's switch. @throws ChainUnavailable, PriceMissing, KeeperUndecided
 */
export async function attendCandidate(
  chain: Chain,
  oracle: OraclePoster,
  message: RiskMessage,
  mayLiquidate: boolean,
  logger: Logger,
): Promise<CandidateOutcome> {
  let { publishTime, price } = message;
  for (let attempt = 1; ; attempt++) {
    const check = await checkCandidate(chain, oracle, { ...message, publishTime, price }, systemClock.nowMs);
    await failpoint('risk.checked', message.owner);
    switch (check.kind) {
      case 'over':
        return { kind: 'over', why: check.why, isHealthy: check.price !== null, isUnknown: check.isUnknown };
      case 'warning':
        return { kind: 'warning', check };
      case 'liquidatable':
        if (!mayLiquidate) {
          return { kind: 'over', why: 'liquidations are switched off', isHealthy: false, isUnknown: false };
        }
        break;
      case 'capped':
        break;
    }
    try {
      const { owner } = message;
      return check.kind === 'capped'
        ? { kind: 'done', what: 'closed', outcome: await closeCapped(chain, owner, check.symbol) }
        : { kind: 'done', what: 'liquidated', outcome: await liquidate(chain, owner, check.symbol) };
    } catch (error) {
      if (attempt >= triesMax || !(error instanceof KeeperUndecided)) throw error;
      logger.warn('not decided yet', { owner: message.owner, attempt, error: error.message });
    }
    await sleep(backoffMs(attempt, tryPolicy));
    // A later price than the one that was refused or lost; a price as it stands then, not that of the candidate.
    publishTime = Number(check.price.publishTime) + 1;
    price = String(check.price.price);
  }
}
