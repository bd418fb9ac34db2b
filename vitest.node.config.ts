import { defineConfig } from 'vitest/config';
import { failureMessages } from './tests/support/failure-messages.ts';
import { plainWorkerTests } from './tests/support/plain-tests.ts';

/** A busy machine is no failure: what hangs is found all the same. */
const testTimeoutMs = 120_000;
const hookTimeoutMs = 120_000;
/** Of what is looked at until it is so; the runner's own second is no time on a busy machine. */
const pollTimeoutMs = 45_000;

export default defineConfig({
  test: {
    name: 'node',
    environment: 'node',
    include: [
      'workers/shared/**/*.test.ts',
      'workers/analyst/**/*.test.ts',
      ...plainWorkerTests,
      'local/**/*.test.ts',
      'scripts/**/*.test.ts',
      'sdk/**/*.test.ts',
      'web/src/**/*.test.ts',
      'tests/{analyst,program,parity,preview,localnet,db,neon,contract,support,supervisor}/**/*.test.ts',
    ],
    testTimeout: testTimeoutMs,
    hookTimeout: hookTimeoutMs,
    expect: { poll: { timeout: pollTimeoutMs } },
    ...failureMessages,
    maxWorkers: 2,
  },
});
