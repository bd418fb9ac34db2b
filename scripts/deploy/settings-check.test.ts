import { expect, it } from 'vitest';
import { settingProblems } from './settings-check.ts';

const own = {
  provider: 'openai',
  model: 'own',
  tasks: ['chat'],
  prices: { input: '0', output: '0' },
  base_url: 'http://ai.example/v1',
};
const problems = (models: readonly object[], kept: readonly string[] = []) =>
  settingProblems({ NETWORK: 'devnet', AI_MODELS: JSON.stringify(models) }, new Set(kept));

it('tells of a model that is asked without TLS, whatever else of the settings is not known here', () => {
  expect(problems([own])).toContainEqual({ name: 'AI_MODELS.0.base_url', message: expect.stringContaining('https') });
  const names = problems([{ ...own, base_url: 'https://ai.example/v1' }]).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith('AI_'))).toEqual([]);
  expect(names).toContain('RPC_URL');
});

it('takes the key of a model for there where the keys are kept on Cloudflare, and else says that it is missing', () => {
  const keyed = [{ ...own, base_url: 'https://ai.example/v1', key: 'main' }];
  const named = (kept: readonly string[]) => problems(keyed, kept).map(({ name }) => name);
  expect(named([])).toContain('AI_MODELS.0.key');
  expect(named(['AI_KEYS'])).not.toContain('AI_MODELS.0.key');
});
