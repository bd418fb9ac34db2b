import { en } from './en.ts';

/** Every text on screen. Another language is another object of this type. */
export type Texts = typeof en;

export const texts: Texts = en;
