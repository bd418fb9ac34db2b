import type { Landed } from './migration-lock.ts';

/** What a deployment does to the database. */
export interface MigrationPlan {
  /** Names, in their order, to be applied before the worker is uploaded. */
  readonly apply: readonly string[];
  /** Contracts that wait for the next deployment. */
  readonly held: readonly string[];
}

const namesOf = (lock: readonly Landed[], of: string): readonly string[] =>
  lock.filter((entry) => entry.of === of).map(({ name }) => name);

/**
 * Which of the pending migrations are applied now. What expands is; what contracts waits until the version that serves was built with it, because
 * only then no version that may run again, this deployment's predecessor included, needs what it takes away.
 *
 * @param applied names that the database has.
 * @param served `migrations.lock` of the version that serves; null before the first deployment.
 * @throws where something that expands stands behind a contract that has to wait.
 */
export function planMigrations(
  lock: readonly Landed[],
  applied: ReadonlySet<string>,
  served: readonly Landed[] | null,
): MigrationPlan {
  const known = served === null ? null : new Set(namesOf(served, 'database'));
  const pending = lock.filter(({ of, name }) => of === 'database' && !applied.has(name));
  const waits = ({ kind, name }: Landed): boolean => kind === 'contract' && known !== null && !known.has(name);
  const firstHeld = pending.findIndex(waits);
  const held = firstHeld === -1 ? [] : pending.slice(firstHeld);
  const behind = held.find(({ kind }) => kind !== 'contract');
  if (behind !== undefined) {
    throw new Error(
      `${behind.name} expands behind ${held[0]?.name ?? ''}, which has to wait for a deployment. Deploy the commit that brings ${held[0]?.name ?? ''} first.`,
    );
  }
  const apply = firstHeld === -1 ? pending : pending.slice(0, firstHeld);
  return { apply: apply.map(({ name }) => name), held: held.map(({ name }) => name) };
}

/**
 * How a worker gets to Cloudflare. `version`: uploaded, tried and then promoted. `deploy`: at once, because the platform takes a change of the
 * objects' classes (and a worker that does not exist yet) only so: it applies to all versions at the same time (error 10211 otherwise).
 */
export const uploadWay = (lock: readonly Landed[], served: readonly Landed[] | null): 'version' | 'deploy' => {
  if (served === null) return 'deploy';
  const known = new Set(namesOf(served, 'classes'));
  return namesOf(lock, 'classes').every((tag) => known.has(tag)) ? 'version' : 'deploy';
};

/**
 * Why a version may not come back, a sentence each; empty where it may. A database or an object that was expanded is no reason: older code goes on
 * over it.
 *
 * @param target `migrations.lock` of the version to go back to.
 * @param served that of the version that serves.
 * @param applied names that the database has; null where it cannot be asked, which is a reason only if a contract could have been applied.
 */
export function rollbackRefusals(
  target: readonly Landed[],
  served: readonly Landed[],
  applied: ReadonlySet<string> | null,
): readonly string[] {
  const [classes, database] = [new Set(namesOf(target, 'classes')), new Set(namesOf(target, 'database'))];
  const newClasses = namesOf(served, 'classes').filter((tag) => !classes.has(tag));
  const contracts = served.filter(
    ({ of, kind, name }) =>
      of === 'database' && kind === 'contract' && !database.has(name) && applied?.has(name) !== false,
  );
  return [
    ...newClasses.map(
      (tag) =>
        `The objects' classes changed since (${tag}), and Cloudflare refuses to go back behind that. Go forward with a fix.`,
    ),
    ...contracts.map(
      ({ name }) =>
        `${name} took from the database what that version uses${applied === null ? ', if it was applied' : ''}. Go forward with a fix.`,
    ),
  ];
}

/** A version that was fully deployed. */
export interface DeployedVersion {
  readonly id: string;
  /** The commit it was built from. */
  readonly commit: string;
  /** When it was uploaded, ISO 8601. */
  readonly createdOn: string;
}

/**
 * The version that `npm run rollback` goes back to: of those that were fully deployed the newest of another commit that was uploaded before the one
 * that serves. By upload, not by deployment: going back twice goes back twice, never forward to what was just left. Of another commit: one that
 * differs by a secret alone would bring the old secret and the same code.
 */
export function versionBefore(
  served: DeployedVersion,
  deployed: readonly DeployedVersion[],
): DeployedVersion | undefined {
  return deployed
    .filter(({ commit, createdOn }) => commit !== served.commit && createdOn < served.createdOn)
    .toSorted((one, other) => other.createdOn.localeCompare(one.createdOn))[0];
}
