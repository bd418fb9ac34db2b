import { configDefaults, type TestProjectInlineConfiguration } from 'vitest/config';
import { failureMessages } from './failure-messages.ts';
import { plainWorkerTests } from './plain-tests.ts';

/** A busy machine is no failure: what hangs is found all the same. */
const testTimeoutMs = 120_000;
const hookTimeoutMs = 120_000;
/** Of what is looked at until it is so; the runner's own second is no time on a busy machine. */
const pollTimeoutMs = 45_000;

const limits = {
  environment: 'node',
  testTimeout: testTimeoutMs,
  hookTimeout: hookTimeoutMs,
  expect: { poll: { timeout: pollTimeoutMs } },
  ...failureMessages,
} as const;

/**
 * Tests that run in Node. `plain`: calculations, whose files share their modules, since loading those takes many times as long as the tests;
 * nothing they run keeps anything from one test to the next. `node`: the rest, each file with modules of its own.
 */
export const nodeProjects = (mode: string): TestProjectInlineConfiguration[] => [
  {
    test: {
      name: 'plain',
      include: ['web/src/**/*.test.ts', 'workers/shared/**/*.test.ts', ...plainWorkerTests],
      isolate: false,
      ...limits,
    },
  },
  {
    // Not handed on by itself: `--mode refresh` keeps what is measured.
    mode,
    test: {
      name: 'node',
      include: [
        'workers/analyst/**/*.test.ts',
        'local/**/*.test.ts',
        'scripts/**/*.test.ts',
        'sdk/**/*.test.ts',
        'tests/{analyst,program,parity,preview,localnet,db,neon,contract,support,supervisor}/**/*.test.ts',
      ],
      exclude: [...configDefaults.exclude, ...plainWorkerTests],
      ...limits,
    },
  },
];
