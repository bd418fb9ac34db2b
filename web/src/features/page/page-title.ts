import { createEffect, createSignal } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { liquidationWarnings } from '../notices/liquidation-warnings.ts';

/** Before the title while a position is close to its liquidation: seen in the tab strip from another page. */
const warningMark = '⚠';

const [name, setName] = createSignal('');

/** What the page on screen is called: announced as one arrives, unlike the title, in which a price may tick. */
export const pageName = name;

/** Names the page, and the browser's tab. `title` may change at every tick. */
export function usePageTitle(pageNameOf: () => string, title: () => string = pageNameOf): void {
  createEffect(() => setName(pageNameOf()));
  createEffect(() => {
    const mark = liquidationWarnings().length > 0 ? `${warningMark} ` : '';
    document.title = `${mark}${title()} · ${texts.common.appName}`;
  });
}
