import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const supervisorEntry = 'supervisor';
const supervisorProgram = 'supervisor/main.ts';

/**
 * The process groups of this run, on disk, so that a run that was killed outright leaves nothing behind: the next start of the same state
 * folder ends what is left of it.
 */
export class RunFile {
  readonly #path: string;
  readonly #groups = new Map<string, number>();

  constructor(stateDir: string) {
    this.#path = join(stateDir, 'run.json');
  }

  /**
   * The supervisor that runs on this state folder now, or null. Two of them would overwrite each other's files.
   */
  livingSupervisor(): number | null {
    const pid = this.#read()[supervisorEntry];
    return pid !== undefined && pid !== process.pid && commandOf(pid).includes(supervisorProgram) ? pid : null;
  }

  /** Marks the folder as this process's. */
  claim(): void {
    this.record(supervisorEntry, process.pid);
  }

  /** Ends groups that an earlier run left. Only groups whose leader still carries our marker variable are touched. */
  endLeftovers(): string[] {
    const ended: string[] = [];
    for (const [name, pid] of Object.entries(this.#read())) {
      if (name === supervisorEntry || !ranHere(pid, this.#path)) continue;
      try {
        process.kill(-pid, 'SIGKILL');
        ended.push(name);
      } catch {
        // Ended by itself meanwhile.
      }
    }
    return ended;
  }

  record(name: string, pid: number | null): void {
    if (pid === null) this.#groups.delete(name);
    else this.#groups.set(name, pid);
    writeFileSync(this.#path, JSON.stringify(Object.fromEntries(this.#groups)));
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }

  /** The variable every part carries: tells our processes from a stranger's that got the same pid. */
  get marker(): Readonly<Record<string, string>> {
    return { QUANTDESK_RUN_FILE: this.#path };
  }

  #read(): Record<string, number> {
    try {
      const value: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      if (typeof value !== 'object' || value === null) return {};
      return Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
      );
    } catch {
      return {};
    }
  }
}

/** The command line of a process; empty when there is none. */
function commandOf(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}

/** Linux tells a process's environment; elsewhere a leftover is reported by its port instead. */
function ranHere(pid: number, runFile: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`QUANTDESK_RUN_FILE=${runFile}`);
  } catch {
    return false;
  }
}
