import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const port = z.coerce.number().int().min(1024).max(65534);

const optionsSchema = z.object({
  fresh: z.boolean().default(false),
  web: z.boolean().default(true),
  speed: z.coerce.number().positive().max(1000).default(1),
  at: z.string().optional(),
  'state-dir': z.string().default('.quantdesk'),
  'worker-port': port.default(8787),
  'web-port': port.default(5173),
  'solana-port': port.default(8899),
  'hermes-port': port.default(8890),
  'neon-port': port.default(5480),
});

/** What `npm start` was asked for. */
export interface SupervisorOptions {
  /** Start over: forget every state of earlier runs. */
  readonly fresh: boolean;
  /** Run the web app too. */
  readonly web: boolean;
  /** Tape minutes per minute. */
  readonly speed: number;
  /** Moment of the tape to start at; undefined continues or takes the tape's default. */
  readonly at: string | undefined;
  /** Absolute folder of everything that outlives a run. */
  readonly stateDir: string;
  readonly ports: {
    readonly worker: number;
    readonly web: number;
    readonly solana: number;
    /** WebSocket of the local Solana: always the next port. */
    readonly solanaSocket: number;
    readonly hermes: number;
    readonly neon: number;
  };
  /** A PostgreSQL server instead of the embedded PGlite. */
  readonly databaseUrl: string | undefined;
}

export const USAGE = `npm start -- [options]

  --fresh              start over: forget the chain, the database and the objects of earlier runs
  --speed N            replay the tape N times as fast (default 1)
  --at MOMENT          start the tape at that moment, e.g. 2025-06-12T23:40Z
  --no-web             without the terminal
  --state-dir DIR      where state is kept between runs (default .quantdesk)
  --worker-port, --web-port, --solana-port, --hermes-port, --neon-port N

  DATABASE_URL=postgres://…   use that PostgreSQL server instead of the embedded one
`;

/** Parses the command line; throws an Error with a readable message when it does not fit. */
export function parseOptions(argv: readonly string[], env: NodeJS.ProcessEnv): SupervisorOptions {
  const { values } = parseArgs({
    args: [...argv],
    allowNegative: true,
    options: {
      fresh: { type: 'boolean' },
      web: { type: 'boolean' },
      speed: { type: 'string' },
      at: { type: 'string' },
      'state-dir': { type: 'string' },
      'worker-port': { type: 'string' },
      'web-port': { type: 'string' },
      'solana-port': { type: 'string' },
      'hermes-port': { type: 'string' },
      'neon-port': { type: 'string' },
    },
  });
  const parsed = optionsSchema.safeParse(values);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const o = parsed.data;
  return {
    fresh: o.fresh,
    web: o.web,
    speed: o.speed,
    at: o.at,
    stateDir: resolve(o['state-dir']),
    ports: {
      worker: o['worker-port'],
      web: o['web-port'],
      solana: o['solana-port'],
      solanaSocket: o['solana-port'] + 1,
      hermes: o['hermes-port'],
      neon: o['neon-port'],
    },
    databaseUrl: env['DATABASE_URL'],
  };
}
