import { useLocation } from '@solidjs/router';
import { createEffect, on, type JSX } from 'solid-js';

import { texts } from '../../i18n/index.ts';
import { Notice } from '../../ui/panel-state.tsx';

/** In place of a page that broke: the frame, its warnings and the way to the other pages stay. */
export function PageFailed(props: { readonly onAgain: () => void }): JSX.Element {
  const location = useLocation();
  // Another page may well work.
  createEffect(
    on(
      () => location.pathname,
      () => props.onAgain(),
      { defer: true },
    ),
  );
  return (
    <main id="main" tabIndex={-1}>
      <Notice title={texts.shell.pageFailed} text={texts.common.unexpected}>
        <button type="button" class="button" onClick={() => props.onAgain()}>
          {texts.common.retry}
        </button>
        <button type="button" class="button" onClick={() => window.location.reload()}>
          {texts.shell.reload}
        </button>
      </Notice>
    </main>
  );
}
