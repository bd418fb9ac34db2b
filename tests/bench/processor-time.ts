import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks of Linux's accounting per second. */
const ticksPerSecond = 100;

/** Processor seconds that the workerd processes of this one have used, by process; empty where there is no /proc. */
export function workerdSeconds(): ReadonlyMap<number, number> {
  const seconds = new Map<number, number>();
  for (const pid of processes()) {
    const fields = statOf(pid);
    if (fields === null || !fields.name.startsWith('workerd') || fields.parent !== process.pid) continue;
    seconds.set(pid, fields.ticks / ticksPerSecond);
  }
  return seconds;
}

function processes(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function statOf(pid: number): { name: string; parent: number; ticks: number } | null {
  try {
    const [, name = '', rest = ''] = /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    const fields = rest.split(' ');
    // After the name: state, parent, …; user and system time are the 12th and 13th (proc(5)).
    return { name, parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return null;
  }
}
