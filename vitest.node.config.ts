import { defineConfig } from 'vitest/config';
import { nodeProjects } from './tests/support/node-projects.ts';

export default defineConfig(({ mode }) => ({ test: { projects: nodeProjects(mode), maxWorkers: 2 } }));
