import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';

const testTimeoutMs = 30_000;
const hookTimeoutMs = 120_000;

/** Tests that run inside workerd, against a real local Solana, a real Hermes replay and a real Postgres started by the global set-up. */
export default defineConfig({
  plugins: [
    cloudflareTest(({ inject }) => ({
      wrangler: { configPath: './wrangler.toml' },
      miniflare: { bindings: inject('workerVariables') },
    })),
  ],
  test: {
    name: 'workerd',
    include: ['workers/{account,api,chain,indexer,market,platform,risk}/**/*.test.ts', 'tests/workers/**/*.test.ts'],
    globalSetup: ['./tests/support/stack/global-setup.ts'],
    testTimeout: testTimeoutMs,
    hookTimeout: hookTimeoutMs,
    maxWorkers: 1,
  },
});
