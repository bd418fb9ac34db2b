import { spawn, type ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { logLine, logProblem, readLines } from './output.ts';

const restartDelayMsMin = 500;
const restartDelayMsMax = 10_000;
/** A part that lived this long starts its restart delays anew. */
const healthyAfterMs = 60_000;
const stopGraceMs = 5_000;

export interface ProcessPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What a person reads of a line; null where it carries nothing for him. Default: the line as it is. */
  readonly show?: (line: string) => string | null;
  /** Resolves once the part answers; called after every (re)start. Throws when the time is over. */
  readonly ready: (signal: AbortSignal, nextLine: LineWatch) => Promise<void>;
}

/** Resolves with the first line for which `match` is true. */
export type LineWatch = (match: (line: string) => boolean, signal: AbortSignal) => Promise<string>;

/**
 * One part of the exchange, kept alive. It runs in a process group of its own, because wrangler and vite start children that would outlive
 * a signal to their parent alone: stopping signals the whole group.
 */
export class ManagedProcess {
  readonly #plan: ProcessPlan;
  #child: ChildProcess | null = null;
  #stopping = false;
  /** Whether the present process has answered once. */
  #answered = false;
  #restartDelayMs = restartDelayMsMin;
  #watchers = new Set<(line: string) => void>();
  readonly #onPid: (name: string, pid: number | null) => void;

  constructor(plan: ProcessPlan, onPid: (name: string, pid: number | null) => void) {
    this.#plan = plan;
    this.#onPid = onPid;
  }

  get name(): string {
    return this.#plan.name;
  }

  /** Calls `watcher` with every line the part prints, across restarts. */
  onLine(watcher: (line: string) => void): void {
    this.#watchers.add(watcher);
  }

  /** Starts the part and waits until it answers. Rejects when it dies or stays silent before that. */
  async start(readyMsMax: number): Promise<void> {
    const aborter = new AbortController();
    const timer = setTimeout(
      () => aborter.abort(new Error(`${this.name} did not answer within ${readyMsMax / 1000} s`)),
      readyMsMax,
    );
    const child = this.#spawn();
    const died = new Promise<never>((_, reject) => {
      child.once('exit', (code, signal) =>
        reject(new Error(`${this.name} ended while starting (${signal ?? `exit code ${code}`})`)),
      );
    });
    try {
      await Promise.race([this.#plan.ready(aborter.signal, this.#watchLine), died]);
      this.#answered = true;
      child.once('exit', (code, signal) => void this.#restart(signal ?? `exit code ${code}`));
      if (child.exitCode !== null) throw new Error(`${this.name} ended right after its start`);
    } finally {
      clearTimeout(timer);
      aborter.abort();
      died.catch(() => undefined);
    }
  }

  /** Ends a part that hangs; it is started again like one that died. One that is still starting is left to its own time limit. */
  recycle(): void {
    if (this.#stopping || !this.#answered) return;
    logProblem(`${this.name} lives but does not answer`);
    this.#signalGroup('SIGKILL');
  }

  /** Asks the group to end, then ends it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((settle) => child.once('exit', () => settle()));
    this.#signalGroup('SIGTERM');
    await Promise.race([exited, sleep(stopGraceMs, undefined, { ref: false })]);
    this.kill();
  }

  /** Ends the group at once; callable from an exit handler. */
  kill(): void {
    this.#stopping = true;
    this.#signalGroup('SIGKILL');
  }

  #spawn(): ChildProcess {
    this.#answered = false;
    const child = spawn(this.#plan.command, this.#plan.args, {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, FORCE_COLOR: '0', ...this.#plan.env },
    });
    this.#child = child;
    this.#onPid(this.name, child.pid ?? null);
    const onLine = (line: string) => {
      for (const watcher of this.#watchers) watcher(line);
      const shown = this.#plan.show === undefined ? line : this.#plan.show(line);
      if (shown !== null && shown.trim() !== '') logLine(this.name, shown);
    };
    readLines(child.stdout, onLine);
    readLines(child.stderr, onLine);
    child.once('error', (error) => logProblem(`${this.name}: ${error.message}`));
    return child;
  }

  #watchLine: LineWatch = (match, signal) =>
    new Promise((settle, reject) => {
      const watcher = (line: string) => {
        if (!match(line)) return;
        this.#watchers.delete(watcher);
        settle(line);
      };
      this.#watchers.add(watcher);
      signal.addEventListener('abort', () => {
        this.#watchers.delete(watcher);
        reject(signal.reason instanceof Error ? signal.reason : new Error(`${this.name} stopped waiting`));
      });
    });

  async #restart(reason: string): Promise<void> {
    this.#signalGroup('SIGKILL');
    if (this.#stopping) return;
    logProblem(`${this.name} died (${reason}); starting it again in ${this.#restartDelayMs / 1000} s`);
    await sleep(this.#restartDelayMs);
    this.#restartDelayMs = Math.min(this.#restartDelayMs * 2, restartDelayMsMax);
    if (this.#stopping) return;
    const startedAt = Date.now();
    try {
      await this.start(120_000);
      logLine(this.name, 'answers again');
      setTimeout(() => {
        if (Date.now() - startedAt >= healthyAfterMs) this.#restartDelayMs = restartDelayMsMin;
      }, healthyAfterMs).unref();
    } catch (error) {
      await this.#restart(error instanceof Error ? error.message : String(error));
    }
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The group is gone already: nothing to end.
    }
  }
}
