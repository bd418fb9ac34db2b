import { defineConfig } from 'vitest/config';
import { failureMessages } from './tests/support/failure-messages.ts';

const testTimeoutMs = 240_000;
const hookTimeoutMs = 180_000;

/** The whole exchange on real parts, killed at named points. `--mode full` plays every case (npm run chaos), else a short selection. */
export default defineConfig({
  test: {
    name: 'chaos',
    environment: 'node',
    include: ['tests/chaos/**/*.chaos.ts'],
    testTimeout: testTimeoutMs,
    hookTimeout: hookTimeoutMs,
    ...failureMessages,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
