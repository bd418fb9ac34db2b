import { defineConfig } from 'vitest/config';
import { failureMessages } from './tests/support/failure-messages.ts';

/** A busy machine is no failure: what hangs is found all the same. */
const testTimeoutMs = 180_000;
const hookTimeoutMs = 180_000;
/** Of what is looked at until it is so; the runner's own second is no time on a busy machine. */
const pollTimeoutMs = 45_000;

/** What strangers may try: against the worker as it is deployed, over HTTP, with nothing between a client and it. */
export default defineConfig({
  test: {
    name: 'security',
    environment: 'node',
    include: ['tests/{security,fuzz-api}/**/*.test.ts'],
    testTimeout: testTimeoutMs,
    hookTimeout: hookTimeoutMs,
    expect: { poll: { timeout: pollTimeoutMs } },
    ...failureMessages,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
