import { parseArgs } from 'node:util';
import { z } from 'zod';

/** What the local Hermes was asked for. */
export interface HermesOptions {
  /** TCP port on loopback; 0 takes a free one. */
  readonly port: number;
  /** Tape minutes per minute. */
  readonly speed: number;
  /** Moment of the tape to start at: ISO 8601, or HH:MM of the tape's day. */
  readonly at: string;
  /** Chooses the path between a bar's open, high, low and close; the same seed gives the same prices. */
  readonly seed: number;
  /** Wall-clock time at which the tape stood at `at`, in Unix seconds. A restarted server continues there. */
  readonly startedAt: number | undefined;
}

export const speedMax = 1_000;

export const hermesDefaults: HermesOptions = {
  port: 8890,
  speed: 1,
  at: '2025-06-12T22:00:00Z',
  seed: 1,
  startedAt: undefined,
};

export const hermesUsage = `node local/hermes/main.ts [options]

  --port N          port on 127.0.0.1 (default ${hermesDefaults.port})
  --speed N         tape minutes per minute (default ${hermesDefaults.speed}, at most ${speedMax})
  --at MOMENT       moment of the tape to start at, ISO 8601 or HH:MM (default ${hermesDefaults.at})
  --seed N          chooses the path inside each bar (default ${hermesDefaults.seed})
  --started-at SEC  Unix seconds at which the tape stood at --at (default: now)
`;

const flagsSchema = z.object({
  port: z.coerce.number().int().min(0).max(65_535).default(hermesDefaults.port),
  speed: z.coerce.number().positive().max(speedMax).default(hermesDefaults.speed),
  at: z.string().default(hermesDefaults.at),
  seed: z.coerce.number().int().min(0).max(0xffff_ffff).default(hermesDefaults.seed),
  'started-at': z.coerce.number().positive().optional(),
});

/** Parses the command line; throws an Error whose message names every flag that does not fit. */
export function parseHermesOptions(argv: readonly string[]): HermesOptions {
  const flag = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: { port: flag, speed: flag, at: flag, seed: flag, 'started-at': flag },
  });
  const parsed = flagsSchema.safeParse(values);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'));
  }
  const { 'started-at': startedAt, ...rest } = parsed.data;
  return { ...rest, startedAt };
}

/**
 * Position of a moment on the tape in milliseconds after its first minute. A bare HH:MM means the first such time at or
 * after the tape's start. Throws when the tape does not hold the moment.
 */
export function tapePosition(moment: string, tape: { readonly start: number; readonly minutes: number }): number {
  const startMs = tape.start * 1000;
  const lengthMs = tape.minutes * 60_000;
  const clock = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(moment);
  if (clock !== null) {
    const dayMs = 86_400_000;
    const wanted = (Number(clock[1]) * 60 + Number(clock[2])) * 60_000;
    return (wanted - (startMs % dayMs) + dayMs) % dayMs;
  }
  const position = Date.parse(moment) - startMs;
  if (!(position >= 0 && position < lengthMs)) {
    const [from, to] = [startMs, startMs + lengthMs].map((time) => new Date(time).toISOString());
    throw new Error(`${moment} is not a moment of the tape, which runs from ${from} to ${to}`);
  }
  return position;
}
