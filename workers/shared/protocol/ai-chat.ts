import * as z from 'zod';
import { effectiveLeverageCodec, priceCodec, quoteCodec, signedQuoteCodec, sizeCodec } from '#shared/money/codecs.ts';
import { figureSchema } from './ai.ts';
import { marketSymbolSchema, pageQuerySchema, timestampSchema, uuidSchema } from './common.ts';
import { errorResponseSchema } from './errors.ts';
import { placeOrderRequestSchema, previewSchema } from './orders.ts';
import { positionSideSchema } from './positions.ts';

/** Characters of one question. */
export const chatMessageLengthMax = 4_000;

/** Where in the terminal a question was asked: what "this" means there. */
export const chatScreenSchema = z.enum(['trade', 'portfolio', 'earn', 'risk', 'track-record', 'other']);
export type ChatScreen = z.infer<typeof chatScreenSchema>;

/** Body of POST /api/ai/chat. */
export const chatRequestSchema = z
  .strictObject({
    message: z
      .string()
      .trim()
      .min(1, 'Ask something.')
      .max(chatMessageLengthMax, `Ask in at most ${chatMessageLengthMax} characters.`)
      .refine((text) => text.isWellFormed() && !text.includes('\0'), 'Ask in text: half characters and NUL are none.'),
    conversation_id: uuidSchema.optional().meta({ description: 'Goes on with it; a new one without' }),
    screen: chatScreenSchema.default('other').meta({ description: 'Where it is asked' }),
    symbol: marketSymbolSchema.optional().meta({ description: 'The market on screen' }),
  })
  .meta({ id: 'ChatRequest' });

export type ChatRequest = z.infer<typeof chatRequestSchema>;

/** An order that is proposed: a filled ticket. Nothing is sent until its trader places it himself. */
export const proposalSchema = z
  .object({
    proposal_id: uuidSchema,
    order: placeOrderRequestSchema.meta({ description: 'Ready for POST /api/trading/orders' }),
    before: z
      .object({
        position: z
          .object({
            side: positionSideSchema,
            size: sizeCodec,
            entry_price: priceCodec,
            margin: quoteCodec,
            leverage: effectiveLeverageCodec.nullable(),
            liquidation_price: priceCodec.nullable(),
          })
          .nullable()
          .meta({ description: 'Null: flat' }),
        account: z.object({
          total_balance: signedQuoteCodec,
          available_balance: signedQuoteCodec,
          margin_used: quoteCodec,
        }),
      })
      .meta({ description: 'How it stands without the order; `preview` says how with it' }),
    preview: previewSchema,
    expires_at: timestampSchema.meta({ description: 'After this ask again: the market has moved on' }),
  })
  .meta({ id: 'Proposal' });

export type ProposalDto = z.infer<typeof proposalSchema>;

/** Something the assistant looked up while it answered. */
export const toolActivitySchema = z
  .object({
    name: z.string().meta({ description: 'Which of its tools' }),
    state: z.enum(['started', 'done', 'failed']),
    symbol: marketSymbolSchema.nullable().meta({ description: 'The market it looked at; null where it is about none' }),
    figures: z.array(figureSchema).default([]).meta({
      description: 'What it found that the answer may cite as `[id]`, as the exchange counted it; with `done`',
    }),
  })
  .meta({ id: 'ToolActivity' });

export type ToolActivityDto = z.infer<typeof toolActivitySchema>;

/** Events of the answer's stream, by name; their data is JSON. */
export const chatEventSchemas = {
  start: z.object({
    conversation_id: uuidSchema,
    message_id: uuidSchema.meta({ description: 'Of the answer' }),
    notice: z.string().nullable().meta({ description: 'To be shown once, with the first answer of a conversation' }),
    model: z.string().meta({ description: '`quantitative`, or the language model that answers, as `provider/model`' }),
  }),
  token: z.object({ text: z.string().meta({ description: 'The next piece of the answer' }) }),
  tool: toolActivitySchema,
  proposal: proposalSchema,
  end: z.object({
    message_id: uuidSchema,
    model: z.string().meta({ description: 'Which answered in the end' }),
    truncated: z.boolean().meta({ description: 'True where the answer was longer than is kept' }),
  }),
  error: errorResponseSchema.extend({
    retry_after_seconds: z.int().nullable().meta({ description: 'When to ask again; null where nothing is known' }),
  }),
} as const;

export type ChatEventName = keyof typeof chatEventSchemas;
export type ChatEvent = {
  [Name in ChatEventName]: { readonly type: Name; readonly data: z.infer<(typeof chatEventSchemas)[Name]> };
}[ChatEventName];

/** One thing said in a conversation. */
export const chatMessageSchema = z
  .object({
    message_id: uuidSchema,
    role: z.enum(['user', 'assistant']),
    text: z.string(),
    model: z.string().nullable().meta({ description: 'Which answered; null for what the trader asked' }),
    complete: z.boolean().meta({ description: 'False for an answer that broke off' }),
    tools: z.array(toolActivitySchema),
    proposals: z.array(proposalSchema).meta({ description: 'As they were then; ask again before following one' }),
    created_at: timestampSchema,
  })
  .meta({ id: 'ChatMessage' });

export type ChatMessageDto = z.infer<typeof chatMessageSchema>;

export const conversationSchema = z
  .object({
    conversation_id: uuidSchema,
    title: z.string().meta({ description: 'The beginning of its first question' }),
    messages: z.int().meta({ description: 'How many there are' }),
    created_at: timestampSchema,
    updated_at: timestampSchema,
  })
  .meta({ id: 'Conversation' });

export type ConversationDto = z.infer<typeof conversationSchema>;

export const conversationListSchema = z.array(conversationSchema);
export const conversationListQuerySchema = pageQuerySchema;

/** A conversation with everything said in it, oldest first. */
export const conversationDetailSchema = z
  .object({ ...conversationSchema.shape, messages: z.array(chatMessageSchema) })
  .meta({ id: 'ConversationDetail' });

export type ConversationDetailDto = z.infer<typeof conversationDetailSchema>;

export const deletedConversationsSchema = z
  .object({ deleted: z.int().meta({ description: 'Conversations that are gone, with everything said in them' }) })
  .meta({ id: 'DeletedConversations' });
