import * as z from 'zod';
import { leverageCodec, positiveQuoteCodec, positiveSizeCodec, quoteCodec } from '#shared/money/codecs.ts';
import { bpsSchema, marketSymbolSchema, signatureSchema, timestampSchema, walletAddressSchema } from './common.ts';
import { reasonSchema } from './errors.ts';
import { positionSideSchema } from './positions.ts';

/** A transaction is at most 1,232 bytes; base64 makes 1,644 characters of it. */
const transactionTextLengthMax = 1_700;

const action = <const Name extends string, Params extends z.core.$ZodLooseShape>(name: Name, params: Params) =>
  z.strictObject({ action: z.literal(name), params: z.strictObject(params) });

/** Body of POST /api/trading/transactions: what the wallet will sign. */
export const buildTransactionRequestSchema = z
  .discriminatedUnion('action', [
    action('open_account', { deposit: quoteCodec.optional(), delegate: z.boolean().default(true) }),
    action('deposit', { amount: positiveQuoteCodec }),
    action('withdraw', { amount: positiveQuoteCodec }),
    action('cancel_withdrawal', {}),
    action('set_delegate', {
      expires_at: timestampSchema.optional(),
      turnover_cap: positiveQuoteCodec
        .optional()
        .meta({ description: 'USDC of notional per 24 h; reductions are exempt' }),
    }),
    action('revoke_delegate', {}),
    action('open_position', {
      symbol: marketSymbolSchema,
      side: positionSideSchema,
      quantity: positiveSizeCodec,
      leverage: leverageCodec,
      max_slippage_bps: bpsSchema.optional(),
    }),
    action('request_close', { symbol: marketSymbolSchema }),
    action('close_position', { symbol: marketSymbolSchema, quantity: positiveSizeCodec.optional() }),
    action('add_margin', { symbol: marketSymbolSchema, amount: positiveQuoteCodec }),
    action('remove_margin', { symbol: marketSymbolSchema, amount: positiveQuoteCodec }),
    action('add_liquidity', { amount: positiveQuoteCodec }),
    action('remove_liquidity', { shares: positiveQuoteCodec }),
  ])
  .meta({ id: 'BuildTransaction' });

export type BuildTransactionRequest = z.infer<typeof buildTransactionRequestSchema>;

export const builtTransactionSchema = z
  .object({
    transaction: z.string().meta({ description: 'Base64; to be signed by the trader and submitted within 10 minutes' }),
    summary: z.array(z.string()).meta({ description: 'What the signature allows, in words' }),
    last_valid_block_height: z.int(),
    queued: z.boolean().optional().meta({
      description: 'True where a withdrawal waits for its turn, because no more may leave the exchange for now',
    }),
  })
  .meta({ id: 'BuiltTransaction' });

export type BuiltTransactionDto = z.infer<typeof builtTransactionSchema>;

export const submitTransactionRequestSchema = z.strictObject({
  transaction: z
    .base64('Give the signed transaction in base64.')
    .max(transactionTextLengthMax, 'A transaction has at most 1,232 bytes.'),
});

export const submittedTransactionSchema = z
  .object({
    signature: signatureSchema,
    status: z.enum(['processed', 'confirmed', 'failed']),
    error: reasonSchema.optional(),
  })
  .meta({ id: 'SubmittedTransaction' });

export type SubmittedTransactionDto = z.infer<typeof submittedTransactionSchema>;

export const faucetRequestSchema = z.strictObject({ wallet_address: walletAddressSchema });

export const faucetResponseSchema = z
  .object({ signature: signatureSchema, sol: z.number(), usdc: quoteCodec })
  .meta({ id: 'Faucet' });

export type FaucetDto = z.infer<typeof faucetResponseSchema>;
