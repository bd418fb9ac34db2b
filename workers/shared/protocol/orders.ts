import * as z from 'zod';
import {
  leverageCodec,
  positiveSizeCodec,
  priceCodec,
  priceWidthCodec,
  quoteCodec,
  signedQuoteCodec,
  sizeCodec,
} from '#shared/money/codecs.ts';
import {
  bpsSchema,
  marketSymbolSchema,
  pageQuerySchema,
  signatureSchema,
  timestampSchema,
  unixSecondsSchema,
  uuidSchema,
} from './common.ts';
import { reasonSchema } from './errors.ts';

export const orderSideSchema = z.enum(['buy', 'sell']);
export const orderTypeSchema = z.enum(['market', 'limit', 'stop', 'stop_limit']);
export const timeInForceSchema = z.enum(['gtc', 'ioc', 'gtt']);
export const orderStatusSchema = z.enum(['pending', 'filled', 'cancelled', 'rejected']);
export const orderStageSchema = z.enum([
  'accepted',
  'resting',
  'triggered',
  'submitted',
  'filled',
  'rejected',
  'cancelled',
  'expired',
]);

export const exitKindSchema = z.enum(['take_profit', 'stop_loss']);

export const clientOrderIdSchema = z
  .string()
  .regex(/^[\w.:-]{1,64}$/, 'Use 1 to 64 letters, digits, dots, colons, dashes or underscores.')
  .meta({ description: "The caller's own id, unique per account" });

/** The one shape of an order, in every answer and on the `orders` channel. */
export const orderSchema = z
  .object({
    order_id: uuidSchema,
    client_order_id: z.string().nullable(),
    intent: z.enum(['trade', 'add_margin', 'remove_margin']),
    symbol: marketSymbolSchema,
    side: orderSideSchema,
    order_type: orderTypeSchema,
    quantity: sizeCodec,
    amount: quoteCodec.nullable().meta({ description: 'USDC moved by a change of margin; null for trades' }),
    price: priceCodec.nullable(),
    stop_price: priceCodec.nullable(),
    reduce_only: z.boolean(),
    leverage: leverageCodec,
    max_slippage_bps: bpsSchema,
    time_in_force: timeInForceSchema,
    expires_at: timestampSchema.nullable(),
    take_profit: priceCodec.nullable(),
    stop_loss: priceCodec.nullable(),
    group_id: uuidSchema.nullable().meta({ description: 'Orders of which an execution lessens or ends the others' }),
    parent_order_id: uuidSchema.nullable().meta({ description: 'Of an exit: the order that opened what it closes' }),
    exit_kind: exitKindSchema.nullable(),
    analysis_id: uuidSchema.nullable(),
    status: orderStatusSchema,
    stage: orderStageSchema,
    version: z.int().meta({ description: 'Grows with every change of the order' }),
    eligible_from: unixSecondsSchema
      .nullable()
      .meta({ description: 'First publish_time at which it may execute; null for an addition of margin' }),
    filled_quantity: sizeCodec,
    average_fill_price: priceCodec.nullable(),
    fee: quoteCodec,
    position_id: uuidSchema.nullable(),
    transaction_hash: signatureSchema.nullable(),
    error: reasonSchema.nullable(),
    created_at: timestampSchema,
    executed_at: timestampSchema.nullable(),
  })
  .meta({ id: 'Order' });

export type OrderDto = z.infer<typeof orderSchema>;

