import { en } from './en-tables.ts';

/** Texts of the trader's tables and their windows, which come with them: a visitor waits for none of it. */
export type TableTexts = typeof en;

export const tableTexts: TableTexts = en;
