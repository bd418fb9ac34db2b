/**
 * Invariant 10: in no window, reckoned from the start of the bucket it begins in, more leaves the vault than its limit beyond what
 * comes in, the floors of single accounts aside. Counted here from what each instruction moved, not from what the program counts.
 */
import type { AccountOf } from '#support/program/client.ts';
import { type Step, holds } from '../step.ts';
import { singleton } from '../world.ts';

const name = '10 outflow';
/** A bucket is a third of the window. */
const bucketsPerWindow = 3;
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
    const counted = amount < 0n ? amount : countedOf(before, outflow);
    this.#flows.push({ at: step.now, amount: counted });
    if (amount < 0n) return;
    if (counted !== amount) return holds(isUnderFloor(step, outflow), name, () => `${step.action.do} left uncounted`);
    const most = this.#most(outflow);
    const allowed = most <= outflow.cap || isUnderFloor(step, outflow);
    holds(allowed, name, () => `${step.action.do}: ${most} left in one window of cap ${outflow.cap}`);
  }

  /** The most that left, less what came in, since the start of any bucket in which a window begins that lasts until now. */
  #most({ bucketStart, windowSeconds }: Outflow): bigint {
    const length = BigInt(Math.ceil(windowSeconds / bucketsPerWindow));
    const starts = Array.from({ length: bucketsPerWindow + 1 }, (_, i) => bucketStart - BigInt(i) * length);
    const oldest = starts.at(-1) ?? 0n;
    this.#flows = this.#flows.filter(({ at }) => at >= oldest);
    const nets = starts.map((from) =>
      this.#flows.reduce((sum, { at, amount }) => (at >= from ? sum + amount : sum), 0n),
    );
    return nets.reduce((most, net) => (net > most ? net : most), 0n);
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

/** How much of what left the program counted against its limit. */
const countedOf = (before: Outflow, after: Outflow): bigint =>
  before.bucketStart === after.bucketStart ? after.used - before.used : after.used;

/** Whether a withdrawal left under its account's floor, which needs no room. */
function isUnderFloor(step: Step, { floor }: Outflow): boolean {
  const user = step.after('userAccount', step.world.person(step.action.who ?? 0).userAccount);
  return step.action.do === 'withdrawCollateral' && user !== undefined && user.windowWithdrawn <= floor;
}
