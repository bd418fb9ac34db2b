import type { PriceData } from '#shared/protocol/ws.ts';

import { texts } from '../i18n/index.ts';

export interface OracleTone {
  readonly tone: 'up' | 'warn' | 'down' | 'neutral';
  readonly label: string;
  /** What the state means for orders. */
  readonly text: string;
}

/** How the state of the oracle price is shown; a good one that was not renewed for some seconds is none. */
export function oracleTone(state: PriceData['state'] | undefined, silent: boolean): OracleTone {
  const t = texts.oracle;
  if (silent && state === 'ok') return { tone: 'warn', label: t.silent, text: t.silentText };
  switch (state) {
    case undefined:
      return { tone: 'neutral', label: t.waiting, text: t.waitingText };
    case 'ok':
      return { tone: 'up', label: t.ok, text: t.okText };
    case 'stale':
      return { tone: 'warn', label: t.stale, text: t.staleText };
    case 'uncertain':
      return { tone: 'warn', label: t.uncertain, text: t.uncertainText };
    case 'halted':
      return { tone: 'down', label: t.halted, text: t.haltedText };
  }
}
