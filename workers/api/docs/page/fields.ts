import { html } from 'hono/html';
import type { Json } from '../describe.ts';
import { inline, joined, none, type Html } from './text.ts';

/** A field of a request or an answer, ready to be read. */
interface Row {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
  readonly bounds: string;
}

/** The named schemas that others refer to. */
export type Schemas = Readonly<Record<string, unknown>>;

/** Deeper objects are named, not unfolded. */
const depthMax = 4;

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const jsonList = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);

/** What a reference leads to, with what stands beside it. */
function resolved(schema: Json, schemas: Schemas): Json {
  const name = typeof schema.$ref === 'string' ? schema.$ref.replace('#/components/schemas/', '') : undefined;
  const target = name === undefined ? undefined : schemas[name];
  return isJson(target) ? { ...target, ...schema } : schema;
}

/** The one form of a value that may be null. */
function withoutNull(schema: Json, schemas: Schemas): { readonly schema: Json; readonly nullable: boolean } {
  const forms = jsonList(schema.anyOf);
  const rest = forms.filter(({ type }) => type !== 'null');
  const [only] = rest;
  if (forms.length === 0 || only === undefined || rest.length > 1) return { schema, nullable: false };
  return {
    schema: {
      ...resolved(only, schemas),
      ...(schema.description === undefined ? {} : { description: schema.description }),
    },
    nullable: rest.length < forms.length,
  };
}

function typeOf(schema: Json, schemas: Schemas): string {
  if (Array.isArray(schema.enum)) return 'string';
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === 'array' && isJson(schema.items)) {
    return `array of ${typeOf(resolved(schema.items, schemas), schemas)}`;
  }
  if (schema.format === 'decimal') return 'decimal';
  if (schema.type === 'string' && typeof schema.format === 'string') return schema.format;
  return typeof schema.type === 'string' ? schema.type : 'any';
}

function boundsOf(schema: Json): string {
  const { minimum, maximum, minLength, maxLength } = schema;
  const unbounded = (value: unknown): boolean => typeof value !== 'number' || Math.abs(value) >= 9e10;
  const parts = [
    valuesOf(schema),
    schema.default === undefined ? '' : `default \`${JSON.stringify(schema.default).replaceAll('"', '')}\``,
    unbounded(minimum) ? '' : `≥ ${String(minimum)}`,
    unbounded(maximum) ? '' : `≤ ${String(maximum)}`,
    typeof maxLength === 'number'
      ? `${minLength === undefined ? 0 : String(minLength)} to ${maxLength} characters`
      : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** The values an enum takes, unless its description names them all. */
function valuesOf({ enum: values, description }: Json): string {
  if (!Array.isArray(values)) return '';
  const marked = values.map((value) => `\`${String(value)}\``);
  return marked.every((value) => String(description).includes(value)) ? '' : marked.join(' ');
}

function rowsOf(schema: Json, schemas: Schemas, prefix: string, depth: number): Row[] {
  const required = new Set(Array.isArray(schema.required) ? schema.required : []);
  const properties = isJson(schema.properties) ? schema.properties : {};
  return Object.entries(properties).flatMap(([name, property]) =>
    isJson(property) ? fieldRows(`${prefix}${name}`, property, required.has(name), schemas, depth) : [],
  );
}

function fieldRows(name: string, property: Json, required: boolean, schemas: Schemas, depth: number): Row[] {
  const { schema, nullable } = withoutNull(resolved(property, schemas), schemas);
  const row: Row = {
    name,
    type: `${typeOf(schema, schemas)}${nullable ? ' or null' : ''}`,
    required,
    description: typeof schema.description === 'string' ? schema.description : '',
    bounds: boundsOf(schema),
  };
  if (depth >= depthMax) return [row];
  const items = isJson(schema.items) ? resolved(schema.items, schemas) : undefined;
  if (items !== undefined) return [row, ...rowsOf(items, schemas, `${name}[].`, depth + 1)];
  return [row, ...rowsOf(schema, schemas, `${name}.`, depth + 1)];
}

const rowHtml = ({ name, type, required, description, bounds }: Row, showsRequired: boolean): Html =>
  html`<tr>
    <th scope="row">
      <code>${name}</code> <span class="type">${type}</span>
      ${showsRequired && required ? html`<span class="required">required</span>` : none}
    </th>
    <td>${inline(description)}${bounds === '' ? none : html` <span class="bounds">${inline(bounds)}</span>`}</td>
  </tr>` as Html;

function table(caption: string, rows: readonly Row[], showsRequired: boolean): Html {
  if (rows.length === 0) return none;
  return html`<table class="fields">
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">Field</th>
        <th scope="col">Meaning</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map((row) => rowHtml(row, showsRequired))}
    </tbody>
  </table>` as Html;
}

/** The parameters of one place as a table. */
export function parameterTable(caption: string, parameters: readonly Json[], schemas: Schemas): Html {
  const rows = parameters.flatMap(({ name, required, description, schema }) =>
    typeof name === 'string' && isJson(schema)
      ? fieldRows(name, { ...schema, description }, required === true, schemas, depthMax)
      : [],
  );
  return table(caption, rows, true);
}

/** A body or an answer: its fields; one table per form where it takes several. */
export function schemaTable(caption: string, schema: Json, schemas: Schemas, showsRequired: boolean): Html {
  const whole = resolved(schema, schemas);
  const forms = [...jsonList(whole.oneOf), ...jsonList(whole.anyOf)].map((form) => resolved(form, schemas));
  if (forms.length > 0) {
    return joined(
      forms.map((form) => table(`${caption}: ${formName(form)}`, rowsOf(form, schemas, '', 0), showsRequired)),
    );
  }
  if (whole.type === 'array' && isJson(whole.items)) {
    const items = resolved(whole.items, schemas);
    return table(`${caption}: a list, each entry with`, rowsOf(items, schemas, '', 0), showsRequired);
  }
  return table(caption, rowsOf(whole, schemas, '', 0), showsRequired);
}

/** What tells a form from the others: its constant field. */
function formName(form: Json): string {
  const properties = isJson(form.properties) ? Object.values(form.properties).filter(isJson) : [];
  const constant = properties.map((property) => property.const).find((value) => value !== undefined);
  return constant === undefined ? 'one of the forms' : String(constant);
}
