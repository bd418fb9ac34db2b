import { defineConfig } from 'vitest/config';
import { nodeProjects } from './tests/support/node-projects.ts';

/** Of each folder that holds what money depends on, percent. Many branches are a `??` of what cannot be: those that are not run are fewer. */
const units = { lines: 90, branches: 75 };
/** Of the worker as a whole, which the tests across boundaries reach. */
const integration = { lines: 80, branches: 70 };

const thresholds = {
  ...integration,
  'workers/shared/**': units,
  'workers/account/**': units,
  'workers/market/**': units,
  'workers/risk/**': units,
};

/** A part of the tests counts, and leaves judging to who puts the parts together: scripts/lib/coverage-parts.mjs. */
const isPart = process.env.COVERAGE_PART !== undefined;

/**
 * `npm run coverage`. Istanbul, which counts by rewriting the source: V8's own counters are not to be had in workerd. The suites that read no
 * source of the worker are left out.
 */
export default defineConfig({
  test: {
    projects: [...nodeProjects('test'), './vitest.workerd.config.ts'],
    coverage: {
      provider: 'istanbul',
      include: [
        'workers/{account,analyst,api,chain,indexer,market,platform,risk,shared}/**/*.ts',
        'db/repositories/*.ts',
      ],
      exclude: ['**/*.test.ts', '**/testing.ts', '**/contract.ts', 'workers/api/docs/**'],
      reporter: ['text-summary', 'json-summary', ['text', { file: 'coverage.txt' }]],
      reportsDirectory: 'test-results/coverage',
      ...(isPart ? {} : { thresholds }),
    },
  },
});
