/**
 * The models and their budgets, as variables state them (`workers/env.ts`). Everything is checked when the worker starts, so that a request never
 * meets a model without a key or a price.
 */
import * as z from 'zod';
import { tasks } from './contract.ts';
import { listedPrices, parseUsd } from './prices.ts';

/** Models in the list: each task tries them in its order. */
const modelsMax = 12;
const keysMax = 12;
const outputTokensDefault = 4_096;
const outputTokensMax = 32_000;
const tokensPerDayMax = 10_000_000_000;

const usdSetting = z.string().transform((text, context) => {
  try {
    return parseUsd(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be US dollars like 0.25, with at most 6 places' });
    return z.NEVER;
  }
});

const nameSetting = z.string().regex(/^[a-z0-9-]{1,32}$/, 'must be 1–32 of a–z, 0–9 and -');

/** Where a provider is without a `base_url`. */
const providerUrls = { openai: 'https://api.openai.com/v1', anthropic: 'https://api.anthropic.com' } as const;

const baseUrlSetting = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' }).refine((text) => {
  const { search, hash, username, password } = new URL(text);
  return search === '' && hash === '' && username === '' && password === '';
}, 'must have no query, fragment or password');

const modelSetting = z
  .strictObject({
    provider: z.enum(['openai', 'anthropic']),
    model: z.string().min(1).max(200),
    base_url: baseUrlSetting.optional(),
    /** Name of its key in AI_KEYS; none for a server that asks for none. */
    key: nameSetting.optional(),
    tasks: z.array(z.enum(tasks)).min(1).max(tasks.length),
    /** How long a model that thinks does so; not sent where it is not given. */
    effort: z.enum(['none', 'low', 'medium', 'high']).optional(),
    /** Thinking included. */
    max_output_tokens: z.number().int().min(256).max(outputTokensMax).default(outputTokensDefault),
    /** USD per million tokens; the price list's where they are not given. */
    prices: z.strictObject({ input: usdSetting, output: usdSetting }).optional(),
  })
  .transform(({ base_url: given, prices: stated, ...model }, context) => {
    const prices = stated ?? (given === undefined ? listedPrices(model.provider, model.model) : null);
    if (prices === null) {
      const message = 'is in no price list: state its prices (0 where it costs nothing)';
      context.addIssue({ code: 'custom', path: ['model'], message });
      return z.NEVER;
    }
    return { ...model, base_url: baseUrlOf(model.provider, given), prices };
  });

/** Without slashes at the end. Anthropic's paths begin with /v1 themselves. */
function baseUrlOf(provider: 'openai' | 'anthropic', given: string | undefined): string {
  const url = (given ?? providerUrls[provider]).replace(/\/+$/, '');
  return provider === 'anthropic' ? url.replace(/\/v1$/, '') : url;
}

const modelsSetting = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON list of models' });
      return z.NEVER;
    }
  })
  .pipe(z.array(modelSetting).max(modelsMax))
  .default([]);

const keysSetting = z
  .string()
  .transform((text, context) => {
    const pairs = text.split(',').map((pair) => {
      const [name = '', ...rest] = pair.split(':');
      return [name.trim(), rest.join(':').trim()] as const;
    });
    if (pairs.length > keysMax || pairs.some(([name, key]) => !nameSetting.safeParse(name).success || key === '')) {
      context.addIssue({ code: 'custom', message: `must be at most ${keysMax} of name:key, comma-separated` });
      return z.NEVER;
    }
    return Object.fromEntries(pairs) as Readonly<Record<string, string>>;
  })
  .default({});

const tokensSetting = (fallback: number) => z.coerce.number().int().min(1).max(tokensPerDayMax).default(fallback);
const usdPerDaySetting = (fallback: string) => z.string().default(fallback).pipe(usdSetting);

export const modelSettings = {
  /** The language models, in the order they are tried. None: the quantitative analyst answers alone. */
  AI_MODELS: modelsSetting,
  /** Their keys: name:key, comma-separated. Secret. */
  AI_KEYS: keysSetting,
  /** What one user, and all users together, may use from one midnight UTC to the next. */
  AI_USER_TOKENS_PER_DAY: tokensSetting(500_000),
  AI_USER_USD_PER_DAY: usdPerDaySetting('1'),
  AI_EXCHANGE_TOKENS_PER_DAY: tokensSetting(50_000_000),
  AI_EXCHANGE_USD_PER_DAY: usdPerDaySetting('50'),
};

export type ModelSettings = Readonly<z.output<z.ZodObject<typeof modelSettings>>>;
/** One model of AI_MODELS, read: its address without a slash at the end, its prices in micro-dollars per million tokens. */
export type ModelSetting = ModelSettings['AI_MODELS'][number];

/** This machine, and addresses that no router of the internet forwards (RFC 1918; RFC 4193 and 4291 for IPv6; RFC 6761 for localhost). */
const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const privateHost =
  /^(10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+|\[f[cd][0-9a-f]{2}:.*\])$/;

/**
 * What one variable says about another: keys that exist, and addresses a prompt may travel to. It holds a trader's account: under TLS, or, on a
 * local network and nowhere else, without it to this machine or its own network; a key without TLS to this machine alone.
 */
export function checkModelSettings(
  settings: ModelSettings & { readonly NETWORK: string },
  context: z.core.$RefinementCtx,
): void {
  const isLocal = settings.NETWORK === 'local';
  settings.AI_MODELS.forEach(({ provider, key, base_url: address }, place) => {
    const refuse = (field: string, message: string): void =>
      void context.addIssue({ code: 'custom', path: ['AI_MODELS', place, field], message });
    const { protocol, hostname } = new URL(address);
    if (protocol === 'http:') {
      const isNear = loopback.test(hostname) || privateHost.test(hostname);
      if (!isLocal) refuse('base_url', 'must be https: what a trader asks and holds travels to it');
      else if (!isNear) refuse('base_url', 'must be https, or an address of this machine or its own network');
      else if (key !== undefined && !loopback.test(hostname)) refuse('base_url', 'must be https where a key is sent');
    }
    if (key === undefined && address === providerUrls[provider]) refuse('key', `${provider} asks for a key`);
    if (key !== undefined && !Object.hasOwn(settings.AI_KEYS, key)) refuse('key', 'names no key of AI_KEYS');
  });
}

/** What the models need of all variables, checked without the others. */
export const modelSettingsSchema = z.object({ NETWORK: z.string(), ...modelSettings }).superRefine(checkModelSettings);
