import { vi } from 'vitest';

const realNow = Date.now.bind(Date);

/**
 * Puts the worker's clock ahead of everybody else's, from where it goes on; `vi.restoreAllMocks()` puts it right. What was to come after a
 * time is that much nearer, and timers that run already keep theirs.
 */
export const putClockAhead = (ms: number): void => void vi.spyOn(Date, 'now').mockImplementation(() => realNow() + ms);

/** Stops the worker's clock, so that what is counted within a time is counted within it however long it takes. */
export const stopClock = (): void => void vi.spyOn(Date, 'now').mockReturnValue(realNow());
