/**
 * The worker's bindings and variables. The platform hands them over unchecked; `readSettings` checks all of them once per isolate and
 * names what is missing or wrong.
 */
import bs58 from 'bs58';
import * as z from 'zod';
import type { AccountRpc } from './account/contract.ts';
import { checkModelSettings, modelSettings } from './analyst/models/settings.ts';
import type { IndexerRpc } from './indexer/contract.ts';
import type { MarketRpc } from './market/contract.ts';
import type { MetricDataset, MetricTotalsRpc } from './platform/metrics/hand-over.ts';
import type { RiskMessage } from './risk/message.ts';

/**
 * A Durable Object class as its callers know it: its methods, by the contract. The platform's own stub type derives them from the class, which
 * the compiler cannot follow through recursive values such as event data.
 */
export interface ObjectNamespace<Methods> extends Omit<DurableObjectNamespace, 'get' | 'getByName'> {
  get(id: DurableObjectId): DurableObjectStub & Methods;
  getByName(name: string): DurableObjectStub & Methods;
}

/** What wrangler.toml binds. */
export interface Bindings {
  /** One per market, by symbol. */
  readonly MARKETS: ObjectNamespace<MarketRpc>;
  /** One per wallet, by its address. */
  readonly ACCOUNTS: ObjectNamespace<AccountRpc>;
  /** One, named `main`. */
  readonly INDEXER: ObjectNamespace<IndexerRpc>;
  /** One, named `main`: what everybody counted. */
  readonly METRIC_TOTALS: ObjectNamespace<MetricTotalsRpc>;
  /** Cloudflare's Analytics Engine; not bound where there is none. */
  readonly METRICS?: MetricDataset;
  readonly RISK_CHECKS: Queue<RiskMessage>;
  /** 1,000 per minute and address: market data. */
  readonly MARKET_DATA_LIMIT: RateLimit;
  /** 30 per minute and trader: questions to the assistant, and analyses. */
  readonly ASSISTANT_LIMIT: RateLimit;
  /** Per address: nonces, sign-in, faucet. */
  readonly IP_LIMIT: RateLimit;
  /** The terminal's files; bound where the worker serves them. */
  readonly ASSETS?: Fetcher;
}

/** The worker's `env`: bindings, and variables and secrets as unchecked text. */
export type Env = Bindings;

const secretKeyBytes = 64;
const publicKeyBytes = 32;
const sharedSecretLengthMin = 32;
/** Characters of a key's id: it is stored beside what the key sealed. */
const kidPattern = /^[A-Za-z0-9_-]{1,20}$/;
const feePayersMax = 8;
const metricsTokenLengthMin = 32;
const metricsTokenLengthMax = 256;

const base58Of = (bytes: number) =>
  z.string().refine((text) => {
    try {
      return bs58.decode(text).length === bytes;
    } catch {
      return false;
    }
  }, `must be ${bytes} bytes in base58`);

const addressSetting = base58Of(publicKeyBytes);
const secretKeySetting = base58Of(secretKeyBytes);
const httpUrlSetting = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const countSetting = (fallback: number, max: number) => z.coerce.number().int().min(1).max(max).default(fallback);
const listSetting = <Item extends z.ZodType<string, string>>(item: Item) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item));

const namedKeySetting = z.string().transform((text, context) => {
  const [kid, ...rest] = text.split(':');
  const secret = rest.join(':');
  if (kid === undefined || !kidPattern.test(kid) || secret.length < sharedSecretLengthMin) {
    context.addIssue({
      code: 'custom',
      message: `each key is kid:secret, the id of 1 to 20 letters, digits, - and _, the secret of at least ${sharedSecretLengthMin} characters`,
    });
    return z.NEVER;
  }
  return { kid, secret };
});

/** `kid:secret`, comma-separated, in order. */
const namedKeysSetting = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(namedKeySetting).min(1));

