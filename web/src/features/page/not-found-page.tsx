import { A } from '@solidjs/router';
import type { JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { Notice } from '../../ui/panel-state.tsx';

/** An address that is no page, or a market that does not exist. */
export function NotFoundPage(): JSX.Element {
  return (
    <main class="h-dvh">
      <Notice title={texts.common.notFound}>
        <A href="/" class="button">
          {texts.common.backToTrading}
        </A>
      </Notice>
    </main>
  );
}
