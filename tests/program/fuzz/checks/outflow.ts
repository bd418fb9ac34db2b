/**
 * Invariant 10: in no window, wherever it begins, more leaves the vault than its limit beyond what comes in, the floors of single
 * accounts aside. Counted here from what each instruction moved, not from the program's buckets.
 */
import type { AccountOf } from '#support/program/client.ts';
import { type Step, holds } from '../step.ts';
import { singleton } from '../world.ts';

const name = '10 outflow';
type Outflow = AccountOf<'outflow'>;

interface Flow {
  readonly at: bigint;
  /** What left; what came in is negative. */
  readonly amount: bigint;
}

const usedOf = ({ used, usedEarlier }: Outflow): bigint => usedEarlier.reduce((sum, bucket) => sum + bucket, used);

export class OutflowLimit {
  #flows: Flow[] = [];

  check(step: Step): void {
    if (!step.accepted) return;
    const outflow = step.after('outflow', singleton('outflow'));
    if (outflow === undefined) return;
    const before = step.before('outflow', singleton('outflow')) ?? outflow;
    if (step.event('changeExecuted')?.outflowSeq) {
      // Another limit starts with everything the program still counted.
      this.#flows = [{ at: step.now, amount: usedOf(outflow) }];
      return;
    }
    if (outflow.cap === 0n) return;
    const amount = amountOf(step);
    if (amount === 0n) return;
    if (amount > 0n && !isCounted(before, outflow, amount)) return checkFloor(step, outflow);
    this.#flows = this.#flows.filter(({ at }) => step.now - at < BigInt(outflow.windowSeconds));
    this.#flows.push({ at: step.now, amount });
    if (amount < 0n) return;
    const most = this.#most();
    holds(most <= outflow.cap, name, () => `${step.action.do}: ${most} left in one window of cap ${outflow.cap}`);
  }

  /** The most that left, less what came in, since any moment of the window until now. */
  #most(): bigint {
    let [sum, most] = [0n, 0n];
    for (const { amount } of this.#flows.toReversed()) {
      sum += amount;
      if (sum > most) most = sum;
    }
    return most;
  }
}

/** What an instruction moved out of the vault as far as it counts; in is negative. A lapsed deposit never counted as inflow. */
function amountOf(step: Step): bigint {
  const deposited = step.event('collateralDeposited')?.amount;
  if (deposited !== undefined) return -deposited;
  const executed = step.event('poolRequestExecuted');
  if (executed !== undefined) return 'mint' in executed.kind ? -executed.amount : executed.amount;
  const left = step.event('collateralWithdrawn') ?? step.event('withdrawalPaid') ?? step.event('treasuryWithdrawn');
  return left?.amount ?? 0n;
}

/** Whether the program counted an amount that left against its limit. */
function isCounted(before: Outflow, after: Outflow, amount: bigint): boolean {
  const hadRolled = before.bucketStart !== after.bucketStart;
  return after.used === before.used + amount || (hadRolled && after.used === amount);
}

/** What is not counted left under its account's floor. */
function checkFloor(step: Step, outflow: Outflow): void {
  const user = step.after('userAccount', step.world.person(step.action.who ?? 0).userAccount);
  const own = user?.windowWithdrawn ?? 0n;
  const allowed = step.action.do === 'withdrawCollateral' && own <= outflow.floor;
  holds(allowed, name, () => `${step.action.do} left uncounted: ${own} of the account's floor ${outflow.floor}`);
}
