import * as z from 'zod';
import { marketSymbolSchema, pageQuerySchema, signatureSchema, timestampSchema, uuidSchema } from './common.ts';

export const riskAlertSchema = z
  .object({
    id: uuidSchema,
    kind: z.enum(['margin_warning', 'liquidated']),
    symbol: marketSymbolSchema,
    position_id: uuidSchema,
    message: z.string(),
    transaction_hash: signatureSchema.nullable(),
    created_at: timestampSchema,
  })
  .meta({ id: 'RiskAlert' });

export type RiskAlertDto = z.infer<typeof riskAlertSchema>;

export const riskAlertListSchema = z.array(riskAlertSchema);

export const riskAlertsQuerySchema = pageQuerySchema;
