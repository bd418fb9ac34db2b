import * as z from 'zod';
import { userSchema } from './auth.ts';
import { marketSymbolSchema, pageQuerySchema, timestampSchema, uuidSchema, walletAddressSchema } from './common.ts';
import { marketOperationSchema } from './market.ts';
import { kycStatusSchema } from './users.ts';

const walletTextLengthMax = 44;
const reasonLengthMax = 200;
const targetLengthMax = 128;

const booleanQuerySchema = z.enum(['true', 'false']).transform((text) => text === 'true');

export const adminUserSchema = userSchema.extend({ is_active: z.boolean() }).meta({ id: 'AdminUser' });

export type AdminUserDto = z.output<typeof adminUserSchema>;

export const adminUsersQuerySchema = pageQuerySchema.extend({
  wallet: z
    .string()
    .min(1)
    .max(walletTextLengthMax)
    .regex(/^[1-9A-HJ-NP-Za-km-z]+$/, 'Give the beginning of an address, in base58.')
    .optional(),
  kyc_status: kycStatusSchema.optional(),
  is_active: booleanQuerySchema.optional(),
});

export const walletParamsSchema = z.object({ wallet: walletAddressSchema });

export const changeUserRequestSchema = z
  .strictObject({ is_active: z.boolean().optional(), kyc_status: kycStatusSchema.optional() })
  .refine(
    ({ is_active, kyc_status }) => is_active !== undefined || kyc_status !== undefined,
    'Name is_active, kyc_status or both.',
  )
  .meta({ id: 'ChangeUserRequest' });

export type ChangeUserRequest = z.output<typeof changeUserRequestSchema>;

export const deadLetterStatusSchema = z.enum(['stored', 'replayed', 'discarded']);

export const deadLetterSchema = z
  .object({
    id: uuidSchema,
    queue: z.string(),
    message_id: z.string(),
    body: z.unknown().meta({ description: 'The message as it was sent' }),
    error: z.string().nullable(),
    attempts: z.int(),
    status: deadLetterStatusSchema,
    created_at: timestampSchema,
    settled_at: timestampSchema.nullable().meta({ description: 'When it was replayed or discarded' }),
  })
  .meta({ id: 'DeadLetter' });

export const deadLettersQuerySchema = pageQuerySchema.extend({ status: deadLetterStatusSchema.optional() });
export const deadLetterParamsSchema = z.object({ id: uuidSchema });

export const marketSwitchSchema = z
  .object({
    operation: marketOperationSchema,
    off: z.boolean(),
    by: walletAddressSchema.nullable().meta({ description: 'Who switched it off; null while it is on' }),
    reason: z.string().nullable(),
    since: timestampSchema.nullable(),
  })
  .meta({ id: 'MarketSwitch' });

export const marketParamsSchema = z.object({ symbol: marketSymbolSchema });

export const setSwitchRequestSchema = z
  .strictObject({
    operation: marketOperationSchema,
    off: z.boolean(),
    reason: z.string().trim().min(1).max(reasonLengthMax),
  })
  .meta({ id: 'SetSwitchRequest' });

export const riskEventSchema = z
  .object({
    id: uuidSchema,
    kind: z.string(),
    symbol: z.string().nullable().meta({ description: 'Null where it is about all markets' }),
    severity: z.enum(['info', 'warning', 'critical']),
    message: z.string(),
    details: z.record(z.string(), z.unknown()),
    created_at: timestampSchema,
    resolved_at: timestampSchema.nullable().meta({ description: 'Null while it lasts' }),
  })
  .meta({ id: 'RiskEvent' });

export const riskEventsQuerySchema = pageQuerySchema.extend({
  symbol: marketSymbolSchema.optional(),
  resolved: booleanQuerySchema.optional(),
});

export const adminActionSchema = z
  .object({
    id: uuidSchema,
    admin_wallet: z.string(),
    action: z.string(),
    target: z.string(),
    details: z.record(z.string(), z.unknown()),
    request_id: z.string(),
    created_at: timestampSchema,
  })
  .meta({ id: 'AdminAction' });

export const adminActionsQuerySchema = pageQuerySchema.extend({
  admin_wallet: walletAddressSchema.optional(),
  target: z.string().min(1).max(targetLengthMax).optional(),
});
