import * as z from 'zod';
import { describedFields, type Json } from './describe.ts';

/** Collects the named schemas that others refer to. */
export class Components {
  readonly schemas: Record<string, unknown> = {};

  /** The JSON Schema of a wire value; named schemas become references. Every field says what it means. */
  schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
    const document = z.toJSONSchema(z.object({ root: schema }), { io, unrepresentable: 'any' });
    for (const [name, definition] of Object.entries(document.$defs ?? {})) {
      this.schemas[name] = describedFields(relinked(definition), name);
    }
    return describedFields(relinked(document.properties?.root ?? {}), null) as Json;
  }
}

/** JSON Schema keeps named schemas in `$defs`, OpenAPI in `components`. */
function relinked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relinked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => key !== 'id' || typeof item !== 'string')
      .map(([key, item]) => [
        key,
        key === '$ref' && typeof item === 'string' ? item.replace('#/$defs/', '#/components/schemas/') : relinked(item),
      ]),
  );
}
