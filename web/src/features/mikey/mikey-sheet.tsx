import type { JSX } from 'solid-js';

import { mikeyTexts } from '../../i18n/mikey.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { MikeyPanel } from './mikey-panel.tsx';

/** MIKEY on a phone: a sheet over whatever is on screen. */
export function MikeySheet(props: { readonly onLeave: () => void }): JSX.Element {
  return (
    <Dialog open onClose={props.onLeave} title={mikeyTexts.name}>
      <div class="mikey-sheet">
        <MikeyPanel onLeave={props.onLeave} />
      </div>
    </Dialog>
  );
}