const settingsSchema = z
  .object({
    NETWORK: z.enum(['local', 'devnet', 'mainnet']),
    VERSION: z.string().min(1).default('dev'),
    RPC_URL: httpUrlSetting,
    PUBLIC_RPC_URL: httpUrlSetting,
    HERMES_URL: httpUrlSetting,
    HERMES_API_KEY: z.string().min(1).optional(),
    /** Price history of charts; the Hermes address where one server gives both. */
    HISTORY_URL: httpUrlSetting.optional(),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' }),
    DATABASE_HTTP_ENDPOINT: httpUrlSetting.optional(),
    PROGRAM_ID: addressSetting,
    USDC_MINT: addressSetting,
    PYTH_RECEIVER: addressSetting,
    KEEPER_SECRET_KEY: secretKeySetting,
    FEE_PAYER_SECRET_KEYS: listSetting(secretKeySetting).pipe(z.array(z.string()).min(1).max(feePayersMax)),
    FAUCET_SECRET_KEY: secretKeySetting.optional(),
    SESSION_KEYS: namedKeysSetting,
    /** The first seals e-mail addresses in the database, all of them open what they sealed. */
    PERSONAL_DATA_KEYS: namedKeysSetting,
    ALLOWED_ORIGINS: listSetting(
      z.url({ protocol: /^https?$/, error: 'each must be an origin like https://app.example' }),
    ),
    /** Host shown in the sign-in text: the terminal's. */
    SIGN_IN_DOMAIN: z.string().regex(/^[a-z0-9.-]+(:\d+)?$/i, 'must be a host, with its port if it has one'),
    /** Wallets whose sign-in has the role admin, comma-separated. Nobody, where it is not given. */
    ADMIN_WALLETS: listSetting(addressSetting).default([]),
    /** Who may read `/metrics`. Without it only a local exchange shows them, to everybody. */
    METRICS_TOKEN: z.string().min(metricsTokenLengthMin).max(metricsTokenLengthMax).optional(),
    CONFIRM_POLL_MS: countSetting(400, 10_000),
    SOCKETS_PER_IP_MAX: countSetting(20, 10_000),
    /** A price that moves more than this within a minute makes its market reduce-only … */
    BRAKE_MOVE_BPS: countSetting(1_000, 10_000),
    /** … until every price of so many seconds was within this distance of its EMA. */
    BRAKE_CALM_BPS: countSetting(200, 10_000),
    BRAKE_CALM_SECONDS: countSetting(30, 3_600),
    /** More liquidations of a market within a minute are told to operators. */
    LIQUIDATIONS_PER_MINUTE_MAX: countSetting(30, 1_000),
    ...modelSettings,
  })
  .superRefine((settings, context) => {
    if (settings.NETWORK === 'mainnet' && settings.FAUCET_SECRET_KEY !== undefined) {
      context.addIssue({ code: 'custom', path: ['FAUCET_SECRET_KEY'], message: 'must not exist on mainnet' });
    }
    for (const name of ['SESSION_KEYS', 'PERSONAL_DATA_KEYS'] as const) {
      const kids = settings[name].map((key) => key.kid);
      if (new Set(kids).size !== kids.length)
        context.addIssue({ code: 'custom', path: [name], message: 'key ids must differ' });
    }
    checkModelSettings(settings, context);
  });

/** The variables, checked and read. */
export type Settings = Readonly<z.output<typeof settingsSchema>>;
export type SessionKey = Settings['SESSION_KEYS'][number];

/** What is wrong with one variable or secret: its name and what it has to be, never its value. */
export interface SettingProblem {
  readonly name: string;
  readonly message: string;
}

/** The worker cannot run with these variables. The message names each of them and never shows a value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    const listed = problems.map(({ name, message }) => `${name}: ${message}`).join('; ');
    super(`The worker's variables are incomplete or wrong. ${listed}`);
    this.problems = problems;
  }
}

/**
 * Checks variables and secrets.
 *
 * @throws SettingsError naming every missing or wrong one.
 */
export function parseSettings(variables: object): Settings {
  const given = withoutEmpty(variables);
  const parsed = settingsSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new SettingsError(
    parsed.error.issues.map(({ path, message }) => ({
      name: path.join('.') || 'env',
      message: path.length === 1 && !(String(path[0]) in given) ? 'is missing' : message,
    })),
  );
}

/** An empty variable is one that was not given. */
const withoutEmpty = (variables: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));

const parsedByEnv = new WeakMap<object, Settings>();

/**
 * The checked variables of an `env`, parsed once per isolate.
 *
 * @throws SettingsError naming every missing or wrong one.
 */
export function readSettings(env: Env): Settings {
  const known = parsedByEnv.get(env);
  if (known !== undefined) return known;
  const settings = parseSettings(env);
  parsedByEnv.set(env, settings);
  return settings;
}
