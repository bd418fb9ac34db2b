import type { CDPSession, Page } from 'playwright-core';

/** What the main thread did for one repaint, milliseconds of its own time: what other programs took of the machine meanwhile is not in it. */
export interface Frame {
  readonly busyMs: number;
  readonly scriptMs: number;
  readonly layoutMs: number;
  readonly paintMs: number;
  /** Of `busyMs`, what came after its first message; the rest is timers and the collection of garbage between two ticks. 0 without a message. */
  readonly sinceMessageMs: number;
  /** By the clock, with what others took. */
  readonly elapsedMs: number;
  /** Messages of the exchange that were taken for it. */
  readonly messages: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  /** Of `dur`, what the thread itself ran; microseconds. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

const categories = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel', '__metadata'];
const scriptEvents = new Set(['FunctionCall', 'TimerFire', 'FireAnimationFrame', 'RunMicrotasks', 'EvaluateScript']);
const layoutEvents = new Set(['UpdateLayoutTree', 'Layout']);
const paintEvents = new Set(['PrePaint', 'Paint', 'Layerize', 'Commit']);
const microsecondsPerMs = 1_000;

/** Records what the page's main thread does for a while. @returns its repaints: those that showed messages of the exchange, and those between. */
export async function recordFrames(page: Page, durationMs: number): Promise<Frame[]> {
  const session = await page.context().newCDPSession(page);
  const events = await trace(session, () => page.waitForTimeout(durationMs));
  await session.detach();
  return framesOf(events);
}

async function trace(session: CDPSession, during: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: categories },
  });
  await during();
  const complete = new Promise<void>((done) => session.once('Tracing.tracingComplete', () => done()));
  await session.send('Tracing.end');
  await complete;
  return events;
}

/** The main thread that receives the sockets' messages: there is one page. */
function framesOf(events: readonly TraceEvent[]): Frame[] {
  const isMain = new Set(
    events
      .filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const received = events.find(({ name, pid, tid }) => name === 'WebSocketReceive' && isMain.has(`${pid}/${tid}`));
  if (received === undefined) throw new Error('the page received no message while it was traced');
  const own = events.filter(({ pid, tid }) => pid === received.pid && tid === received.tid);
  const commits = own.filter(({ name, ph }) => name === 'Commit' && ph === 'X').map(({ ts, dur = 0 }) => ts + dur);
  const ends = [...commits].sort((a, b) => a - b);
  return ends.slice(1).map((to, index) => frameBetween(own, ends[index] ?? 0, to));
}

/** Everything between two repaints. Parts of a kind may lie within each other: the outermost counts. */
function frameBetween(events: readonly TraceEvent[], from: number, to: number): Frame {
  const within = events.filter(({ ts }) => ts > from && ts <= to);
  const received = within.filter(({ name }) => name === 'WebSocketReceive').map(({ ts }) => ts);
  const sum = (wanted: (name: string) => boolean, length: 'dur' | 'tdur' = 'tdur', endsAfter = from): number => {
    let total = 0;
    let coveredTo = 0;
    const spans = within
      .filter(({ name, ph, ts, dur = 0 }) => ph === 'X' && wanted(name) && ts + dur > endsAfter)
      .sort((a, b) => a.ts - b.ts);
    for (const span of spans) {
      if (span.ts < coveredTo) continue;
      total += span[length] ?? 0;
      coveredTo = span.ts + (span.dur ?? 0);
    }
    return total / microsecondsPerMs;
  };
  const isTask = (name: string) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask';
  return {
    busyMs: sum(isTask),
    scriptMs: sum((name) => scriptEvents.has(name)),
    layoutMs: sum((name) => layoutEvents.has(name)),
    paintMs: sum((name) => paintEvents.has(name)),
    sinceMessageMs: received.length === 0 ? 0 : sum(isTask, 'tdur', Math.min(...received)),
    elapsedMs: sum(isTask, 'dur'),
    messages: received.length,
  };
}
