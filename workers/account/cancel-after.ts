import type { Clock } from '../platform/clock.ts';
import type { Timers } from '../platform/timers.ts';
import type { OrderDesk } from './order-desk.ts';
import type { OrderFailure } from './order-machine.ts';

/** Timer: the trader did not renew his deadline. */
export const CANCEL_AFTER_TIMER = 'cancel_after';

const notRenewed: OrderFailure = {
  code: 'TRADING_029',
  message: 'cancel-after ran out: the order was cancelled with all others.',
};

/** A dead man's switch: a timer in the object's storage, so that it works whether or not anybody asks for the object again. */
export class CancelAfter {
  readonly #timers: Timers;
  readonly #desk: Pick<OrderDesk, 'withdrawAll'>;
  readonly #clock: Clock;

  constructor(timers: Timers, desk: Pick<OrderDesk, 'withdrawAll'>, clock: Clock) {
    this.#timers = timers;
    this.#desk = desk;
    this.#clock = clock;
  }

  /** Sets the deadline anew, or takes it back (0 seconds). Answers when it is, milliseconds. Belongs inside the command's transaction. */
  set(seconds: number): number | null {
    if (seconds === 0) {
      this.#timers.clear(CANCEL_AFTER_TIMER, '');
      return null;
    }
    const cancelAtMs = this.#clock.nowMs() + seconds * 1_000;
    this.#timers.set(CANCEL_AFTER_TIMER, '', cancelAtMs);
    return cancelAtMs;
  }

  /** The deadline passed: whatever can be cancelled is, and what is on its way does not come back to the book. */
  fire(): void {
    this.#desk.withdrawAll(notRenewed);
  }
}
