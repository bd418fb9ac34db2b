import * as z from 'zod';
import { decodeJson } from '#shared/money/json.ts';
import { writeJson } from '#shared/protocol/wire.ts';
import { bodyHash } from './body.ts';
import { refused } from './errors.ts';
import type { Operation } from './operation.ts';
import type { ConfirmedRequest } from './step-up.ts';
import { validate } from './validation.ts';

/** As long as the longest text that a confirmed request takes. */
const valueLengthMax = 200;
const fieldsLengthMax = 1_000;
/** What a Sign-In-With-Solana statement may hold, without the quote that ends a value. */
const foreignCharacters = /[^A-Za-z0-9 \-._~:/?#[\]@!$&()*+,;=]/g;

/**
 * Reads the request that is to be confirmed by the schemas of its own operation, so that nothing is signed which would be refused.
 *
 * @throws RefusedError VALIDATION_001 (no such operation, or none that is confirmed), and what the operation refuses of path and body.
 */
export async function readConfirmedRequest(
  operations: readonly Operation[],
  name: string,
  body: unknown,
): Promise<ConfirmedRequest> {
  const [method = '', path = ''] = name.split(' ');
  const confirmed = operations.filter(({ stepUp }) => stepUp === true);
  const operation = confirmed.find((known) => known.method === method && paramsIn(known.path, path) !== null);
  if (operation === undefined) {
    const names = confirmed.map((known) => `${known.method} ${known.path}`).join(', ');
    throw refused('VALIDATION_001', `operation: Nothing of this name takes a confirmation. What does: ${names}.`);
  }
  if (operation.params !== undefined) validate(operation.params, paramsIn(operation.path, path), 'path');
  const read = readBodyOf(operation, body);
  const fields = operation.body === undefined ? '' : fieldsOf(operation.body, read);
  return { operation: name, hash: await bodyHash(method, path, { body: read }), fields };
}

/** The body as the operation will read it; refusals name its fields as `body.name`. */
function readBodyOf({ body: schema }: Operation, body: unknown): unknown {
  if (schema !== undefined) return validate(z.object({ body: schema }), { body: body ?? {} }, 'body').body;
  if (body !== undefined) throw refused('VALIDATION_001', 'body: The operation takes none. Leave it out.');
  return undefined;
}

/** Values of a path's `{name}`s; null when it is another path. */
function paramsIn(template: string, path: string): Record<string, string> | null {
  const [wanted, given] = [template.split('/'), path.split('/')];
  if (wanted.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [place, part] of wanted.entries()) {
    const value = given[place] ?? '';
    if (part.startsWith('{')) params[part.slice(1, -1)] = value;
    else if (part !== value) return null;
  }
  return params;
}

/** `operation: 'open', off: true`: every field, in an order that is the schema's, cut to a length that is read. */
function fieldsOf(schema: z.ZodType, body: unknown): string {
  const wire = decodeJson(writeJson(schema, body));
  const named = Object.entries(wire as object).map(([name, value]) => `${plain(name)}: ${valueText(value)}`);
  let text = '';
  for (const [place, field] of named.entries()) {
    const next = text === '' ? field : `${text}, ${field}`;
    if (next.length > fieldsLengthMax) return `${text} and ${named.length - place} more`;
    text = next;
  }
  return text;
}

/** Texts stand in quotes and hold none, so that no value reads like another field. */
function valueText(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
  return `'${plain(typeof value === 'string' ? value : JSON.stringify(value))}'`;
}

function plain(text: string): string {
  const cut = text.length > valueLengthMax ? `${text.slice(0, valueLengthMax)}...` : text;
  return cut.replaceAll(foreignCharacters, '?');
}
