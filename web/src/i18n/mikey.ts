import { en } from './en-mikey.ts';

/** Texts of the assistant, which come with it. */
export type MikeyTexts = typeof en;

export const mikeyTexts: MikeyTexts = en;
