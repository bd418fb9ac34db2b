import * as z from 'zod';
import { quoteCodec, rateCodec, sizeCodec } from '#shared/money/codecs.ts';
import { marketSymbolSchema, timestampSchema, walletAddressSchema } from './common.ts';

/** What a parameter of the program is counted in. */
export type GovernedUnit = 'number' | 'bps' | 'seconds' | 'usdc' | 'base' | 'rate_per_hour' | 'address' | 'feed';

/** Parameters and roles that change by proposal, by kind, with the program's names and in its order. */
export const governedFields = {
  market_config: {
    max_leverage: 'number',
    maintenance_margin_bps: 'bps',
    liquidation_fee_bps: 'bps',
    keeper_share_bps: 'bps',
    liquidation_target_bps: 'bps',
    min_liquidation_bps: 'bps',
    keeper_reward_min: 'usdc',
    fee_bps: 'bps',
    pool_fee_share_bps: 'bps',
    insurance_fee_share_bps: 'bps',
    k_bps: 'bps',
    payoff_cap_bps: 'bps',
    weight_bps: 'bps',
    max_utilisation_bps: 'bps',
    max_long_oi: 'base',
    max_short_oi: 'base',
    min_position_notional: 'usdc',
    skew_scale: 'base',
    max_skew_bps: 'bps',
    funding_skew_scale: 'base',
    max_funding_rate: 'rate_per_hour',
    borrow_base: 'rate_per_hour',
    borrow_slope: 'rate_per_hour',
    max_accrual_seconds: 'seconds',
    min_settle_quote: 'usdc',
  },
  market_oracle: {
    receiver_program: 'address',
    price_account: 'address',
    feed_id: 'feed',
    min_signatures: 'number',
    max_staleness_seconds: 'seconds',
    max_confidence_bps: 'bps',
    max_ema_divergence_bps: 'bps',
  },
  exchange_limits: { time_lock_seconds: 'seconds', pool_delay_seconds: 'seconds', lp_fee_bps: 'bps' },
  outflow_limits: { cap: 'usdc', window_seconds: 'seconds', floor: 'usdc' },
  insurance_topup: { cap_per_hour: 'usdc' },
  roles: { risk_manager: 'address', treasury_authority: 'address' },
} as const satisfies Record<string, Record<string, GovernedUnit>>;

export type GovernedKind = keyof typeof governedFields;
/** A value in the program's integers, an address, or a feed id in hex. */
export type GovernedValue = number | bigint | string;

export const governedKinds = Object.keys(governedFields) as GovernedKind[];

const u32Max = 2 ** 32 - 1;

/** How a value is written in requests: whole numbers, decimals, addresses. */
function valueSchema(unit: GovernedUnit): z.ZodType<GovernedValue> {
  switch (unit) {
    case 'number':
    case 'bps':
    case 'seconds':
      return z.int().min(0).max(u32Max);
    case 'usdc':
      return quoteCodec as z.ZodType<GovernedValue>;
    case 'base':
      return sizeCodec as z.ZodType<GovernedValue>;
    case 'rate_per_hour':
      return rateCodec as z.ZodType<GovernedValue>;
    case 'address':
      return walletAddressSchema;
    case 'feed':
      return z.string().regex(/^[0-9a-f]{64}$/, 'Give a Pyth feed id: 64 hexadecimal digits, without 0x.');
  }
}

/** The values to change; those that are not named stay as they are when the transaction is built. */
const valuesSchema = (kind: GovernedKind) =>
  z
    .strictObject(
      Object.fromEntries(
        Object.entries(governedFields[kind]).map(([name, unit]) => [name, valueSchema(unit).optional()]),
      ),
    )
    .refine((values) => Object.keys(values).length > 0, 'Name at least one value.');

const proposedSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('market_config'),
    symbol: marketSymbolSchema,
    values: valuesSchema('market_config'),
  }),
  z.strictObject({
    kind: z.literal('market_oracle'),
    symbol: marketSymbolSchema,
    values: valuesSchema('market_oracle'),
  }),
  z.strictObject({ kind: z.literal('exchange_limits'), values: valuesSchema('exchange_limits') }),
  z.strictObject({ kind: z.literal('outflow_limits'), values: valuesSchema('outflow_limits') }),
  z.strictObject({ kind: z.literal('insurance_topup'), values: valuesSchema('insurance_topup') }),
  z.strictObject({ kind: z.literal('roles'), values: valuesSchema('roles') }),
]);

/** Operations that the whole exchange can pause; bits of the program, in their order. */
export const pausableOperations = ['open', 'remove_margin', 'deposit', 'pool', 'delegation'] as const;

const operationsSchema = z.strictObject({ operations: z.array(z.enum(pausableOperations)).min(1).max(5) });
const proposalSchema = z.strictObject({ proposal_id: z.int().min(0) });

const action = <const Name extends string, Params extends z.ZodType>(name: Name, params: Params) =>
  z.strictObject({ action: z.literal(name), params });

/** Body of POST /api/admin/transactions: what the operator's own wallet will sign and send. */
export const adminTransactionRequestSchema = z
  .discriminatedUnion('action', [
    action('pause_operations', operationsSchema),
    action('resume_operations', operationsSchema),
    action(
      'set_market_status',
      z.strictObject({ symbol: marketSymbolSchema, status: z.enum(['active', 'reduce_only', 'halted']) }),
    ),
    action('propose_change', proposedSchema),
    action('execute_change', proposalSchema),
    action('cancel_change', proposalSchema),
  ])
  .meta({ id: 'AdminTransaction' });

export type AdminTransactionRequest = z.output<typeof adminTransactionRequestSchema>;
export type ProposedRequest = z.output<typeof proposedSchema>;

export const builtAdminTransactionSchema = z
  .object({
    transaction: z.string().meta({
      description: 'Base64; the signed-in wallet signs it, pays for it and sends it to Solana itself',
    }),
    summary: z.array(z.string()).meta({ description: 'What the signature does, in words' }),
    last_valid_block_height: z.int(),
  })
  .meta({ id: 'BuiltAdminTransaction' });

export const proposalDtoSchema = z
  .object({
    proposal_id: z.int(),
    kind: z.enum(governedKinds),
    symbol: marketSymbolSchema.nullable(),
    state: z.enum(['waiting', 'executable', 'expired']),
    proposed_at: timestampSchema,
    executable_from: timestampSchema,
    executable_to: timestampSchema,
    changes: z.array(
      z.object({
        field: z.string(),
        unit: z.enum(['number', 'bps', 'seconds', 'usdc', 'base', 'rate_per_hour', 'address', 'feed']),
        before: z.string(),
        after: z.string(),
      }),
    ),
  })
  .meta({ id: 'Proposal' });

export type ProposalDto = z.output<typeof proposalDtoSchema>;
