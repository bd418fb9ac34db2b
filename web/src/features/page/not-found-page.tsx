import { A } from '@solidjs/router';
import type { JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { Notice } from '../../ui/panel-state.tsx';
import { usePageTitle } from './page-title.ts';

/** An address that is no page, or a market that does not exist. */
export function NotFoundPage(): JSX.Element {
  usePageTitle(() => texts.common.notFound);
  return (
    <main id="main" tabIndex={-1}>
      <Notice title={texts.common.notFound}>
        <A href="/" class="button">
          {texts.common.backToTrading}
        </A>
      </Notice>
    </main>
  );
}
