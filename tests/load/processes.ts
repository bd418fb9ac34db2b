import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of Linux's accounting per second. */
const ticksPerSecond = 100;

export interface ProcessUse {
  readonly seconds: number;
  /** Resident memory, bytes. */
  readonly memory: number;
}

const pageBytes = 4_096;

/** Processor time and memory that a process and those below it have used until now; zero where there is no /proc. */
export function useOf(pid: number): ProcessUse {
  const all = processes();
  const own = new Set([pid]);
  // Children have larger numbers but for a wrap-around: passes until none is added.
  for (let size = 0; size !== own.size;) {
    size = own.size;
    for (const { pid: child, parent } of all) if (own.has(parent)) own.add(child);
  }
  const mine = all.filter((process) => own.has(process.pid));
  return {
    seconds: mine.reduce((sum, { ticks }) => sum + ticks, 0) / ticksPerSecond,
    memory: mine.reduce((sum, { pages }) => sum + pages, 0) * pageBytes,
  };
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
  readonly pages: number;
}

function processes(): Stat[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => statOf(Number(name)) ?? []);
  } catch {
    return [];
  }
}

function statOf(pid: number): Stat | null {
  try {
    const [, , rest = ''] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const fields = rest.split(' ');
    // After the name: state, parent, …; user and system time are the 12th and 13th, resident pages the 22nd (proc(5)).
    return {
      pid,
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
      pages: Number(fields[21]),
    };
  } catch {
    return null;
  }
}

/** Runnable tasks of the machine, averaged over a minute; null where there is no /proc. */
export function loadAverage(): number | null {
  try {
    return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
  } catch {
    return null;
  }
}
