import type { NoticeRecord } from './notice-history.ts';

/** The history of one wallet, newest first, and how far its owner has looked. */
export interface KeptNotices {
  readonly seenId: number;
  readonly records: readonly NoticeRecord[];
}

/** Whose history: the address of a wallet, or nobody's, before one has signed in. */
export interface OwnedNotices extends KeptNotices {
  readonly owner: string;
}

/** Wallets whose history this tab keeps; the one that was told something last stands first. */
export const ownersMax = 4;

const none: KeptNotices = { seenId: 0, records: [] };

/** What was told to a wallet. */
export const noticesOf = (all: readonly OwnedNotices[], owner: string): KeptNotices =>
  all.find((kept) => kept.owner === owner) ?? none;

/** All histories with one of them replaced; beyond the bound the wallet longest out of use goes. */
export const withNotices = (all: readonly OwnedNotices[], next: OwnedNotices): OwnedNotices[] =>
  [next, ...all.filter(({ owner }) => owner !== next.owner)].slice(0, ownersMax);

/** The highest id given so far: the next notice has a higher one, whoever it is told to. */
export const lastIdOf = (all: readonly OwnedNotices[]): number =>
  all.flatMap(({ seenId, records }) => [seenId, ...records.map(({ id }) => id)]).reduce((a, b) => Math.max(a, b), 0);
