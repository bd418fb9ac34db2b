import { readFileSync } from 'node:fs';
import { unstable_readConfig as readConfig } from 'wrangler';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import bs58 from 'bs58';
import { parseSettings } from '../../workers/env.ts';
import { requiredSecrets, secrets } from '../../workers/secrets.ts';
import { modelSettings } from '../../workers/analyst/models/settings.ts';
import { deliveriesMax } from '../../workers/risk/message.ts';

/** What these tests read of a parsed `wrangler.toml`. */
interface WranglerConfig {
  readonly durable_objects: { readonly bindings: readonly { readonly name: string; readonly class_name: string }[] };
  readonly migrations: unknown;
  readonly queues: {
    readonly producers?: readonly { readonly binding: string; readonly queue?: string }[];
    readonly consumers?: readonly {
      readonly queue: string;
      readonly dead_letter_queue?: string;
      readonly max_retries?: number;
    }[];
  };
  readonly ratelimits?: readonly { readonly name: string; readonly namespace_id: string }[];
  readonly analytics_engine_datasets?: readonly { readonly binding: string; readonly dataset?: string }[];
  readonly triggers: { readonly crons?: readonly string[] };
  readonly compatibility_date?: string;
  readonly compatibility_flags?: readonly string[];
  readonly vars: Readonly<Record<string, unknown>>;
  readonly secrets?: { readonly required?: readonly string[] };
  readonly routes?: readonly { readonly pattern: string }[];
}

/** Values of the right form, which open nothing. */
function sampleSecrets(names: readonly string[]): Record<string, string> {
  const samples: Readonly<Record<string, string>> = {
    DATABASE_URL: 'postgres://app@database.example/quantdesk',
    RPC_URL: 'https://rpc.example',
    ...Object.fromEntries(['SESSION_KEYS', 'PERSONAL_DATA_KEYS'].map((name) => [name, `k1:${'x'.repeat(32)}`])),
    ...Object.fromEntries(['PROGRAM_ID', 'USDC_MINT'].map((name) => [name, bs58.encode(new Uint8Array(32).fill(7))])),
  };
  const key = bs58.encode(new Uint8Array(64).fill(7));
  return Object.fromEntries(names.map((name) => [name, samples[name] ?? key]));
}

const configPath = new URL('../../wrangler.toml', import.meta.url).pathname;
const read = (env?: string): WranglerConfig =>
  readConfig(env === undefined ? { config: configPath } : { config: configPath, env });

const environments = ['staging', 'production'] as const;

/** What must be the same in every environment, without the names that carry the environment's own suffix. */
function shapeOf(env?: string) {
  const config = read(env);
  const plain = (name: string | undefined) => name?.replace(/-(staging|production)$/, '');
  const plainDataset = (name: string | undefined) => name?.replace(/_(staging|production)$/, '');
  return {
    objects: config.durable_objects.bindings.map(({ name, class_name }) => ({ name, class_name })),
    migrations: config.migrations,
    producers: config.queues.producers?.map(({ binding, queue }) => ({ binding, queue: plain(queue) })),
    consumers: config.queues.consumers?.map((consumer) => ({
      ...consumer,
      queue: plain(consumer.queue),
      dead_letter_queue: plain(consumer.dead_letter_queue),
    })),
    limits: config.ratelimits?.map(({ name }) => name),
    datasets: config.analytics_engine_datasets?.map(({ binding, dataset }) => ({
      binding,
      dataset: plainDataset(dataset),
    })),
    crons: config.triggers.crons,
    compatibility: [config.compatibility_date, config.compatibility_flags],
  };
}

describe('wrangler.toml', () => {
  it.each(environments)('binds in %s everything that development binds: nothing is inherited', (environment) => {
    expect(shapeOf(environment)).toEqual(shapeOf());
  });

  it('delivers a risk check as often as its consumer counts: the last failure keeps its reason', () => {
    for (const environment of [undefined, ...environments]) {
      const checks = read(environment).queues.consumers?.find(({ queue }) => queue.startsWith('risk-checks'));
      expect((checks?.max_retries ?? 0) + 1).toBe(deliveriesMax);
    }
  });

  it('gives each environment queues, rate limits and a data set of its own', () => {
    const namesOf = (env?: string) => [
      ...(read(env).queues.consumers ?? []).map(({ queue }) => queue),
      ...(read(env).analytics_engine_datasets ?? []).map(({ dataset }) => dataset),
      ...(read(env).ratelimits ?? []).map(({ namespace_id }) => namespace_id),
    ];
    const all = [namesOf(), ...environments.map(namesOf)].flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it('keeps secrets out: no key, password or database address is in the file', () => {
    const text = readFileSync(configPath, 'utf8');
    const assigned = [...text.matchAll(/^(\w+)\s*=/gm)].map(([, name]) => name);
    for (const secret of Object.keys(secrets).filter((name) => /SECRET|DATABASE|_KEYS?$|TOKEN$/.test(name))) {
      expect(assigned).not.toContain(secret);
    }
  });

  it.each(environments)(
    'lets nothing be uploaded to %s without the secrets that the worker cannot start without',
    (name) => {
      const { secrets: listed, vars } = read(name);
      expect(listed?.required).toEqual(requiredSecrets(name));
      expect(requiredSecrets(name).filter((secret) => secret in vars)).toEqual([]);
      const whole = { ...vars, ...sampleSecrets(requiredSecrets(name)) };
      expect(() => parseSettings(whole)).not.toThrow();
      for (const secret of requiredSecrets(name))
        expect(() => parseSettings({ ...whole, [secret]: '' })).toThrow(secret);
    },
  );

  it('has every secret in the example of a worker started by hand, and in the table of those who deploy', () => {
    const example = readFileSync(new URL('../../.dev.vars.example', import.meta.url), 'utf8');
    const guide = readFileSync(new URL('../../docs/deploying.md', import.meta.url), 'utf8');
    for (const name of Object.keys(secrets)) {
      expect(example).toMatch(new RegExp(`^${name}=`, 'm'));
      expect(guide).toContain(`| \`${name}\` `);
    }
  });

  it('reaches each environment at a domain of its own alone', () => {
    const routes = environments.map((name) => read(name).routes?.map(({ pattern }) => pattern) ?? []);
    expect(new Set(routes.flat()).size).toBe(environments.length);
    for (const name of environments) expect(read(name)).toMatchObject({ workers_dev: false, preview_urls: false });
  });

  it('states models and their budgets in every environment, as the worker reads them, and the same names in the example', () => {
    const example = readFileSync(new URL('../../.dev.vars.example', import.meta.url), 'utf8');
    const names = Object.keys(modelSettings);
    for (const name of names) expect(example).toMatch(new RegExp(`^${name}=`, 'm'));
    for (const environment of environments) {
      const stated = Object.entries(read(environment).vars).filter(([name]) => name.startsWith('AI_'));
      expect(stated.map(([name]) => name)).toEqual(names.filter((name) => name !== 'AI_KEYS'));
      expect(() => z.object(modelSettings).parse(Object.fromEntries(stated))).not.toThrow();
    }
  });

  it('never offers the faucet on mainnet', () => {
    expect(read('production').vars.NETWORK).toBe('mainnet');
    expect(read('production').vars).not.toHaveProperty('FAUCET_SECRET_KEY');
  });
});
