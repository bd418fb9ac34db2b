import { defineConfig } from 'vitest/config';
import { failureMessages } from './tests/support/failure-messages.ts';

const testTimeoutMs = 180_000;
const hookTimeoutMs = 150_000;

/** Of what is looked at until it is so; the runner's own second is no time on a busy machine. */
const pollTimeoutMs = 20_000;

const limits = {
  environment: 'node',
  testTimeout: testTimeoutMs,
  hookTimeout: hookTimeoutMs,
  expect: { poll: { timeout: pollTimeoutMs } },
  ...failureMessages,
} as const;

/**
 * The whole exchange in processes of its own, driven by a real browser or by programs over the network. `terminal`: the built terminal, all
 * files on one exchange. `e2e`: the rest, each file on its own.
 */
export default defineConfig(({ mode }) => ({
  test: {
    // One file after the other: each has the machine, and the shared exchange, for itself.
    maxWorkers: 1,
    fileParallelism: false,
    projects: [
      {
        // Not handed on by itself: `--mode refresh` keeps the answers of the examples.
        mode,
        test: {
          name: 'e2e',
          include: ['tests/e2e/*.e2e.ts', 'tests/soak/**/*.e2e.ts'],
          ...limits,
        },
      },
      {
        test: {
          name: 'terminal',
          include: ['tests/e2e/terminal/*.e2e.ts'],
          globalSetup: ['./tests/support/terminal/global-setup.ts'],
          ...limits,
        },
      },
    ],
  },
}));
