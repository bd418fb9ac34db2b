import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { configDefaults, defineConfig } from 'vitest/config';
import { failureMessages } from './tests/support/failure-messages.ts';
import { plainWorkerTests } from './tests/support/plain-tests.ts';

/** A busy machine is no failure: what hangs is found all the same. */
const testTimeoutMs = 120_000;
const hookTimeoutMs = 120_000;

/**
 * Every file of tests loads its modules anew, one by one: a package of hundreds is bundled first, once per run, and is one. web3.js and
 * Anchor must be: they bring CommonJS packages that the test runtime cannot load by themselves. The bundles stand over the runtime's own
 * `buffer` (with two of them, `Buffer.isBuffer` says no to the other's).
 */
const bundledPackages = [
  '@coral-xyz/anchor',
  '@langchain/anthropic',
  '@langchain/core/messages',
  '@langchain/openai',
  '@neondatabase/serverless',
  '@noble/curves/ed25519.js',
  '@pythnetwork/hermes-client',
  '@pythnetwork/hermes-client/zodSchemas',
  '@solana/web3.js',
  'bs58',
  'drizzle-orm',
  'drizzle-orm/batch',
  'drizzle-orm/neon-http',
  'drizzle-orm/pg-core',
  'eventsource-parser',
  'fast-check',
  'hono',
  'hono/body-limit',
  'hono/cors',
  'hono/factory',
  'hono/html',
  'hono/jwt',
  'trading-signals',
  'uuid',
  'zod',
];
const runtimeModules = {
  name: 'runtime-modules',
  resolveId: {
    order: 'pre' as const,
    handler: (id: string) => {
      if (/^buffer\/?$/.test(id)) return { id: 'node:buffer', external: true };
      // Imported where they are called, if ever.
      return id.startsWith('node:') ? { id, external: true } : null;
    },
  },
};

/** Tests that run inside workerd, against a real local Solana, a real Hermes replay and a real Postgres started by the global set-up. */
export default defineConfig({
  /** Shards run at the same time: each bundles its packages for itself. */
  cacheDir: `node_modules/.vite/workerd-${process.env.TEST_SHARD ?? 'whole'}`,
  plugins: [
    cloudflareTest(({ inject }) => ({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: { bindings: inject('workerVariables') },
    })),
  ],
  /** A test build: failpoints can be armed. */
  define: { FAILPOINTS: 'true' },
  test: {
    name: 'workerd',
    deps: {
      optimizer: { ssr: { enabled: true, include: bundledPackages, rolldownOptions: { plugins: [runtimeModules] } } },
    },
    include: ['workers/{account,api,chain,indexer,market,platform,risk}/**/*.test.ts', 'tests/workers/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...plainWorkerTests],
    globalSetup: ['./tests/support/stack/global-setup.ts'],
    testTimeout: testTimeoutMs,
    hookTimeout: hookTimeoutMs,
    ...failureMessages,
    maxWorkers: 1,
    silent: 'passed-only',
  },
});
