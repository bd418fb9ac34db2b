import { env } from 'cloudflare:workers';
import { createDatabase } from '#db/client.ts';
import { createAiUsageRepository } from '#db/repositories/ai-usage.ts';
import { createUserRepository } from '#db/repositories/users.ts';
import { testPersonalData } from '#support/database/personal-data.ts';
import { describe, expect, it } from 'vitest';
import { tasks } from '../../../workers/analyst/models/contract.ts';
import { createModels } from '../../../workers/analyst/router.ts';
import { parseSettings } from '../../../workers/env.ts';
import { systemClock } from '../../../workers/platform/clock.ts';
import { silentLogger } from '../../../workers/platform/logger.ts';

const given = env as unknown as Record<string, unknown>;
const wallet = 'Mode1s'.padEnd(44, 'z');
const request = {
  task: 'chat',
  system: 'You are MIKEY.',
  wallet,
  messages: [{ role: 'user', text: 'Hello?' }],
} as const;

function modelsWith(variables: Record<string, unknown>) {
  const settings = parseSettings({ ...given, ...variables });
  const { DATABASE_URL: databaseUrl, DATABASE_HTTP_ENDPOINT: httpEndpoint } = settings;
  const database = createDatabase({ databaseUrl, httpEndpoint });
  const usage = createAiUsageRepository(database);
  return { database, models: createModels({ settings, usage, clock: systemClock, logger: silentLogger }) };
}

const failureOf = async (models: ReturnType<typeof modelsWith>['models']): Promise<unknown> => {
  try {
    for await (const _ of models.stream(request));
    return null;
  } catch (error) {
    return error;
  }
};

describe('the models of a worker', () => {
  it('are none where its variables name none, and nothing else is the worse for it', async () => {
    const { models } = modelsWith({});
    expect(tasks.filter((task) => models.available(task))).toEqual([]);
    expect(await failureOf(models)).toMatchObject({ reason: 'not_configured' });
  });

  it('are read from its variables, counted in its database and told as unavailable where nobody answers', async () => {
    const prices = { input: '1', output: '1' };
    const gone = { provider: 'openai', model: 'gone', base_url: 'http://127.0.0.1:1/v1', tasks: ['chat'], prices };
    const { models, database } = modelsWith({ AI_MODELS: JSON.stringify([gone]) });
    expect(models.available('chat')).toBe(true);
    expect(await failureOf(models)).toMatchObject({ reason: 'usage_unavailable' });
    await createUserRepository(database, testPersonalData).signIn(wallet, Date.now());
    expect(await failureOf(models)).toMatchObject({ reason: 'unavailable' });
  });

  it('keep the worker from starting where a variable is wrong, without showing it', () => {
    for (const variables of [{ AI_MODELS: 'sk-hidden' }, { AI_KEYS: 'sk-hidden' }, { AI_USER_USD_PER_DAY: 'much' }]) {
      const [name = ''] = Object.keys(variables);
      expect(() => modelsWith(variables)).toThrow(name);
      expect(() => modelsWith(variables)).not.toThrow('sk-hidden');
    }
  });
});
