/** Where a channel was left: what a resume sends as `from`. */
export interface StreamPosition {
  readonly epoch: string;
  readonly seq: number;
}

/** What to do with an update: use it, drop it (seen before), or fetch what is missing first. */
export type Verdict = 'apply' | 'duplicate' | 'gap';

/**
 * Follows one channel's (epoch, seq). `seq` grows by one per message; an epoch ends when the server lost its window of
 * past updates. The cursor makes "no gap is ever silent" hold on the client's side too.
 */
export class ChannelCursor {
  #position: StreamPosition | undefined;

  /** Undefined until the first snapshot, and again after a reset. */
  get position(): StreamPosition | undefined {
    return this.#position;
  }

  /** A snapshot replaces everything known so far. */
  snapshot(epoch: string, seq: number): void {
    this.#position = { epoch, seq };
  }

  /** The server gave up the window: only a snapshot helps now. */
  reset(): void {
    this.#position = undefined;
  }

  /** Judges an update and, if it fits, moves forward. */
  update(seq: number, prevSeq: number): Verdict {
    if (this.#position === undefined) return 'gap';
    if (seq <= this.#position.seq) return 'duplicate';
    if (prevSeq !== this.#position.seq) return 'gap';
    this.#position = { epoch: this.#position.epoch, seq };
    return 'apply';
  }
}
