import { defineConfig } from 'vitest/config';
import { nodeProjects } from './tests/support/node-projects.ts';

/** `plain` and `node`: the mathematics, the program on a Solana runtime, the local servers. `workerd`: the worker and its objects in their own runtime. */
export default defineConfig(({ mode }) => ({
  test: { projects: [...nodeProjects(mode), './vitest.workerd.config.ts'] },
}));
