import { defineConfig } from 'vitest/config';

const testTimeoutMs = 30_000;
const hookTimeoutMs = 120_000;

export default defineConfig({
  test: {
    name: 'node',
    environment: 'node',
    include: [
      'workers/shared/**/*.test.ts',
      'local/**/*.test.ts',
      'scripts/**/*.test.ts',
      'sdk/**/*.test.ts',
      'web/src/**/*.test.ts',
      'tests/{program,parity,preview,localnet,db,neon,contract,support,supervisor}/**/*.test.ts',
    ],
    testTimeout: testTimeoutMs,
    hookTimeout: hookTimeoutMs,
    maxWorkers: 2,
  },
});
