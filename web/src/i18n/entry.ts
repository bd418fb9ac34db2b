import { en } from './en-entry.ts';

/** Texts of the ways in and of the windows that move money. Another language is another object of this type. */
export type EntryTexts = typeof en;

export const entryTexts: EntryTexts = en;
