import { orderStageSchema } from '#shared/protocol/orders.ts';
import { createEffect, createSignal, on, type Accessor } from 'solid-js';
import * as z from 'zod';

import {
  lastIdOf,
  noticesOf,
  ownersMax,
  withNotices,
  type KeptNotices,
  type OwnedNotices,
} from '../domain/kept-notices.ts';
import { recordNotice, recordsMax, showToast, unreadCount, type Toast } from '../domain/notice-history.ts';
import type { Notice } from '../domain/notices.ts';

/** How long a toast stays. */
const shownMs = 6_000;
/** A liquidation or a warning stays long enough to be read away from the keyboard. */
const seriousMs = 20_000;
/** Kept for this tab alone: each tab has told its own. */
const storageKey = 'quantdesk.notices';

const recordSchema = z.object({
  id: z.number(),
  at: z.number(),
  count: z.number(),
  tone: z.enum(['neutral', 'up', 'down', 'warn']),
  title: z.string(),
  text: z.string(),
  liquidationOf: z.string().exactOptional(),
  topic: z.enum(['orders', 'risk', 'account']).exactOptional(),
  about: z.string().exactOptional(),
  stage: orderStageSchema.exactOptional(),
  quiet: z.boolean().exactOptional(),
});
const ownedSchema = z.object({
  owner: z.string(),
  seenId: z.number(),
  records: z.array(recordSchema).max(recordsMax),
});
const allSchema = z.array(ownedSchema).max(ownersMax);

function readAll(): readonly OwnedNotices[] {
  try {
    return allSchema.parse(JSON.parse(sessionStorage.getItem(storageKey) ?? ''));
  } catch {
    return [];
  }
}

function writeAll(all: readonly OwnedNotices[]): void {
  try {
    sessionStorage.setItem(storageKey, JSON.stringify(all));
  } catch {
    // Without storage the history lasts until the next reload.
  }
}

/**
 * What is on screen now, newest last, and what was told in this tab, newest first. Both are the signed-in wallet's alone: another one finds
 * its own.
 *
 * @param owner the address of the signed-in wallet; empty without one.
 */
export function createNotices(owner: Accessor<string>) {
  const initialAll = readAll();
  const [shown, setShown] = createSignal<readonly Toast[]>([]);
  const [all, setAll] = createSignal(initialAll);
  let lastId = lastIdOf(initialAll);

  const kept = () => noticesOf(all(), owner());
  const keep = (next: KeptNotices) => {
    const replaced = withNotices(all(), { owner: owner(), ...next });
    writeAll(replaced);
    setAll(replaced);
  };
  createEffect(on(owner, () => setShown([]), { defer: true }));
  const dismiss = (id: number) => setShown((toasts) => toasts.filter((toast) => toast.id !== id));
  const show = (notice: Notice) => {
    lastId += 1;
    const id = lastId;
    const told: Notice = { topic: 'account', ...notice };
    keep({ ...kept(), records: recordNotice(kept().records, told, id, Date.now()) });
    if (notice.quiet === true) return;
    setShown((toasts) => showToast(toasts, told, id));
    setTimeout(() => dismiss(id), notice.tone === 'warn' || notice.liquidationOf !== undefined ? seriousMs : shownMs);
  };

  return {
    shown,
    show,
    dismiss,
    records: () => kept().records,
    /** How many came since the history was last looked at; stages that nobody was shown do not count. */
    unread: () =>
      unreadCount(
        kept().records.filter(({ quiet }) => quiet !== true),
        kept().seenId,
      ),
    /** The history is on screen: everything in it has been seen. */
    markSeen: () => {
      if (kept().seenId !== lastId) keep({ ...kept(), seenId: lastId });
    },
    clear: () => keep({ seenId: lastId, records: [] }),
  };
}

export type Notices = ReturnType<typeof createNotices>;
