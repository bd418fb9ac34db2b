import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { protocols } from '#support/llm/llm-server.ts';
import type { Models } from '../../workers/analyst/models/contract.ts';
import { type FailureCase, failureCases, goodValue, schema } from './failure-cases.ts';
import { modelOf, modelsOf, request, seenOf, Servers, testKey } from './model-world.ts';

/** The rows of docs/analyst-models.md, by the failure they are about. */
const documented = new Map(
  readFileSync('docs/analyst-models.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.split('|').length === 6)
    .map((line) => {
      const [name = '', asked, alone, withAnother] = line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim());
      return [name, { asked, alone, withAnother }] as const;
    }),
);

const servers = new Servers();
afterEach(() => servers.close());

const price = {
  ...{ name: 'price', description: 'The price of a market.', schema: z.object({ symbol: z.string() }) },
  run: async () => ({ price: '150.25' }),
};

/** What a caller sees, in the words of the table. */
async function outcomeOf(models: Models, { isStructured = false }: FailureCase): Promise<string> {
  const ask = request({ tools: [price] });
  if (isStructured) {
    const answer = await models.structured({ ...ask, schema });
    if (answer.ok) expect(answer.value).toEqual(goodValue);
    return answer.ok ? `an answer${answer.model.model === 'm' ? '' : ' of the other'}` : `\`${answer.failure.reason}\``;
  }
  const { text, model, failure, events } = await seenOf(models.stream(ask));
  const named = events.filter((event) => event.type === 'model').map((event) => event.model);
  expect(new Set(named).size).toBe(named.length);
  if (failure === null) return `an answer${model === 'm' ? '' : ' of the other'}`;
  expect(failure.message).not.toContain(testKey);
  return `${text === '' ? '' : 'text, then '}\`${failure.reason}\``;
}

describe.each(protocols)('a model that fails over %s', (protocol) => {
  it.each(failureCases.map((failure) => [failure.name, failure] as const))(
    '%s: as documented',
    async (name, failure) => {
      const row = documented.get(name);
      const [failing, healthy] = [await servers.start(protocol), await servers.start(protocol)];
      const other = modelOf(protocol, healthy.baseUrl, { model: 'other' });
      const good = failure.isStructured === true ? [JSON.stringify(goodValue)] : ['I take over.'];
      const worlds = [[modelOf(protocol, failing.baseUrl)], [modelOf(protocol, failing.baseUrl), other]];
      const outcomes: string[] = [];
      for (const models of worlds) {
        failing.behave(...failure.behaviours);
        healthy.behave({ kind: 'answer', text: good });
        outcomes.push(await outcomeOf(modelsOf({ models, bounds: failure.bounds ?? {} }), failure));
      }
      const [alone, withAnother] = outcomes;
      expect({ asked: String(failing.requests.length / worlds.length), alone, withAnother }).toEqual(row);
      await expect.poll(() => failing.open()).toBe(0);
    },
  );

  it('that only says it is alive ends with the time of a request, and is let go', async () => {
    const server = await servers.start(protocol);
    server.behave({ kind: 'pings', everyMs: 20 });
    const models = modelsOf({ models: [modelOf(protocol, server.baseUrl)], bounds: { requestMsMax: 300 } });
    const { failure } = await seenOf(models.stream(request()));
    expect([failure?.reason, server.requests.length]).toEqual(['unavailable', 1]);
    await expect.poll(() => server.open()).toBe(0);
  });

  it('is known by its breaker to whoever asks', async () => {
    const server = await servers.start(protocol);
    server.behave({ kind: 'status', status: 401 });
    const models = modelsOf({ models: [modelOf(protocol, server.baseUrl)] });
    const health = { provider: protocol, model: 'm' };
    expect(models.health()).toEqual([{ ...health, breaker: 'closed' }]);
    for (let i = 0; i < 5; i++) await seenOf(models.stream(request()));
    expect(models.health()).toEqual([{ ...health, breaker: 'open' }]);
  });

  it('that is not there is left for the other', async () => {
    const [gone, healthy] = [await servers.start(protocol), await servers.start(protocol)];
    await gone.close();
    healthy.behave({ kind: 'answer', text: ['I take over.'] });
    const models = [modelOf(protocol, gone.baseUrl), modelOf(protocol, healthy.baseUrl, { model: 'other' })];
    expect(await seenOf(modelsOf({ models }).stream(request()))).toMatchObject({
      model: 'other',
      text: 'I take over.',
    });
  });

  it('says when the same request may succeed, where the provider says so', async () => {
    const server = await servers.start(protocol);
    server.behave({ kind: 'status', status: 429, headers: { 'retry-after': '60' } });
    const { failure } = await seenOf(modelsOf({ models: [modelOf(protocol, server.baseUrl)] }).stream(request()));
    expect(failure).toMatchObject({ reason: 'unavailable', retryAfterSeconds: 60 });
  });
});

it('every documented failure is one of the cases above', () => {
  const rows = [...documented.keys()].filter((name) => name !== 'failure' && !name.startsWith('-'));
  expect(rows).toEqual(failureCases.map(({ name }) => name));
});
