import { en } from './en-records.ts';

/** Texts of what an account holds and did: its tables, their windows and receipts, none of which shows at once. Another language is another object of this type. */
export type RecordTexts = typeof en;

export const recordTexts: RecordTexts = en;
