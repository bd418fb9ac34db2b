import type { FailpointName } from './failpoint-names.ts';
import { abortOf, answerFailpointControl, reachFailpoint } from './failpoint-faults.ts';

/** Set when the worker is built: true in test builds only. Where it is unset or false nothing of a failpoint is left in the bundle. */
declare const FAILPOINTS: boolean;

/**
 * A place where a test build may be made to fail, for crash tests; in every other build it does nothing. Await it next to an await that is
 * there anyway: whatever holds there must survive others running in between. `again` repeats the effect just done, for a fault that does it twice.
 *
 * @throws what the armed fault says.
 */
export function failpoint(
  name: FailpointName,
  subject: string,
  again?: () => Promise<unknown>,
): Promise<void> | undefined {
  if (typeof FAILPOINTS !== 'undefined' && FAILPOINTS) return reachFailpoint(name, subject, again);
}

/** Lets faults armed for `subject` end this object as an eviction or a crash of its machine would. */
export function abortable(subject: string, context: DurableObjectState): void {
  if (typeof FAILPOINTS !== 'undefined' && FAILPOINTS)
    abortOf(subject, () => context.abort(`a fault ended ${subject}`));
}

type Fetch<Env> = (request: Request, env: Env, context: ExecutionContext) => Response | Promise<Response>;

/** Adds the endpoint that arms faults, in test builds. */
export function withFailpointControl<Env>(answer: Fetch<Env>): Fetch<Env> {
  if (typeof FAILPOINTS !== 'undefined' && FAILPOINTS) {
    return async (request, env, context) => (await answerFailpointControl(request)) ?? answer(request, env, context);
  }
  return answer;
}
