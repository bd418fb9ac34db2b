import type * as z from 'zod';
import { refused } from './errors.ts';
import { shortened } from './validation-text.ts';

/** How an operation reads its query. */
export interface QueryForm {
  /** Parameters it knows; without a schema none. */
  readonly query: z.ZodObject | undefined;
  /** Parameters that may be repeated: `symbols=A&symbols=B` reads like `symbols=A,B`. */
  readonly lists?: readonly string[] | undefined;
  readonly path: string;
}

/**
 * The parameters of a request, each once. A name nobody reads is refused and never ignored: whoever mistypes a filter of a cancellation
 * would otherwise cancel everything. Probes of monitors (`/health`, `/ready`) may carry what they like.
 * @throws RefusedError VALIDATION_001, naming the parameter and those that there are.
 */
export function readQuery(sent: Readonly<Record<string, string[]>>, form: QueryForm): Record<string, string> {
  if (form.path.startsWith('/api/')) checkNames(sent, form);
  return Object.fromEntries(Object.entries(sent).map(([name, values]) => [name, values.join(',')]));
}

function checkNames(sent: Readonly<Record<string, string[]>>, { query, lists = [] }: QueryForm): void {
  const known = Object.keys(query?.shape ?? {});
  for (const [name, values] of Object.entries(sent)) {
    if (!known.includes(name)) {
      const takes = known.length === 0 ? 'It takes none.' : `It takes ${known.join(', ')}.`;
      throw refusedParameter(name, `This operation has no query parameter "${shortened(name)}". ${takes}`);
    }
    if (values.length > 1 && !lists.includes(name)) throw refusedParameter(name, `Give ${name} once.`);
  }
}

const refusedParameter = (name: string, message: string) =>
  refused('VALIDATION_001', message, { details: [{ path: shortened(name), message }] });
