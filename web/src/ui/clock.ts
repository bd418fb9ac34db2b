import { createSignal, onCleanup, type Accessor } from 'solid-js';

/** The time of now, in milliseconds, told again every `tickMs`. */
export function createClock(tickMs: number): Accessor<number> {
  const [now, setNow] = createSignal(Date.now());
  const timer = setInterval(() => setNow(Date.now()), tickMs);
  onCleanup(() => clearInterval(timer));
  return now;
}
