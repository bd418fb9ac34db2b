import { execFile } from 'node:child_process';
import { stripTypeScriptTypes } from 'node:module';
import { promisify } from 'node:util';
import * as sdk from '#sdk/index.ts';
import { exampleVariables } from '../../../workers/api/docs/variables.ts';

/** Values of the examples' variables, by their names in the shell. */
export type Variables = Readonly<Record<string, string>>;

const exampleMsMax = 30_000;
const outputBytesMax = 4_000_000;
const statusMark = '\n#status ';

export interface ShellAnswer {
  readonly status: number;
  readonly body: string;
}

/** Runs a curl example as it stands, in a shell that knows the variables. */
export async function runCurl(text: string, variables: Variables): Promise<ShellAnswer> {
  const wrapped = `curl() { command curl --silent --show-error --max-time 20 -w '\n#status %{http_code}' "$@"; }\n${text}`;
  const { stdout } = await promisify(execFile)('bash', ['-eu', '-c', wrapped], {
    env: { PATH: process.env['PATH'], ...variables },
    timeout: exampleMsMax,
    maxBuffer: outputBytesMax,
  });
  const at = stdout.lastIndexOf(statusMark);
  return { status: Number(stdout.slice(at + statusMark.length)), body: stdout.slice(0, at) };
}

/** A request as it left the client. */
export interface SentRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | null;
}

const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor as FunctionConstructor;

/** Runs a TypeScript example as it stands, over a client of this wallet, and tells what it sent. */
export async function runTypescript(
  text: string,
  variables: Variables,
  given: Readonly<Record<string, unknown>> = {},
): Promise<SentRequest[]> {
  const sent: SentRequest[] = [];
  const { TOKEN, ADMIN_TOKEN } = variables;
  const client = sdk.createClient({
    baseUrl: variables['API'] ?? '',
    accessToken: () => (text.includes('client.admin') ? ADMIN_TOKEN : TOKEN),
    fetch: (input, init) => {
      const { method = 'GET', headers, body } = init ?? {};
      sent.push({
        method,
        url: new URL(String(input)),
        headers: new Headers(headers),
        body: typeof body === 'string' ? body : null,
      });
      return fetch(input, init);
    },
  });
  const names = exampleVariables.flatMap(({ shell, typescript }) =>
    variables[shell] === undefined ? [] : [[typescript, plainValue(shell, variables[shell])] as const],
  );
  const known: Record<string, unknown> = { ...sdk, client, ...Object.fromEntries(names), ...given };
  const code = stripTypeScriptTypes(text);
  await (new AsyncFunction(...Object.keys(known), code)(...Object.values(known)) as Promise<unknown>);
  return sent;
}

/** What stands as JSON in the shell is plain text in TypeScript. */
const plainValue = (shell: string, value: string): string =>
  shell === 'MESSAGE' ? (JSON.parse(value) as string) : value;
