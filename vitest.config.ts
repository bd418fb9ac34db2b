import { defineConfig } from 'vitest/config';

/** `node`: the mathematics, the program on a Solana runtime, the local servers. `workerd`: the worker and its objects in their own runtime. */
export default defineConfig({
  test: { projects: ['./vitest.node.config.ts', './vitest.workerd.config.ts'] },
});
