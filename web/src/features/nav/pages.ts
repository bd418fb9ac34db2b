import { MARKET_SYMBOLS } from '#shared/markets.ts';

import { lastMarket } from '../../data/last-market.ts';
import { texts } from '../../i18n/index.ts';

export type PageName = 'trade' | 'portfolio' | 'earn' | 'risk' | 'track-record' | 'status' | 'settings';

export interface PageLink {
  readonly name: PageName;
  readonly label: string;
  readonly href: () => string;
}

const t = texts.shell.pages;

/** The trade page of the market last looked at. */
export const tradeHref = (): string => `/trade/${lastMarket() ?? MARKET_SYMBOLS[0]}`;

/** The pages of the bar, in its order. */
export const pages = [
  { name: 'trade', label: t.trade, href: tradeHref },
  { name: 'portfolio', label: t.portfolio, href: () => '/portfolio' },
  { name: 'earn', label: t.earn, href: () => '/earn' },
  { name: 'risk', label: t.risk, href: () => '/risk' },
  { name: 'track-record', label: t['track-record'], href: () => '/track-record' },
  { name: 'status', label: t.status, href: () => '/status' },
  { name: 'settings', label: t.settings, href: () => '/settings' },
] as const satisfies readonly PageLink[];

/** Which page a path belongs to: any market is the trade page. */
export function pageOfPath(path: string): PageName | undefined {
  const first = path.split('/')[1];
  return pages.find(({ name }) => name === first)?.name;
}
