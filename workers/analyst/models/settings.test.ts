import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { modelSettingsSchema as schema } from './settings.ts';

const chat = { tasks: ['chat'] };
const read = (models: unknown, AI_KEYS = 'main:sk-1,other:sk:with:colons', NETWORK = 'local') =>
  schema.parse({ NETWORK, AI_MODELS: typeof models === 'string' ? models : JSON.stringify(models), AI_KEYS });
const problemsOf = (models: unknown, AI_KEYS?: string, network?: string): string => {
  try {
    read(models, AI_KEYS, network);
    return '';
  } catch (error) {
    if (error instanceof z.ZodError)
      return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw error;
  }
};

describe('the models of the settings', () => {
  it('are none where nothing is said, with budgets all the same', () => {
    expect(schema.parse({ NETWORK: 'local' })).toEqual({
      ...{
        NETWORK: 'local',
        AI_MODELS: [],
        AI_KEYS: {},
        AI_USER_TOKENS_PER_DAY: 500_000,
        AI_USER_USD_PER_DAY: 1_000_000n,
      },
      ...{ AI_EXCHANGE_TOKENS_PER_DAY: 50_000_000, AI_EXCHANGE_USD_PER_DAY: 50_000_000n },
    });
  });

  it("take the provider's own address and its listed price, or what is stated", () => {
    const { AI_MODELS: models, AI_KEYS: keys } = read([
      { provider: 'anthropic', model: 'claude-haiku-5-5', key: 'main', ...chat },
      {
        provider: 'openai',
        model: 'own',
        base_url: 'https://ai.example/v1/',
        key: 'other',
        ...chat,
        prices: { input: '0.25', output: '0' },
      },
      {
        provider: 'anthropic',
        model: 'own',
        base_url: 'http://localhost:8080/v1/',
        ...chat,
        prices: { input: '0', output: '0' },
      },
    ]);
    expect(models).toEqual([
      expect.objectContaining({
        ...{
          base_url: 'https://api.anthropic.com',
          prices: { input: 100_000n, output: 500_000n },
          max_output_tokens: 4_096,
        },
      }),
      expect.objectContaining({ base_url: 'https://ai.example/v1', prices: { input: 250_000n, output: 0n } }),
      expect.objectContaining({ base_url: 'http://localhost:8080' }),
    ]);
    expect(keys).toEqual({ main: 'sk-1', other: 'sk:with:colons' });
  });

  it('need a price: the list does not say what a name costs elsewhere', () => {
    expect(problemsOf([{ provider: 'openai', model: 'unheard-of', key: 'main', ...chat }])).toContain('price');
    const elsewhere = { provider: 'anthropic', model: 'claude-haiku-5-5', base_url: 'https://ai.example', ...chat };
    expect(problemsOf([elsewhere])).toContain('AI_MODELS.0.model');
    expect(problemsOf([{ provider: 'openai', model: 'constructor', key: 'main', ...chat }])).toContain('price');
  });

  it("need a key that exists, for a provider's own address at least", () => {
    const haiku = { provider: 'anthropic', model: 'claude-haiku-5-5', ...chat };
    expect(problemsOf([haiku])).toContain('AI_MODELS.0.key');
    expect(problemsOf([{ ...haiku, key: 'gone' }])).toContain('AI_MODELS.0.key');
    expect(problemsOf([{ ...haiku, key: 'constructor' }])).toContain('AI_MODELS.0.key');
  });

  it('send a key under TLS or to this machine alone', () => {
    const own = { provider: 'openai', model: 'own', key: 'main', ...chat, prices: { input: '0', output: '0' } };
    expect(problemsOf([{ ...own, base_url: 'http://ai.example/v1' }])).toContain('https');
    for (const host of ['localhost', '127.0.0.1', '[::1]'])
      expect(problemsOf([{ ...own, base_url: `http://${host}:11434/v1` }])).toBe('');
    expect(problemsOf([{ ...own, base_url: 'https://user:pass@ai.example/v1' }])).toContain('AI_MODELS.0.base_url');
    expect(problemsOf([{ ...own, base_url: 'https://ai.example/v1?key=1' }])).toContain('AI_MODELS.0.base_url');
  });

  it.each(['devnet', 'mainnet'])(
    'are asked under TLS alone on %s, with a key or without, wherever they are',
    (network) => {
      const own = { provider: 'openai', model: 'own', ...chat, prices: { input: '0', output: '0' } };
      for (const host of ['ai.example', 'localhost:11434', '127.0.0.1', '[::1]', '10.1.2.3', '192.168.1.5'])
        for (const key of [undefined, 'main'])
          expect(problemsOf([{ ...own, key, base_url: `http://${host}/v1` }], undefined, network)).toBe(
            'AI_MODELS.0.base_url: must be https: what a trader asks and holds travels to it',
          );
      expect(problemsOf([{ ...own, base_url: 'https://ai.example/v1' }], undefined, network)).toBe('');
    },
  );

  it('without TLS are asked on this machine or its own network alone, where the exchange is a local one', () => {
    const own = { provider: 'openai', model: 'own', ...chat, prices: { input: '0', output: '0' } };
    const problem = (host: string, key?: string): string =>
      problemsOf([{ ...own, key, base_url: `http://${host}/v1` }], undefined, 'local');
    for (const host of [
      'localhost',
      '127.0.0.1',
      '[::1]',
      '10.1.2.3',
      '172.16.0.9',
      '172.31.0.9',
      '192.168.1.5',
      '[fd00::1]',
    ])
      expect([host, problem(host)]).toEqual([host, '']);
    for (const host of ['10.1.2.3', '[fd00::1]']) expect(problem(host, 'main')).toContain('https where a key is sent');
    for (const host of [
      'ai.example',
      '8.8.8.8',
      '172.15.0.1',
      '172.32.0.1',
      '192.169.1.1',
      '10.example',
      'localhost.example',
      '[2001:db8::1]',
      '[::ffff:808:808]',
    ])
      expect(problem(host)).toContain('must be https');
  });

  it('refuse what they do not know, and never show a value', () => {
    const wrong = [{ provider: 'openai', model: 'sk-hidden', api_key: 'sk-hidden', tasks: ['everything'] }];
    expect(problemsOf(wrong)).toContain('AI_MODELS.0.tasks');
    for (const text of [problemsOf(wrong), problemsOf('sk-hidden'), problemsOf([], 'sk-hidden')]) {
      expect(text).not.toBe('');
      expect(text).not.toContain('sk-hidden');
    }
    expect(problemsOf(Array.from({ length: 13 }, () => wrong[0]))).not.toBe('');
  });
});
