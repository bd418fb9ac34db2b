/** Invariant 7, the content: the accounts an instruction changed are what the events alone say they are. */
import type { Change } from '../accounts.ts';
import { Projector } from '../projector.ts';
import { type Step, holds } from '../step.ts';
import { singleton } from '../world.ts';

const name = '7 projection';

const text = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? String(item) : item));

type Members = { readonly [field: string]: unknown };

/** Members of an account that the events give, and what they say. */
function pairOf(projector: Projector, change: Change): { stored: Members; projected: Members | undefined } | undefined {
  const { after, key } = change;
  if (after === undefined) return undefined;
  switch (change.name) {
    case 'position': {
      const { state, seq, openedSeq, payoutOwed, realizedPnl, feesPaid, closeRequestedAt } = change.after ?? fail();
      return {
        stored: { state, seq, openedSeq, payoutOwed, realizedPnl, feesPaid, closeRequestedAt },
        projected: projector.positions.get(key) as Members | undefined,
      };
    }
    case 'userAccount': {
      const { collateral, delegate, owner } = change.after ?? fail();
      return { stored: { collateral, ...delegation(delegate) }, projected: userOf(projector, owner) };
    }
    case 'lpAccount': {
      const { shares, requestKind, requestAmount, executableFrom, owner } = change.after ?? fail();
      return {
        stored: { shares, requestKind, requestAmount, executableFrom },
        projected: projector.lps.get(owner) as Members | undefined,
      };
    }
    case 'withdrawal': {
      const { ticket, amount, owner } = change.after ?? fail();
      return { stored: { ticket, amount }, projected: { ...projector.withdrawals.get(owner) } };
    }
    case 'market':
      return {
        stored: marketMembers(change.after ?? fail()),
        projected: projector.markets.get(key) as Members | undefined,
      };
    case 'pool': {
      const { free, supply, lockedShares, requestedDeposits, backing, weightBps } = change.after ?? fail();
      return {
        stored: { free, supply, lockedShares, requestedDeposits, backing, weightBps },
        projected: { ...projector.pool, weightBps: projector.governance.weights },
      };
    }
    case 'exchange':
      return { stored: exchangeMembers(change.after ?? fail()), projected: { ...projector.governance.exchange } };
    case 'outflow': {
      const { cap, windowSeconds, floor, nextTicket, headTicket, queued } = change.after ?? fail();
      const projected = { ...projector.governance.outflow, ...projector.queue };
      return { stored: { cap, windowSeconds, floor, nextTicket, headTicket, queued }, projected };
    }
    case 'insurance': {
      const { balance, topupCapPerHour } = change.after ?? fail();
      const projected = { balance: projector.insurance, topupCapPerHour: projector.governance.topupCap };
      return { stored: { balance, topupCapPerHour }, projected };
    }
    case 'treasury':
      return { stored: { balance: change.after?.balance }, projected: { balance: projector.treasury } };
    default:
      return undefined;
  }
}

function fail(): never {
  throw new Error('an account that is gone');
}

/** What the owner allowed; how much of it is used up, the trades say. */
const delegation = (delegate: unknown): Members => {
  const { enabled, expiresAt, turnoverCap, maxSlippageBps } = delegate as Members;
  return { enabled, expiresAt, turnoverCap, maxSlippageBps };
};

function userOf(projector: Projector, owner: string): Members | undefined {
  const user = projector.users.get(owner);
  return user === undefined ? undefined : { collateral: user.collateral, ...delegation(user.delegate) };
}

function marketMembers(market: NonNullable<Extract<Change, { name: 'market' }>['after']>): Members {
  const { long, short, backing, fundingIndex, borrowIndex, insuranceAccrued, treasuryAccrued, insuranceDebt } = market;
  const { payoutsOwed, status, price, config, oracle } = market;
  return {
    longOi: long.size,
    shortOi: short.size,
    reserved: long.reserve + short.reserve,
    ...{ backing, fundingIndex, borrowIndex, insuranceAccrued, treasuryAccrued, insuranceDebt, payoutsOwed },
    ...{ status, price, config, oracle },
  };
}

function exchangeMembers(exchange: NonNullable<Extract<Change, { name: 'exchange' }>['after']>): Members {
  const { marketCount, admin, pendingAdmin, pendingAdminFrom, riskManager, treasuryAuthority, keepers } = exchange;
  const { pausedOperations, timeLockSeconds, poolDelaySeconds, lpFeeBps, proposalCount } = exchange;
  return {
    ...{ marketCount, admin, pendingAdmin, pendingAdminFrom, riskManager, treasuryAuthority, keepers },
    ...{ pausedOperations, timeLockSeconds, poolDelaySeconds, lpFeeBps, proposalCount },
  };
}

export class Projection {
  readonly #projector = new Projector();

  check(step: Step): void {
    if (!step.accepted) return;
    for (const event of step.outcome.events) this.#projector.apply(event);
    for (const change of step.changes.program) {
      const gone = change.name === 'withdrawal' && change.after === undefined ? change.before?.owner : undefined;
      const known = gone !== undefined && this.#projector.withdrawals.has(gone);
      holds(!known, name, () => 'a withdrawal is gone that events say waits');
      const pair = pairOf(this.#projector, change);
      if (pair === undefined) continue;
      const { stored, projected } = pair;
      for (const [field, value] of Object.entries(stored)) {
        const [is, told] = [text(value), text(projected?.[field])];
        holds(is === told, name, () => `${step.action.do}: ${change.name}.${field} is ${is}, events say ${told}`);
      }
    }
    const supply = step.after('pool', singleton('pool'))?.supply ?? 0n;
    holds(supply === this.#projector.pool.supply, name, () => 'the supply of shares is not what events say');
  }
}
