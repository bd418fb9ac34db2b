import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { SupervisorOptions } from './options.ts';

const tapeStartSchema = z.object({ at: z.string().nullable(), speed: z.number(), startedAt: z.number() });

/**
 * Unix seconds at which this network's tape started. It is kept, so that a replay that died, or a run resumed later, goes on where the tape
 * would be now instead of jumping back; another `--at` or `--speed` starts the tape anew.
 */
export function tapeStartedAt(options: SupervisorOptions): number {
  const path = join(options.stateDir, 'tape.json');
  const wanted = { at: options.at ?? null, speed: options.speed };
  const kept = readKept(path);
  if (kept !== null && kept.speed === wanted.speed && (options.at === undefined || kept.at === wanted.at))
    return kept.startedAt;
  const startedAt = Math.floor(Date.now() / 1000);
  writeFileSync(path, JSON.stringify({ ...wanted, startedAt }));
  return startedAt;
}

/** The moment the kept tape was started at, when none is asked for now. */
export function tapeMoment(options: SupervisorOptions): string | undefined {
  return options.at ?? readKept(join(options.stateDir, 'tape.json'))?.at ?? undefined;
}

function readKept(path: string): z.infer<typeof tapeStartSchema> | null {
  try {
    return tapeStartSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}
