import type { JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { Notice } from '../../ui/panel-state.tsx';

/** The terminal does not know where its exchange is: nothing else could be shown truthfully. */
export function StartFailed(): JSX.Element {
  return (
    <main class="h-dvh">
      <Notice title={texts.start.failed} text={texts.start.failedText}>
        <button type="button" class="button" onClick={() => window.location.reload()}>
          {texts.common.retry}
        </button>
      </Notice>
    </main>
  );
}
