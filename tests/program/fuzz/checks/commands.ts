/** Invariants 8 and 9: commands count by one and settlement does not, and no instruction comes near the compute limit. */
import type { InstructionName } from '../instruction-names.ts';
import { type Step, holds } from '../step.ts';

const counting = '8 seq';
const computing = '9 compute';
/** Units an instruction may take. */
export const computeUnitsMax = 120_000;

/** Instructions that change a position without being a command of it. */
const notCommands = new Set<string>(['settlePosition', 'payOwed', 'requestClose', 'createPosition', 'migrateAccount']);

export class Commands {
  /** The most each instruction took. */
  readonly worst = new Map<InstructionName, { readonly units: number; readonly accepted: boolean }>();

  check(step: Step): void {
    for (const change of step.changes.program) {
      if (change.name !== 'position' || change.before === undefined || change.after === undefined) continue;
      const raised = change.after.seq - change.before.seq;
      const expected = notCommands.has(step.action.do) ? 0n : 1n;
      holds(raised === expected, counting, () => `${step.action.do} raised seq by ${raised}, not ${expected}`);
    }
    const { computeUnits: units } = step.outcome;
    const known = this.worst.get(step.action.do);
    if (known === undefined || units > known.units) {
      this.worst.set(step.action.do, { units, accepted: step.accepted });
    }
    holds(units < computeUnitsMax, computing, () => `${step.action.do} took ${units} units`);
  }
}
