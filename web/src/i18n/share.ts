import { en } from './en-share.ts';

/** Texts of the share card, which come with its window. */
export type ShareTexts = typeof en;

export const shareTexts: ShareTexts = en;
