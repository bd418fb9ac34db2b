import { defineConfig } from 'vitest/config';

const testTimeoutMs = 180_000;
const hookTimeoutMs = 150_000;

/** The whole exchange in processes of its own, driven by a real browser. */
export default defineConfig({
  test: {
    name: 'e2e',
    environment: 'node',
    include: ['tests/e2e/**/*.e2e.ts'],
    testTimeout: testTimeoutMs,
    hookTimeout: hookTimeoutMs,
    maxWorkers: 1,
    fileParallelism: false,
  },
});
