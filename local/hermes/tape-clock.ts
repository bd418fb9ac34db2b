/** Maps wall-clock time to tape time: a start, a speed, and a pause. Times in milliseconds. */
export class TapeClock {
  #position: number;
  #wall: number;
  #speed: number;
  #paused = false;

  constructor(positionMs: number, wallMs: number, speed: number) {
    this.#position = positionMs;
    this.#wall = wallMs;
    this.#speed = speed;
  }

  get speed(): number {
    return this.#speed;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Tape time at a wall-clock time; never negative. */
  at(wallMs: number): number {
    if (this.#paused) return this.#position;
    return Math.max(0, this.#position + (wallMs - this.#wall) * this.#speed);
  }

  /** From `wallMs` on the tape stands at `positionMs` and runs from there. */
  jump(positionMs: number, wallMs: number): void {
    this.#position = positionMs;
    this.#wall = wallMs;
  }

  setSpeed(speed: number, wallMs: number): void {
    this.jump(this.at(wallMs), wallMs);
    this.#speed = speed;
  }

  setPaused(paused: boolean, wallMs: number): void {
    this.jump(this.at(wallMs), wallMs);
    this.#paused = paused;
  }
}
