import { createSignal } from 'solid-js';

import type { Notice } from '../domain/notices.ts';

export interface ShownNotice extends Notice {
  readonly id: number;
}

/** More would cover the screen: the oldest goes. */
const shownMax = 4;
const shownMs = 6_000;
/** A liquidation or a warning stays long enough to be read away from the keyboard. */
const seriousMs = 20_000;

/** What is on screen now, newest last. */
export function createNotices() {
  const [shown, setShown] = createSignal<readonly ShownNotice[]>([]);
  let lastId = 0;
  const dismiss = (id: number) => setShown((notices) => notices.filter((notice) => notice.id !== id));
  const show = (notice: Notice) => {
    lastId += 1;
    const id = lastId;
    setShown((notices) => [...notices, { ...notice, id }].slice(-shownMax));
    setTimeout(() => dismiss(id), notice.tone === 'warn' || notice.liquidationOf !== undefined ? seriousMs : shownMs);
  };
  return { shown, show, dismiss };
}

export type Notices = ReturnType<typeof createNotices>;
