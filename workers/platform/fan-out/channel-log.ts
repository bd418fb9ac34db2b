import { hubLimits } from './limits.ts';
import { updateFrame } from './frames.ts';

/** One message of a channel, ready to be sent. */
export interface LoggedUpdate {
  readonly seq: number;
  readonly frame: string;
}

/**
 * Numbers the messages of channels and keeps a window of them. `epoch` names one life of the window: as long as it is the same, a client
 * that knows `seq` can be brought up to date without a snapshot.
 */
export interface ChannelLog {
  readonly epoch: string;
  /** Highest number given out, 0 before the first. */
  lastSeq(channel: string): number;
  /** Numbers a message. `data` is JSON text. */
  append(channel: string, data: string, tsMs: number): void;
  /** All messages after `seq`, oldest first; null when the window no longer holds them, or never gave `seq` out. */
  since(channel: string, seq: number): readonly LoggedUpdate[] | null;
}

/** A window in memory, for public channels: it dies with the object, and the next one has another epoch. */
export class MemoryChannelLog implements ChannelLog {
  readonly epoch: string;
  readonly #keptMax: number;
  readonly #channels = new Map<string, { lastSeq: number; updates: LoggedUpdate[] }>();

  constructor(epoch: string, keptMax: number = hubLimits.updatesKeptMax) {
    this.epoch = epoch;
    this.#keptMax = keptMax;
  }

  lastSeq(channel: string): number {
    return this.#channels.get(channel)?.lastSeq ?? 0;
  }

  append(channel: string, data: string, tsMs: number): void {
    const entry = this.#channels.get(channel) ?? { lastSeq: 0, updates: [] };
    this.#channels.set(channel, entry);
    const seq = entry.lastSeq + 1;
    entry.updates.push({ seq, frame: updateFrame(channel, seq, tsMs, data) });
    entry.lastSeq = seq;
    // Dropped in halves, so that the cost of a shift is not paid per message.
    if (entry.updates.length >= this.#keptMax * 2) entry.updates = entry.updates.slice(-this.#keptMax);
  }

  since(channel: string, seq: number): readonly LoggedUpdate[] | null {
    const entry = this.#channels.get(channel);
    const missed = (entry?.lastSeq ?? 0) - seq;
    if (missed < 0 || missed > Math.min(entry?.updates.length ?? 0, this.#keptMax)) return null;
    return missed === 0 ? [] : (entry?.updates.slice(-missed) ?? []);
  }
}
