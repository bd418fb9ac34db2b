import type { Operation } from '../operation.ts';

export type ExampleJson =
  string | number | boolean | null | readonly ExampleJson[] | { readonly [field: string]: ExampleJson };

/** One request that works, shown in curl and in TypeScript. A test sends both and compares them. `$NAME` stands for a variable. */
export interface OperationExample {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: ExampleJson;
  /** The same request by the SDK: statements over `client`, with the variables in camelCase. */
  readonly typescript: string;
}

/** What the reference says of an operation beyond its schemas. */
export interface OperationGuide {
  /** Paragraphs, separated by blank lines; `code` between backticks. */
  readonly description: string;
  readonly example: OperationExample;
}

/** Guides by `METHOD path`, as the routes write them. */
export type Guides = Readonly<Record<string, OperationGuide>>;

export const operationKey = ({ method, path }: Pick<Operation, 'method' | 'path'>): string => `${method} ${path}`;

/** `POST /api/trading/positions/{id}/close` → `post_trading_positions_id_close`. */
export const operationIdOf = ({ method, path }: Pick<Operation, 'method' | 'path'>): string =>
  [method.toLowerCase(), ...path.split('/').filter((part) => part !== '' && part !== 'api')]
    .join('_')
    .replaceAll(/[{}]/g, '')
    .replaceAll(/[^\w]/g, '_');
