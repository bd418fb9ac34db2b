import { en as earn } from './en-earn.ts';
import { en as portfolio } from './en-portfolio.ts';
import { en as risk } from './en-risk.ts';
import { en as settings } from './en-settings.ts';
import { texts as shared } from './index.ts';

/** The texts of the pages beside the terminal, with those that every page shows. Fetched with the first such page. */
const en = { ...earn, ...portfolio, ...risk, ...settings } as const;

/** Another language is another object of this type. */
export type PageTexts = typeof en;

export const texts = { ...shared, ...en };
