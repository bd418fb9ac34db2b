/**
 * Every secret of a deployed worker, in the one place that says so. `workers/env.ts` checks their form when the worker starts, wrangler.toml
 * lists the required ones (an upload without one is refused), `npm run doctor` tells which are missing, docs/deploying.md shows them.
 */
export interface SecretDeclaration {
  /** Where the worker does not start without it. */
  readonly required: readonly ('staging' | 'production')[];
  /** Where it must not exist. */
  readonly forbidden?: 'production';
  /** Of one that nothing demands: what operators are without, where it is not given. */
  readonly without?: string;
  /** What it is for. */
  readonly meaning: string;
  /** What it looks like, and where one gets it. */
  readonly form: string;
}

const both = ['staging', 'production'] as const;

export const secrets = {
  DATABASE_URL: {
    required: both,
    meaning: 'The database of the read model, as the worker logs in',
    form: 'postgres://user:password@host/database, of a Neon project of its own per environment',
  },
  RPC_URL: {
    required: ['production'],
    meaning: 'Solana, for the worker alone; a variable on staging, where it carries no key',
    form: 'https://… with the key of your RPC provider',
  },
  PROGRAM_ID: {
    required: both,
    meaning:
      'The deployed program; kept beside the secrets so that no change of a file points the exchange at another one',
    form: 'an address, base58 of 32 bytes',
  },
  USDC_MINT: {
    required: ['staging'],
    meaning: 'The token of collateral; a variable on production, where it is USDC itself',
    form: 'an address, base58 of 32 bytes',
  },
  KEEPER_SECRET_KEY: {
    required: both,
    meaning: 'Signs trades and liquidations',
    form: 'base58 of the 64 bytes that solana-keygen writes',
  },
  FEE_PAYER_SECRET_KEYS: {
    required: both,
    meaning: 'Pay for transactions; 1 to 8',
    form: 'base58 of 64 bytes each, comma-separated',
  },
  SESSION_KEYS: {
    required: both,
    meaning: 'Sign sessions: the first signs, all verify',
    form: 'kid:secret, comma-separated; a secret has at least 32 random characters (openssl rand -base64 32)',
  },
  PERSONAL_DATA_KEYS: {
    required: both,
    meaning: 'Seal e-mail addresses in the database: the first seals, all open',
    form: 'kid:secret, comma-separated; a secret has at least 32 random characters (openssl rand -base64 32)',
  },
  ADMIN_WALLETS: {
    required: [],
    without: 'nobody is an operator, so no market can be switched off and no dead letter replayed',
    meaning: 'Wallets whose sign-in has the role admin; nobody, where it is not given',
    form: 'addresses, comma-separated',
  },
  HERMES_API_KEY: { required: [], meaning: 'For a Hermes that asks for a key', form: 'text' },
  FAUCET_SECRET_KEY: {
    required: [],
    forbidden: 'production',
    meaning: 'Mints test USDC; the worker of mainnet does not start with one',
    form: 'base58 of 64 bytes',
  },
  AI_KEYS: {
    required: [],
    meaning: 'Keys of the language models that AI_MODELS names',
    form: 'name:key, comma-separated',
  },
  METRICS_TOKEN: {
    required: [],
    without: 'there is no /metrics, so observability/alerts.yml has no figures and no alert fires',
    meaning: 'Opens /metrics to who scrapes it; without it there is no such page',
    form: 'at least 32 random characters (openssl rand -base64 32)',
  },
} as const satisfies Readonly<Record<string, SecretDeclaration>>;

export type SecretName = keyof typeof secrets;

/** The secrets without which an environment's worker does not start. */
export const requiredSecrets = (environment: 'staging' | 'production'): readonly SecretName[] =>
  (Object.entries(secrets) as readonly [SecretName, SecretDeclaration][])
    .filter(([, { required }]) => required.includes(environment))
    .map(([name]) => name);
