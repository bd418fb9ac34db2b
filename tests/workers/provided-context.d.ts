import 'vitest';

/** What the global set-up of these tests provides; declared there for the Node side. */
declare module 'vitest' {
  export interface ProvidedContext {
    workerVariables: Record<string, string>;
    adminSecretKey: string;
    stackControls: { hermes: string; llm: string; solana: string; neon: string };
  }
}
