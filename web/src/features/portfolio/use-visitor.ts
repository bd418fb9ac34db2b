import type { Accessor } from 'solid-js';

import { useDesk } from '../../data/desk.ts';

export type Presence = 'visitor' | 'resuming' | 'trader';

/** Who looks at the page. After a reload a signed-in trader is not told to connect a wallet while his session is taken up again. */
export function usePresence(): Accessor<Presence> {
  const desk = useDesk();
  return () => {
    if (desk.wallet() === undefined) return desk.stage() === 'visitor' ? 'visitor' : 'resuming';
    return desk.stage() === 'ended' ? 'visitor' : 'trader';
  };
}
