import type { JSX } from 'solid-js';

import { mikeyTexts } from '../../i18n/mikey.ts';
import { CloseIcon } from '../../ui/icons.tsx';
import { MikeyPanel } from './mikey-panel.tsx';

/** MIKEY beside a page: the page stays where it is and can be used. */
export function MikeyDrawer(props: { readonly onLeave: () => void }): JSX.Element {
  return (
    <aside class="mikey-drawer panel" aria-label={mikeyTexts.name} data-testid="mikey-drawer">
      <div class="mikey-drawer-head">
        <h2 class="text-3 font-semibold">{mikeyTexts.name}</h2>
        <button
          type="button"
          class="button button-quiet icon-button ml-auto"
          aria-label={mikeyTexts.close}
          title={mikeyTexts.close}
          onClick={() => props.onLeave()}
        >
          <CloseIcon />
        </button>
      </div>
      <MikeyPanel onLeave={props.onLeave} />
    </aside>
  );
}
