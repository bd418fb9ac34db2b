import { encodeJson } from '#shared/money/json.ts';
import type { Clock } from '../clock.ts';
import type { ChannelLog } from './channel-log.ts';
import { snapshotFrame } from './frames.ts';
import { hubLimits } from './limits.ts';

export interface SnapshotSources {
  readonly clock: Clock;
  readonly log: ChannelLog;
  /** The whole of a channel now, as a wire value. */
  readonly snapshot: (channel: string) => unknown;
}

interface Kept {
  readonly seq: number;
  readonly atMs: number;
  readonly frame: string;
}

/** Snapshots ready to be sent. Sockets that ask for the same one at once, as after an eviction, share one serialisation. */
export class SnapshotFrames {
  readonly #sources: SnapshotSources;
  readonly #kept = new Map<string, Kept>();

  constructor(sources: SnapshotSources) {
    this.#sources = sources;
  }

  of(channel: string): string {
    const { clock, log, snapshot } = this.#sources;
    const [seq, now] = [log.lastSeq(channel), clock.nowMs()];
    const kept = this.#kept.get(channel);
    const ageMs = now - (kept?.atMs ?? -Infinity);
    if (kept?.seq === seq && ageMs >= 0 && ageMs <= hubLimits.snapshotReuseMsMax) return kept.frame;
    const frame = snapshotFrame(channel, log.epoch, seq, encodeJson(snapshot(channel)));
    this.#kept.set(channel, { seq, atMs: now, frame });
    return frame;
  }
}
