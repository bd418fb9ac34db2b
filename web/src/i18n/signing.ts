import { en } from './en-signing.ts';

/** Texts of what is signed, which come with the check of it. */
export type SigningTexts = typeof en;

export const signingTexts: SigningTexts = en;
