import * as z from 'zod';

/** A JSON Schema as `/openapi.json` has it. */
export type JsonSchema = Readonly<Record<string, unknown>>;

interface ParameterObject {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly schema: JsonSchema;
}

interface ContentObject {
  readonly content?: Readonly<Record<string, { readonly schema?: JsonSchema }>>;
}

interface OperationObject {
  readonly parameters?: readonly ParameterObject[];
  readonly requestBody?: ContentObject;
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, ContentObject & { readonly description: string }>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationObject>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

/** What an answer with one status may be. */
export interface DescribedAnswer {
  /** Content types, lower case; none: no body. */
  readonly contentTypes: readonly string[];
  /** Error codes that the description names. */
  readonly codes: ReadonlySet<string>;
  /** Checks a JSON body; null where there is none. */
  readonly schema: z.ZodType | null;
}

/** An operation as a stranger knows it: from the description alone. */
export interface DescribedOperation {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly isPrivate: boolean;
  readonly parameters: readonly ParameterObject[];
  readonly body: JsonSchema | null;
  readonly answers: ReadonlyMap<number, DescribedAnswer>;
}

export interface Description {
  readonly operations: readonly DescribedOperation[];
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

/** Reads the description of a running exchange. */
export async function describe(url: string): Promise<Description> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => operationOf(method.toUpperCase(), path, operation, document)),
  );
  return { operations, schemas: document.components.schemas };
}

function operationOf(method: string, path: string, operation: OperationObject, document: Document): DescribedOperation {
  return {
    name: `${method} ${path}`,
    method,
    path,
    isPrivate: operation.security.length > 0,
    parameters: operation.parameters ?? [],
    body: operation.requestBody?.content?.['application/json']?.schema ?? null,
    answers: new Map(
      Object.entries(operation.responses).map(([status, answer]) => [Number(status), answerOf(answer, document)]),
    ),
  };
}

function answerOf({ content = {}, description }: OperationObject['responses'][string], document: Document) {
  const schema = content['application/json']?.schema;
  return {
    contentTypes: Object.keys(content),
    codes: new Set(description.match(/\b[A-Z]+_\d{3}\b/g) ?? []),
    schema: schema === undefined ? null : checkerOf(schema, document),
  };
}

/** The description's references lead into `components`; the library looks for `$defs`. */
const relinked = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll('"#/components/schemas/', '"#/$defs/'));

const checkerOf = (schema: JsonSchema, document: Document): z.ZodType =>
  z.fromJSONSchema(relinked({ ...schema, $defs: document.components.schemas }) as z.core.JSONSchema.JSONSchema);
