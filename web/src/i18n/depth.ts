import { en } from './en-depth.ts';

/** Texts of the views in the place of the chart. Another language is another object of this type. */
export type DepthTexts = typeof en;

export const depthTexts: DepthTexts = en;
