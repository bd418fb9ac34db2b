import { fieldMeanings } from './fields.ts';

export type Json = Readonly<Record<string, unknown>>;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a field says of itself beyond its unit, and the unit of a decimal. */
function spokenOf(field: Json): { readonly own: string | undefined; readonly unit: string | undefined } {
  const parts = [field, ...(Array.isArray(field.anyOf) ? field.anyOf.filter(isJson) : [])];
  const unit = parts.map((part) => part['x-unit']).find((text) => typeof text === 'string');
  const own = typeof field.description === 'string' && field.description !== unit ? field.description : undefined;
  return { own, unit };
}

const sentences = (texts: readonly (string | undefined)[]): string =>
  texts
    .filter((text) => text !== undefined && text !== '')
    .map((text) => text?.replace(/\.$/, ''))
    .join('. ');

/** What a field means, with its unit; empty where nobody said it. `owner` is the named schema it belongs to. */
export function describedField(name: string, field: Json, owner: string | null): Json {
  const { own, unit } = spokenOf(field);
  const description = sentences([own ?? fieldMeanings[`${owner}.${name}`] ?? fieldMeanings[name], unit]);
  return { ...(describedFields(field, owner) as Json), ...(description === '' ? {} : { description }) };
}

/** A schema with the meaning of every field in it. */
export function describedFields(schema: unknown, owner: string | null): unknown {
  if (Array.isArray(schema)) return schema.map((item) => describedFields(item, owner));
  if (!isJson(schema)) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'properties' && isJson(value)) return [key, describedProperties(value, owner)];
      return [key, key === 'examples' || key === 'default' ? value : describedFields(value, owner)];
    }),
  );
}

const describedProperties = (properties: Json, owner: string | null): Json =>
  Object.fromEntries(
    Object.entries(properties).map(([name, field]) => [
      name,
      isJson(field) ? describedField(name, field, owner) : field,
    ]),
  );
