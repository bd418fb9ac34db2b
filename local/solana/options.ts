import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import type { ProgramInstallation } from './chain.ts';
import { publicKey } from './rpc/method.ts';
import { localSolanaDefaults, type LocalSolanaOptions } from './server.ts';

export const solanaUsage = `node local/solana/main.ts [options]

  --port N                  RPC port on 127.0.0.1 (default ${localSolanaDefaults.port}); the WebSocket takes the next one
  --state-dir DIR           keeps the chain between runs (default: in memory)
  --hermes URL              Hermes whose prices the Pyth price accounts follow
  --program ID=FILE.so      installs a program, repeatable
  --upgrade-authority KEY   upgrade authority of the installed programs (default: none)
`;

const programSpec = z
  .string()
  .regex(/^[^=]+=.+$/, 'must be ID=FILE.so')
  .transform((text) => ({ id: text.slice(0, text.indexOf('=')), file: text.slice(text.indexOf('=') + 1) }))
  .pipe(z.object({ id: publicKey, file: z.string() }));

const flagsSchema = z.object({
  port: z.coerce.number().int().min(1).max(65_534).default(localSolanaDefaults.port),
  'state-dir': z.string().min(1).optional(),
  hermes: z.url({ protocol: /^https?$/ }).optional(),
  program: z.array(programSpec).default([]),
  'upgrade-authority': publicKey.optional(),
});

/** Parses the command line and reads the programs; throws an Error whose message names every flag that does not fit. */
export function parseSolanaOptions(argv: readonly string[]): Omit<LocalSolanaOptions, 'slotMs' | 'onBroken'> {
  const flag = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      ...{ port: flag, 'state-dir': flag, hermes: flag, 'upgrade-authority': flag },
      program: { type: 'string', multiple: true },
    },
  });
  const parsed = flagsSchema.safeParse(values);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const { port, hermes, program, 'state-dir': stateDir, 'upgrade-authority': upgradeAuthority } = parsed.data;
  const programs = program.map(({ id, file }): ProgramInstallation => ({
    id,
    elf: readProgram(file),
    upgradeAuthority,
  }));
  return { port, hermes, stateDir, programs };
}

function readProgram(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new Error(`--program: ${file} can't be read; npm run program:build makes it`, { cause: error });
  }
}
