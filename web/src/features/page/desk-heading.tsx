import type { MarketSymbol } from '#shared/markets.ts';
import type { JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';

/** The name of the page, for those who move by headings; on screen the market's picker says it. */
export function DeskHeading(props: { readonly symbol: MarketSymbol }): JSX.Element {
  return <h1 class="visually-hidden">{`${texts.common.appName} ${props.symbol}`}</h1>;
}
