import { mkdirSync, readFileSync, rmSync, writeFileSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';

const entrySchema = z.object({
  step: z.string(),
  signature: z.string(),
  lastValidBlockHeight: z.int(),
});

/** A transaction that may be on its way. */
export type JournalEntry = z.infer<typeof entrySchema>;

/** Where a run notes what it sends before it sends it, so that the next run looks for it before it plans anything. */
export interface Journal {
  read(): JournalEntry | null;
  write(entry: JournalEntry): void;
  clear(): void;
}

/** A journal in a file, replaced as a whole. */
export function fileJournal(path: string): Journal {
  return {
    read() {
      try {
        return entrySchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw new Error(`${path} is damaged: look whether its transaction landed, then delete it`, { cause: error });
      }
    },
    write(entry) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(`${path}.new`, JSON.stringify(entry));
      renameSync(`${path}.new`, path);
    },
    clear: () => rmSync(path, { force: true }),
  };
}

/** For a chain that this process alone writes to, and whose every step looks first. */
export const noJournal: Journal = { read: () => null, write: () => undefined, clear: () => undefined };
