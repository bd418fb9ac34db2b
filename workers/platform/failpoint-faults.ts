import * as z from 'zod';
import { type FailpointName, FAILPOINTS_BY_NAME } from './failpoint-names.ts';

/**
 * What happens at an armed failpoint. `throw`: the handler fails there, after an effect its answer is lost. `abort`: the object ends, and what
 * it had not stored is gone. `twice`: the effect just done is done once more. `stall`: it is reported to an address and stays until that
 * answers, so that the process can be killed there, or others go ahead. A function: what runs when a module is loaded stays in every bundle.
 */
const faultSchema = () =>
  z
    .object({
      name: z.enum(Object.keys(FAILPOINTS_BY_NAME) as [FailpointName, ...FailpointName[]]),
      action: z.enum(['throw', 'abort', 'twice', 'stall']),
      /** Beginning of the subject; null: any. */
      subject: z.string().nullable().default(null),
      /** The object that `abort` ends; null: the one the subject names. */
      ends: z.string().nullable().default(null),
      /** How often it happens, from the first time the point is reached. */
      times: z.number().int().min(1).default(1),
      /** Where a stalled point reports to. */
      report: z.url().nullable().default(null),
    })
    .refine(
      ({ action, report }) => action !== 'stall' || report !== null,
      'a point that stalls needs an address to report to',
    );

export type Fault = z.input<ReturnType<typeof faultSchema>>;

type ArmedFault = z.output<ReturnType<typeof faultSchema>> & { happened: number };

const controlPath = '/__failpoints';
const controlSchema = () => z.strictObject({ arm: z.array(faultSchema()) });

/** Module state: a killed worker starts without faults, so that its recovery is its own. */
let armed: ArmedFault[] = [];
const aborts = new Map<string, () => void>();

/** The failure of an armed failpoint. */
export class FailpointReached extends Error {
  override readonly name = 'FailpointReached';
}

/** Replaces the armed faults. */
export function armFaults(faults: readonly Fault[]): void {
  armed = faults.map((fault) => ({ ...faultSchema().parse(fault), happened: 0 }));
}

/** How often the armed faults happened. */
export const faultsHappened = (): number => armed.reduce((sum, { happened }) => sum + happened, 0);

export const abortOf = (subject: string, abort: () => void): Map<string, () => void> => aborts.set(subject, abort);

export async function reachFailpoint(
  name: FailpointName,
  subject: string,
  again?: () => Promise<unknown>,
): Promise<void> {
  const fault = armed.find(
    (candidate) =>
      candidate.name === name && candidate.happened < candidate.times && subject.startsWith(candidate.subject ?? ''),
  );
  if (fault === undefined) return;
  fault.happened += 1;
  switch (fault.action) {
    case 'throw':
      throw new FailpointReached(`failed at ${name}`);
    case 'twice':
      if (again === undefined) throw new TypeError(`${name} cannot repeat its effect`);
      await again();
      return;
    case 'abort': {
      const abort = aborts.get(fault.ends ?? subject);
      if (abort === undefined) throw new TypeError(`${name} names no object to end`);
      abort();
      throw new FailpointReached(`ended at ${name}`);
    }
    case 'stall':
      await stall(fault.report ?? '', name, subject);
  }
}

/** The answer decides how it goes on: 204 goes ahead, anything else fails there. */
async function stall(report: string, name: FailpointName, subject: string): Promise<void> {
  const answer = await fetch(report, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, subject }),
  });
  await answer.body?.cancel();
  if (answer.status !== 204) throw new FailpointReached(`failed at ${name}`);
}

/** POST arms faults in place of the ones before; GET says how often each happened. Null: the request is not for the faults. */
export async function answerFailpointControl(request: Request): Promise<Response | null> {
  if (new URL(request.url).pathname !== controlPath) return null;
  if (request.method === 'POST') {
    const command = controlSchema().safeParse(await request.json());
    if (!command.success) return Response.json({ error: z.prettifyError(command.error) }, { status: 400 });
    armFaults(command.data.arm);
  }
  return Response.json({ armed: armed.map(({ name, action, happened }) => ({ name, action, happened })) });
}
