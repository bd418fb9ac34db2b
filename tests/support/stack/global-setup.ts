import type { TestProject } from 'vitest/node';
import { startStack } from './stack.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Bindings of the worker under test: addresses of the running stack and its keys. */
    workerVariables: Record<string, string>;
    /** Control endpoints of the stack's servers. */
    stackControls: { hermes: string; solana: string; neon: string };
  }
}

/** One stack for all worker tests of a run. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const stack = await startStack();
  project.provide('workerVariables', stack.variables);
  project.provide('stackControls', {
    hermes: `${stack.hermes.url}/_control`,
    solana: `${stack.solana.url}/_control`,
    neon: new URL('/_control', stack.neon.httpEndpoint).href,
  });
  return () => stack.close();
}
