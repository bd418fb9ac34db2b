import { startExchange, type RunningExchange } from '#support/running-exchange.ts';
import { arrangements } from '#support/examples/arrange.ts';
import { eventually } from '#support/examples/eventually.ts';
import { storeDeadLetter } from '#support/examples/dead-letter.ts';
import { recordAnswers } from '#support/examples/record.ts';
import { runCurl, runTypescript, type SentRequest, type Variables } from '#support/examples/run.ts';
import { ExampleTrader } from '#support/examples/trader.ts';
import { decodeJson } from '#shared/money/json.ts';
import { inspect } from 'node:util';
import * as z from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { walletOfSecret } from '../../examples/wallet.ts';
import { loadOrCreateKeys } from '../../local/supervisor/keys.ts';
import { curlOf, typescriptOf } from '../../workers/api/docs/examples.ts';
import { guides } from '../../workers/api/docs/guides/index.ts';
import { operationKey } from '../../workers/api/docs/guide.ts';
import { plainSocketExample, streamExample } from '../../workers/api/docs/socket-guide.ts';
import type { Operation } from '../../workers/api/operation.ts';
import { operations } from '../../workers/api/routes/index.ts';

/** `npm run docs:record` keeps the answers for the reference. */
const keepsAnswers = process.env['MODE'] === 'refresh';

let exchange: RunningExchange;
let trader: ExampleTrader;
let admin: ExampleTrader;
const answers = new Map<string, string>();

beforeAll(async () => {
  exchange = await startExchange();
  trader = new ExampleTrader(exchange.apiUrl);
  await trader.start();
  admin = new ExampleTrader(exchange.apiUrl, walletOfSecret(loadOrCreateKeys(exchange.stateDir).admin));
  await admin.enter();
});

afterAll(async () => {
  if (keepsAnswers) recordAnswers(answers);
  await exchange?.close();
});

const arranged = async (key: string): Promise<Variables> => ({
  ...trader.variables,
  ADMIN_TOKEN: admin.token,
  ...(await arrangements[key]?.({
    trader,
    admin,
    newcomer: async () => {
      const newcomer = new ExampleTrader(exchange.apiUrl);
      await newcomer.enter();
      return newcomer;
    },
    deadLetter: () => storeDeadLetter(exchange.stateDir),
  })),
});

const filled = (text: string, variables: Variables): string =>
  text.replaceAll(/\$([A-Z_]+)/g, (whole, name: string) => variables[name] ?? whole);

/** The request that the guide describes, its variables filled in. */
function guided(operation: Operation, variables: Variables) {
  const {
    params = {},
    query = {},
    body,
    headers = {},
  } = guides[operationKey(operation)]?.example ?? { typescript: '' };
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => filled(params[name] ?? '', variables));
  const text =
    body === undefined
      ? undefined
      : JSON.stringify(body).replaceAll(/"\$([A-Z_]+)"/g, (_whole, name: string) => {
          const value = variables[name] ?? '';
          return name === 'MESSAGE' ? value : JSON.stringify(value);
        });
  return { path, query, body: text, idempotencyKey: headers['Idempotency-Key'] };
}

const readBody = (operation: Operation, text: string | null | undefined): unknown =>
  operation.body === undefined ? undefined : z.decode(operation.body, decodeJson(text ?? '{}') as never);

function expectSame(operation: Operation, sent: SentRequest | undefined, variables: Variables): void {
  const expected = guided(operation, variables);
  expect(sent?.method).toBe(operation.method);
  expect(sent?.url.pathname).toBe(expected.path);
  expect(Object.fromEntries(sent?.url.searchParams ?? [])).toEqual(expected.query);
  expect(readBody(operation, sent?.body)).toEqual(readBody(operation, expected.body));
  expect(sent?.headers.get('idempotency-key') ?? undefined).toBe(expected.idempotencyKey);
}

describe.each(operations.map((operation): [string, Operation] => [operationKey(operation), operation]))(
  'the example of %s',
  (key, operation) => {
    let variables: Variables;

    test('succeeds with curl as it is shown, and answers what the schema says', async () => {
      variables = await arranged(key);
      const answer = await runCurl(curlOf(operation) ?? '', variables);
      expect(answer.status, answer.body).toBe(operation.status);
      if (operation.answer === undefined || operation.media !== undefined) return;
      expect(z.safeDecode(operation.answer, decodeJson(answer.body) as never).error).toBeUndefined();
      answers.set(key, answer.body);
    });

    test('sends the same request from TypeScript as it is shown', async () => {
      // A repeated command gets its first answer; what works once needs its variables anew.
      if (operation.idempotent !== true) variables = await arranged(key);
      const sent = await runTypescript(typescriptOf(operation) ?? '', variables);
      expectSame(operation, sent.at(-1), variables);
    });
  },
);

test('the examples of the socket receive prices, with the SDK and without', async () => {
  for (const example of [streamExample, plainSocketExample]) {
    const messages: unknown[] = [];
    const code = example.replace(/^import .*$/m, '');
    await runTypescript(code, trader.variables, { received: (message: unknown) => messages.push(message) });
    await eventually(async () => messages.find((message) => inspect(message, { depth: null }).includes('SOL-PERP')));
  }
});
