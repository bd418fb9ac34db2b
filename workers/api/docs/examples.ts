import { guides } from './guides/index.ts';
import { operationKey, type ExampleJson, type OperationExample } from './guide.ts';
import type { Operation } from '../operation.ts';
import { exampleVariables, isJsonVariable } from './variables.ts';

const indent = 2;

/** The operation's example as a shell command that can be pasted; null where nobody wrote one. */
export function curlOf(operation: Operation): string | null {
  const example = guides[operationKey(operation)]?.example;
  if (example === undefined) return null;
  const method = methodFlag(operation, example);
  const lines = [
    `curl ${method}"$API${pathOf(operation.path, example)}"`,
    ...headersOf(operation, example).map((header) => `-H "${header}"`),
  ];
  if (example.body === undefined) return lines.join(' \\\n  ');
  return [...lines, '-d @- <<JSON'].join(' \\\n  ') + `\n${bodyText(example.body)}\nJSON`;
}

/** curl makes a GET of a request without a body and a POST of one with it. */
function methodFlag({ method }: Operation, { body }: OperationExample): string {
  const implied = body === undefined ? 'GET' : 'POST';
  return method === implied ? '' : `-X ${method} `;
}

function pathOf(path: string, { params = {}, query = {} }: OperationExample): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole);
  const search = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return search.length === 0 ? filled : `${filled}?${search.join('&')}`;
}

function headersOf(operation: Operation, { headers = {}, body }: OperationExample): string[] {
  const bearer = operation.auth === 'none' ? [] : [`Authorization: Bearer ${tokenOf(operation)}`];
  const content = body === undefined ? [] : ['Content-Type: application/json'];
  return [...bearer, ...content, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)];
}

const tokenOf = ({ path }: Operation): string => (path.startsWith('/api/admin') ? '$ADMIN_TOKEN' : '$TOKEN');

/** A variable that holds JSON already stands without quotes. */
const bodyText = (body: ExampleJson): string =>
  JSON.stringify(body, null, indent).replaceAll(/"\$([A-Z_]+)"/g, (whole, name: string) =>
    isJsonVariable(name) ? `$${name}` : whole,
  );

/** The same request by the SDK; null where nobody wrote one. */
export const typescriptOf = (operation: Operation): string | null =>
  guides[operationKey(operation)]?.example.typescript ?? null;

/** What every TypeScript example starts from. */
export const typescriptPrelude = `import { base, createClient, newIdempotencyKey, times, usd, usdc } from '#sdk/index.ts';

const client = createClient({ baseUrl: api, accessToken: () => token });`;

/** The variables that a text of an example uses, in their order. */
export const variablesIn = (text: string) =>
  exampleVariables.filter(({ shell }) => new RegExp(`\\$${shell}\\b`).test(text));
