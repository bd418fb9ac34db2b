import { cloudflareTest } from '@cloudflare/vitest-pool-workers';
import { defineConfig } from 'vitest/config';

const testTimeoutMs = 30_000;
const hookTimeoutMs = 120_000;

/**
 * web3.js and Anchor bring CommonJS packages that the test runtime cannot load one by one: they are bundled first, over the runtime's own
 * `buffer` (with two of them, `Buffer.isBuffer` says no to the other's).
 */
const bundledPackages = ['@solana/web3.js', '@coral-xyz/anchor', 'bs58'];
const runtimeBuffer = {
  name: 'runtime-buffer',
  resolveId: {
    order: 'pre' as const,
    handler: (id: string) => (/^buffer\/?$/.test(id) ? { id: 'node:buffer', external: true } : null),
  },
};

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
    deps: {
      optimizer: { ssr: { enabled: true, include: bundledPackages, rolldownOptions: { plugins: [runtimeBuffer] } } },
    },
    include: ['workers/{account,api,chain,indexer,market,platform,risk}/**/*.test.ts', 'tests/workers/**/*.test.ts'],
    globalSetup: ['./tests/support/stack/global-setup.ts'],
    testTimeout: testTimeoutMs,
    hookTimeout: hookTimeoutMs,
    maxWorkers: 1,
  },
});
