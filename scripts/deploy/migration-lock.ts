import { kindOf, type MigrationKind, takenAway } from './migration-kinds.ts';
import { hashOf, type Migration } from './migration-list.ts';

/** A migration that has landed: it never changes. `baseline`: it landed before anything was deployed, so nothing older can meet it. */
export interface Landed {
  readonly of: string;
  readonly name: string;
  readonly kind: MigrationKind | 'baseline';
  readonly hash: string;
}

const linePattern = /^(baseline|expand|contract) (\w+)\/(\w+) ([0-9a-f]{64})$/;

/** Reads `migrations.lock`. @throws for a line that is none. */
export function parseLock(text: string): readonly Landed[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [, kind, of, name, hash] = linePattern.exec(line) ?? [];
      if (kind === undefined || of === undefined || name === undefined || hash === undefined)
        throw new Error(`migrations.lock has a line that is none: ${line}`);
      return { kind: kind as Landed['kind'], of, name, hash };
    });
}

export const lockLine = ({ kind, of, name, hash }: Landed): string => `${kind} ${of}/${name} ${hash}\n`;

const placeOf = ({ of, name }: Pick<Migration, 'of' | 'name'>): string => `${of}/${name}`;

/** The kind of a migration that was not landed yet. A class that is deleted, renamed or moved takes its storage from older code. */
function newKind({ of, text }: Migration): MigrationKind {
  if (of === 'classes') return /"(deleted|renamed|transferred)_classes"/.test(text) ? 'contract' : 'expand';
  return kindOf(text);
}

/** Lines for what is present and has not landed. */
export const newLines = (present: readonly Migration[], landed: readonly Landed[]): string => {
  const known = new Set(landed.map(placeOf));
  return present
    .filter((migration) => !known.has(placeOf(migration)))
    .map((migration) => lockLine({ ...migration, kind: newKind(migration), hash: hashOf(migration) }))
    .join('');
};

/**
 * What is wrong between the migrations that are there and those that landed, a sentence each.
 * @param earlier texts that `migrations.lock` had in commits before, the newest first.
 */
export function lockProblems(
  present: readonly Migration[],
  lock: string,
  earlier: readonly string[],
): readonly string[] {
  const landed = parseLock(lock);
  const byPlace = new Map(present.map((migration) => [placeOf(migration), migration]));
  const altered = landed.flatMap((entry) => {
    const migration = byPlace.get(placeOf(entry));
    if (migration === undefined) return [`${placeOf(entry)} has landed and is gone: put it back`];
    return hashOf(migration) === entry.hash
      ? []
      : [`${placeOf(entry)} has landed and was changed: put it back and append another migration`];
  });
  const sequences = [...new Set(present.map(({ of }) => of))].flatMap((of) => {
    const names = (list: readonly { of: string; name: string }[]) => list.filter((item) => item.of === of).map(placeOf);
    const [there, known] = [names(present), names(landed)];
    const misplaced = there.find((place, index) => known[index] !== undefined && known[index] !== place);
    const missing = there.slice(known.length);
    return [
      ...(misplaced === undefined ? [] : [`${misplaced} stands before one that has landed: append it`]),
      ...missing.map((place) => `${place} is not in migrations.lock: npm run migrations:lock`),
    ];
  });
  return [...altered, ...sequences, ...kindProblems(landed, byPlace), ...historyProblems(lock, earlier)];
}

function kindProblems(landed: readonly Landed[], byPlace: ReadonlyMap<string, Migration>): readonly string[] {
  return landed.flatMap((entry) => {
    const migration = byPlace.get(placeOf(entry));
    if (migration === undefined || entry.kind === 'baseline') return [];
    const isObject = entry.of !== 'database' && entry.of !== 'classes';
    if (isObject && newKind(migration) === 'contract') {
      const what = takenAway(migration.text).join(', ');
      return [
        `${placeOf(entry)} ${what}: an object migrates when it wakes, and a rollback would find it so. Only add; leave what is not used`,
      ];
    }
    return entry.kind === 'expand' && newKind(migration) === 'contract'
      ? [`${placeOf(entry)} is no expand: it ${takenAway(migration.text).join(', ') || 'takes a class away'}`]
      : [];
  });
}

/** What was ever committed stays, in its place; the first one committed says what landed before anything was deployed. */
function historyProblems(lock: string, earlier: readonly string[]): readonly string[] {
  const changed = earlier.find((text) => !lock.startsWith(text));
  const baselineOf = (text: string): number => parseLock(text).filter(({ kind }) => kind === 'baseline').length;
  const first = earlier.at(-1);
  return [
    ...(changed === undefined ? [] : ['migrations.lock was changed above its end: it is append-only']),
    ...(first === undefined || baselineOf(first) === baselineOf(lock)
      ? []
      : ['migrations.lock names a later migration as baseline: it is expand or contract']),
  ];
}
