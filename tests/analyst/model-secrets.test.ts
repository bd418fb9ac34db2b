import { afterEach, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { type Protocol, protocols } from '#support/llm/llm-server.ts';
import { createLogger } from '../../workers/platform/logger.ts';
import { failureCases } from './failure-cases.ts';
import { modelOf, modelsOf, request, seenOf, Servers, testKey } from './model-world.ts';

const servers = new Servers();
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await servers.close();
});

const price = {
  ...{ name: 'price', description: 'The price of a market.', schema: z.object({ symbol: z.string() }) },
  run: async () => ({ price: '150.25' }),
};
const keyHeader: Readonly<Record<Protocol, string>> = { openai: 'authorization', anthropic: 'x-api-key' };

describe.each(protocols)('a key over %s', (protocol) => {
  it('is in its header alone: in no prompt, log, failure or console line, whatever fails and whatever the provider repeats', async () => {
    const console = (['debug', 'info', 'log', 'warn', 'error'] as const).map((name) =>
      vi.spyOn(globalThis.console, name),
    );
    const lines: string[] = [];
    const logger = createLogger({ level: 'debug', write: (_level, line) => void lines.push(line) });
    for (const { behaviours, bounds = {} } of failureCases) {
      const server = await servers.start(protocol);
      server.behave(...behaviours);
      const models = modelsOf({ models: [modelOf(protocol, server.baseUrl)], bounds, logger });
      const { failure } = await seenOf(models.stream(request({ tools: [price] })));
      expect(`${failure?.message}${failure?.stack}${JSON.stringify(failure)}`).not.toContain(testKey);
      for (const { text, headers, path } of server.requests) {
        expect(text + path).not.toContain(testKey);
        expect(String(headers[keyHeader[protocol]])).toContain(testKey);
      }
    }
    expect(lines.length).toBeGreaterThan(failureCases.length);
    expect(lines.join('\n')).not.toContain(testKey);
    expect(lines.join('\n')).not.toContain('How is SOL?');
    expect(console.flatMap((spy) => spy.mock.calls)).toEqual([]);
  });

  it('is not sent to a server that asks for none, and one of the environment to nobody', async () => {
    for (const name of [
      'OPENAI_API_KEY',
      'ANTHROPIC_API_KEY',
      'ANTHROPIC_AUTH_TOKEN',
      'OPENAI_ORG_ID',
      'LANGSMITH_API_KEY',
    ])
      vi.stubEnv(name, 'sk-of-the-environment');
    const server = await servers.start(protocol);
    server.behave({ kind: 'answer', text: ['Hello.'] });
    const models = modelsOf({ models: [modelOf(protocol, server.baseUrl, { key: undefined })] });
    expect((await seenOf(models.stream(request()))).text).toBe('Hello.');
    const headers = JSON.stringify(server.requests[0]?.headers);
    expect(headers).not.toContain('sk-of-the-environment');
    for (const name of ['authorization', 'x-api-key']) expect(server.requests[0]?.headers).not.toHaveProperty(name);
    await seenOf(modelsOf({ models: [modelOf(protocol, server.baseUrl)] }).stream(request()));
    expect(JSON.stringify(server.requests[1]?.headers)).toContain(testKey);
    expect(JSON.stringify(server.requests[1]?.headers)).not.toContain('sk-of-the-environment');
  });

  it('and a prompt go to their model alone, whatever gateway or trace the environment names', async () => {
    const [server, stranger] = [await servers.start(protocol), await servers.start('openai')];
    for (const name of ['LANGSMITH_TRACING', 'LANGCHAIN_TRACING_V2', 'LANGSMITH_GATEWAY']) vi.stubEnv(name, 'true');
    for (const name of ['LANGSMITH_ENDPOINT', 'LANGCHAIN_ENDPOINT', 'OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL'])
      vi.stubEnv(name, stranger.baseUrl);
    const fetched = vi.spyOn(globalThis, 'fetch');
    server.behave({ kind: 'answer', text: ['Hello.'] });
    await seenOf(modelsOf({ models: [modelOf(protocol, server.baseUrl)] }).stream(request()));
    expect(server.requests.length).toBe(1);
    expect(stranger.requests).toEqual([]);
    expect(fetched.mock.calls.map(([url]) => new URL(String(url)).origin)).toEqual([new URL(server.baseUrl).origin]);
  });

  it.each(['/v1', '/v1/', '/gateway/v1//'])('reaches its model below %s', async (given) => {
    const path = given.replace(/\/+$/, '');
    const server = await servers.start(protocol, protocol === 'anthropic' ? path.replace(/\/v1$/, '') : path);
    server.behave({ kind: 'answer', text: ['Hello.'] });
    const models = modelsOf({ models: [modelOf(protocol, `${new URL(server.baseUrl).origin}${given}`)] });
    expect((await seenOf(models.stream(request()))).text).toBe('Hello.');
  });
});
