import { parse, stringify, v4, v5 } from 'uuid';

/** Namespace of every id derived here (a v4 drawn once; changing it would rename every row). */
const NAMESPACE = '6f0c9b0e-6d0a-4d0f-9a5e-3f2b1c7d8e90';

/** A user's id: the same wallet is the same user in every database, so that a projection can be rebuilt. */
export const userIdOf = (wallet: string): string => v5(`user:${wallet}`, NAMESPACE);

/** A position's id: its account's address and the command number it was opened with, so that reindexing gives the same ids. */
export const positionIdOf = (positionAddress: string, openingSeq: bigint): string =>
  v5(`position:${positionAddress}:${openingSeq}`, NAMESPACE);

/** An id derived from what identifies the thing, for rows that must not appear twice. */
export const derivedId = (kind: string, ...parts: readonly (string | bigint | number)[]): string =>
  v5(`${kind}:${parts.join(':')}`, NAMESPACE);

/** A fresh id: orders, sessions, requests. */
export const newId = (): string => v4();

/** The 16 bytes of an id, as instructions carry them. */
export const idBytes = (id: string): Uint8Array => parse(id);

/** The id of 16 bytes. @throws when they are not 16 bytes. */
export const idOfBytes = (bytes: Uint8Array | readonly number[]): string => stringify(Uint8Array.from(bytes));
