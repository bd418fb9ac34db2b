/** Invariant 1: the vault holds exactly what the accounts say is owned, and what was given to it from outside. */
import type { AccountName, AccountOf } from '#support/program/client.ts';
import type { Change } from '../accounts.ts';
import { type Step, holds } from '../step.ts';
import { type World, singleton } from '../world.ts';

const name = '1 conservation';

/** USDC in the vault that an account of each kind stands for, 1e-6 USDC. */
const owned: { [Name in AccountName]?: (content: AccountOf<Name>) => bigint } = {
  pool: ({ free, requestedDeposits }) => free + requestedDeposits,
  insurance: ({ balance }) => balance,
  treasury: ({ balance }) => balance,
  market: ({ backing, insuranceAccrued, treasuryAccrued }) => backing + insuranceAccrued + treasuryAccrued,
  userAccount: ({ collateral }) => collateral,
  position: ({ state }) => state.margin,
  withdrawal: ({ amount }) => amount,
};

const ownedBy = <Name extends AccountName>(kind: Name, content: AccountOf<Name> | undefined): bigint =>
  content === undefined ? 0n : (owned[kind]?.(content) ?? 0n);

export class Conservation {
  #owned = 0n;

  check(step: Step): void {
    for (const change of step.changes.program) this.#owned += differenceOf(change);
    const { world } = step;
    const vault = world.accounts.tokens(singleton('vault'));
    holds(
      vault === this.#owned + world.gifts,
      name,
      () => `owned ${this.#owned}, gifts ${world.gifts}, vault ${vault}`,
    );
    holds(step.changes.others.length === 0, name, () => `changed ${step.changes.others.join(', ')}`);
    const sum = step.changes.tokens.reduce((total, { before, after }) => total + after - before, 0n);
    holds(sum === 0n, name, () => `${sum} units of USDC came out of nothing`);
  }

  /** Adds everything up anew. */
  recount(world: World): void {
    let total = 0n;
    for (const kind of Object.keys(owned) as AccountName[]) {
      for (const { content } of world.accounts.all(kind)) total += ownedBy(kind, content);
    }
    holds(total === this.#owned, name, () => `running sum ${this.#owned}, recounted ${total}`);
  }
}

const differenceOf = <Name extends AccountName>({ name: kind, before, after }: Change & { name: Name }): bigint =>
  ownedBy(kind, after as AccountOf<Name> | undefined) - ownedBy(kind, before as AccountOf<Name> | undefined);
