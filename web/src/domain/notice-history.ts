import type { Notice, NoticeTopic } from './notices.ts';

/** One notice as it was told, and how often the same was told in a row. */
export interface NoticeRecord extends Notice {
  readonly id: number;
  /** Milliseconds since 1970, of the last time. */
  readonly at: number;
  readonly count: number;
}

/** More is history that the tables keep. */
export const recordsMax = 200;
/** The same words within this time are one event that repeats. */
const repeatMsMax = 60_000;

const isSame = (record: Notice, notice: Notice): boolean =>
  record.title === notice.title && record.text === notice.text && record.tone === notice.tone;

/** The history with one notice more, newest first. A repeat counts up and moves to the front; the oldest goes beyond the bound. */
export function recordNotice(records: readonly NoticeRecord[], notice: Notice, id: number, at: number): NoticeRecord[] {
  const repeated = records.find((record) => isSame(record, notice) && at - record.at <= repeatMsMax);
  const next = { ...notice, id, at, count: (repeated?.count ?? 0) + 1 };
  return [next, ...records.filter((record) => record !== repeated)].slice(0, recordsMax);
}

export type NoticeFilter = 'all' | NoticeTopic;

/** What a filter shows. */
export const filterRecords = (records: readonly NoticeRecord[], filter: NoticeFilter): readonly NoticeRecord[] =>
  filter === 'all' ? records : records.filter((record) => record.topic === filter);

/** How many are newer than the last look, by id. */
export const unreadCount = (records: readonly NoticeRecord[], seenId: number): number =>
  records.filter((record) => record.id > seenId).length;

/** A toast on screen. */
export interface Toast extends Notice {
  readonly id: number;
  readonly count: number;
}

/** More would cover the screen: the oldest goes. */
const toastsMax = 4;

/** The toasts with one more: a repeat counts up, and the next stage of the same order takes the place of the stage before. */
export function showToast(toasts: readonly Toast[], notice: Notice, id: number): Toast[] {
  const repeated = toasts.find((toast) => isSame(toast, notice));
  const rest = toasts.filter(
    (toast) => toast !== repeated && (notice.about === undefined || toast.about !== notice.about),
  );
  return [...rest, { ...notice, id, count: (repeated?.count ?? 0) + 1 }].slice(-toastsMax);
}