/** An order with every transaction signed for it. */
export const orderDetailSchema = orderSchema
  .extend({
    attempts: z.array(
      z.object({
        signature: signatureSchema,
        expected_seq: z.int(),
        signed_at: timestampSchema,
        last_valid_block_height: z.int(),
        outcome: z.enum(['sent', 'landed', 'failed', 'expired']),
        settled_at: timestampSchema
          .nullable()
          .meta({ description: 'When that was decided; null while it may still land' }),
        reason: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'OrderDetail' });

export type OrderDetailDto = z.infer<typeof orderDetailSchema>;

const orderFields = z.strictObject({
  symbol: marketSymbolSchema,
  side: orderSideSchema,
  order_type: orderTypeSchema,
  quantity: positiveSizeCodec,
  price: priceCodec.optional().meta({ description: 'Limit price; required for limit and stop_limit' }),
  stop_price: priceCodec.optional().meta({ description: 'Trigger price; required for stop and stop_limit' }),
  reduce_only: z.boolean().default(false),
  leverage: leverageCodec.optional().meta({ description: "The trader's default without it" }),
  max_slippage_bps: bpsSchema
    .optional()
    .meta({ description: 'Worst price of a market order, from the price seen now' }),
  time_in_force: timeInForceSchema.default('gtc'),
  expires_at: timestampSchema.optional().meta({ description: 'Required for gtt' }),
  client_order_id: clientOrderIdSchema.optional(),
  take_profit: priceCodec
    .optional()
    .meta({ description: 'When filled, a reduce-only limit order at this price appears; the other exit cancels it' }),
  stop_loss: priceCodec
    .optional()
    .meta({ description: 'When filled, a reduce-only stop order at this price appears; the other exit cancels it' }),
  analysis_id: uuidSchema.optional().meta({ description: 'The analysis it follows' }),
});

type OrderFields = z.infer<typeof orderFields>;

/** Fields that only make sense together: the first violated rule per field is reported. */
function checkOrder(order: OrderFields, report: (path: keyof OrderFields, message: string) => void): void {
  const takesPrice = order.order_type === 'limit' || order.order_type === 'stop_limit';
  const takesStop = order.order_type === 'stop' || order.order_type === 'stop_limit';
  if (takesPrice && order.price === undefined) report('price', `A ${order.order_type} order needs a price.`);
  if (!takesPrice && order.price !== undefined) {
    report('price', `A ${order.order_type} order takes no price; use max_slippage_bps to bound it.`);
  }
  if (takesStop && order.stop_price === undefined)
    report('stop_price', `A ${order.order_type} order needs a stop_price.`);
  if (!takesStop && order.stop_price !== undefined)
    report('stop_price', `A ${order.order_type} order takes no stop_price.`);
  if (order.time_in_force === 'gtt' && order.expires_at === undefined) report('expires_at', 'gtt needs expires_at.');
  if (order.time_in_force !== 'gtt' && order.expires_at !== undefined) {
    report('expires_at', 'expires_at belongs to time_in_force gtt.');
  }
  for (const exit of ['take_profit', 'stop_loss'] as const) {
    if (order.reduce_only && order[exit] !== undefined) report(exit, 'An order that only reduces brings no exits.');
  }
}

/** Body of POST /api/trading/orders and of POST /api/trading/preview. */
export const placeOrderRequestSchema = orderFields
  .superRefine((order, context) => {
    checkOrder(order, (path, message) => context.addIssue({ code: 'custom', path: [path], message }));
  })
  .meta({ id: 'TradingOrder' });

/** As the handler sees it, decimals read. */
export type PlaceOrderRequest = z.infer<typeof placeOrderRequestSchema>;

/** Body of PATCH /api/trading/orders/{id}: what is named changes. */
export const amendOrderRequestSchema = z
  .strictObject({
    quantity: positiveSizeCodec.optional(),
    price: priceCodec.optional(),
    stop_price: priceCodec.optional(),
    expires_at: timestampSchema.optional(),
    take_profit: priceCodec.nullable().optional().meta({ description: 'Null removes it' }),
    stop_loss: priceCodec.nullable().optional().meta({ description: 'Null removes it' }),
    max_slippage_bps: bpsSchema.optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'Name what is to change.')
  .meta({ id: 'AmendOrder' });

export type AmendOrderRequest = z.infer<typeof amendOrderRequestSchema>;

/** Body of POST /api/trading/positions/{id}/exits. */
export const setExitsRequestSchema = z
  .strictObject({
    take_profit: priceCodec.nullable().optional().meta({ description: 'Null removes it; without it, it stays' }),
    stop_loss: priceCodec.nullable().optional().meta({ description: 'Null removes it; without it, it stays' }),
    quantity: positiveSizeCodec
      .optional()
      .meta({ description: 'What each exit closes; without it, what the position holds now' }),
    max_slippage_bps: bpsSchema.optional().meta({
      description:
        'Of the stop-loss; without it, what the one before it has, else what your orders have that name none',
    }),
  })
  .refine(
    (exits) => exits.take_profit !== undefined || exits.stop_loss !== undefined,
    'Name take_profit, stop_loss or both.',
  )
  .meta({ id: 'SetExits' });

const cancelAfterSecondsMax = 86_400;

/** Body of POST /api/trading/cancel-after. */
export const cancelAfterRequestSchema = z
  .strictObject({ seconds: z.int().min(0).max(cancelAfterSecondsMax).meta({ description: '0 disarms' }) })
  .meta({ id: 'CancelAfterRequest' });

export const cancelAfterSchema = z
  .object({ cancel_at: timestampSchema.nullable().meta({ description: 'Null: disarmed' }) })
  .meta({ id: 'CancelAfter' });

export const orderListQuerySchema = pageQuerySchema.extend({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/, 'Give the X-Next-Cursor of the page before.')
    .optional(),
  status: orderStatusSchema.optional(),
  symbol: marketSymbolSchema.optional(),
  client_order_id: clientOrderIdSchema.optional(),
});

export const orderListSchema = z.array(orderSchema);

export const cancelAllQuerySchema = z.object({ symbol: marketSymbolSchema.optional() });

/** What became of a request, found by its idempotency key. */
export const commandSchema = z
  .object({
    idempotency_key: z.string(),
    kind: z.string(),
    outcome: z.enum(['running', 'done', 'refused']),
    order: orderSchema.nullable().meta({ description: 'The first of `orders`' }),
    orders: z.array(orderSchema).meta({ description: 'All orders it concerned, as they are now' }),
    cancel_at: timestampSchema.nullable().meta({ description: 'What a cancel_after answered' }),
    error: reasonSchema.nullable(),
    created_at: timestampSchema,
  })
  .meta({ id: 'Command' });

export type CommandDto = z.infer<typeof commandSchema>;

/** What an order would do now, by the mathematics of the program. */
export const previewSchema = z
  .object({
    intent: z
      .enum(['open', 'increase', 'reduce', 'close', 'flip'])
      .meta({ description: 'flip: closes the open position and opens the other side with the rest' }),
    closes: sizeCodec.meta({ description: 'Of the open position' }),
    opens: sizeCodec.meta({ description: 'Opened, or added to the open position' }),
    oracle_price: priceCodec,
    fill_price: priceCodec,
    spread: priceWidthCodec,
    impact: quoteCodec,
    fee: quoteCodec,
    notional: quoteCodec,
    realized_pnl: signedQuoteCodec.meta({ description: 'Of what is closed; 0 for an opening' }),
    funding: signedQuoteCodec.meta({ description: 'Owed by what is closed; negative: received' }),
    borrow: quoteCodec.meta({ description: 'Owed by what is closed' }),
    margin_added: quoteCodec.meta({ description: 'Taken from collateral into the position' }),
    margin_released: quoteCodec.meta({
      description: 'Returned to collateral by what is closed, after its result, fee and impact',
    }),
    margin: quoteCodec.meta({ description: 'Margin of the position after the order' }),
    leverage: leverageCodec,
    liquidation_price: priceCodec.nullable(),
    position_after: z
      .object({
        side: z.enum(['long', 'short']),
        size: sizeCodec,
        entry_price: priceCodec,
        capped: z
          .boolean()
          .meta({ description: 'True where it can win nothing more at this price: anyone may close it' }),
      })
      .nullable()
      .meta({ description: 'Null: flat' }),
    account_after: z.object({
      total_balance: signedQuoteCodec,
      available_balance: signedQuoteCodec,
      margin_used: quoteCodec,
    }),
    warnings: z
      .array(reasonSchema)
      .meta({ description: 'Why it would be refused or is dangerous, most serious first' }),
  })
  .meta({ id: 'Preview' });

export type PreviewDto = z.infer<typeof previewSchema>;
