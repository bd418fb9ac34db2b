import * as z from 'zod';
import { timestampSchema, unixSecondsSchema } from './common.ts';
import {
  candleIntervalSchema,
  candleSchema,
  marketStatsSchema,
  priceStateSchema,
  publicTradeSchema,
} from './market.ts';
import { marketSymbolSchema } from './common.ts';
import { orderSchema } from './orders.ts';
import { priceCodec, priceWidthCodec, rateCodec } from '#shared/money/codecs.ts';
import { positionSchema } from './positions.ts';
import { balanceSchema } from './portfolio.ts';
import { riskAlertSchema } from './risk.ts';

/**
 * Messages of `/ws/market/{symbol}` and `/ws/account`. Text frames of one JSON object. `seq` grows by one per message of a channel;
 * `epoch` changes whenever the window of past updates is lost.
 */
export const socketProtocolVersion = 1;

/** Exactly these bytes are answered with `pongFrame` without waking the object. */
export const pingFrame = '{"op":"ping"}';
export const pongFrame = '{"type":"pong"}';

/** Close codes of the exchange. */
export const closeCodes = {
  /** A frame that is not of this protocol, or too large. */
  badFrame: 4000,
  /** No valid `auth` within 5 s, or the token expired. */
  unauthenticated: 4001,
  /** More than 1,024 messages behind its acks, or silent for 30 s. */
  tooSlow: 4008,
  /**
   * Too many client messages at once, or too many sockets that wait without a token: the oldest one makes room. Other sockets that are too many
   * are refused before the upgrade, with 429 or 503.
   */
  tooMany: 4029,
} as const;

/** Bounds that both ends keep. */
export const socketBounds = {
  authTimeoutMs: 5_000,
  ackIntervalMs: 5_000,
  ackMessagesMax: 100,
  /** Messages behind its ack at which a socket gets one `reset`. */
  behindResetMessages: 256,
  behindCloseMessages: 1_024,
  silenceMsMax: 30_000,
  frameBytesMax: 8 * 1_024,
  channelsMax: 32,
} as const;

const candleChannels = candleIntervalSchema.options.map((interval) => `candles:${interval}` as const);

export const marketChannels = ['price', 'trades', 'stats', ...candleChannels] as const;
export const accountChannels = ['orders', 'positions', 'balance', 'risk'] as const;
export type MarketChannel = (typeof marketChannels)[number];
export type AccountChannel = (typeof accountChannels)[number];
export type Channel = MarketChannel | AccountChannel;

export const marketChannelSchema = z.enum(marketChannels);
export const accountChannelSchema = z.enum(accountChannels);

const seqSchema = z.int().min(0);
const epochSchema = z.string().min(1).max(64);

/** Where a client left off: updates after it are sent again while the window has them, else `reset` and a snapshot. */
const resumePointSchema = z.strictObject({ epoch: epochSchema, seq: seqSchema });

const clientMessage = <Name extends z.ZodType<string>>(channel: Name) =>
  z.discriminatedUnion('op', [
    z.strictObject({
      op: z.literal('subscribe'),
      channels: z.array(channel).min(1).max(socketBounds.channelsMax),
      /** Holds for every channel of the message; clients that left channels at different places send one message per channel. */
      from: resumePointSchema.optional(),
    }),
    z.strictObject({ op: z.literal('unsubscribe'), channels: z.array(channel).min(1).max(socketBounds.channelsMax) }),
    z.strictObject({ op: z.literal('ack'), channel, seq: seqSchema }),
    z.strictObject({ op: z.literal('ping') }),
    z.strictObject({ op: z.literal('auth'), token: z.string().min(1).max(4_096) }),
  ]);

export const marketClientMessageSchema = clientMessage(marketChannelSchema);
export const accountClientMessageSchema = clientMessage(accountChannelSchema);
export type MarketClientMessage = z.infer<typeof marketClientMessageSchema>;
export type AccountClientMessage = z.infer<typeof accountClientMessageSchema>;

// Data of the channels: `snapshot` carries the whole, `update` what the table in docs/websocket.md says.

export const priceDataSchema = z.object({
  symbol: marketSymbolSchema,
  price: priceCodec,
  confidence: priceWidthCodec,
  ema: priceCodec,
  publish_time: unixSecondsSchema,
  state: priceStateSchema,
  funding_rate: rateCodec.nullable(),
});
export type PriceData = z.infer<typeof priceDataSchema>;

/** Per channel: the data of its snapshot and of each update. */
export const channelSchemas = {
  price: { snapshot: priceDataSchema.nullable(), update: priceDataSchema },
  candles: { snapshot: z.array(candleSchema), update: candleSchema },
  trades: { snapshot: z.array(publicTradeSchema), update: publicTradeSchema },
  stats: { snapshot: marketStatsSchema, update: marketStatsSchema },
  /** Snapshot: unfinished orders and the latest finished ones, newest first. Update: one order that changed. */
  orders: { snapshot: z.array(orderSchema), update: orderSchema },
  /** Both carry every open position: a closed one is no longer in it. */
  positions: { snapshot: z.array(positionSchema), update: z.array(positionSchema) },
  balance: { snapshot: balanceSchema, update: balanceSchema },
  /** Snapshot: the latest alerts, newest first. Update: one alert. */
  risk: { snapshot: z.array(riskAlertSchema), update: riskAlertSchema },
} as const;

export type ChannelKind = keyof typeof channelSchemas;

/** The schemas of a channel; all candle intervals share theirs. */
export const channelKindOf = (channel: Channel): ChannelKind =>
  channel.startsWith('candles:') ? 'candles' : (channel as Exclude<Channel, `candles:${string}`>);

export const helloSchema = z.object({
  type: z.literal('hello'),
  version: z.literal(socketProtocolVersion),
  connection_id: z.string(),
  server_time: timestampSchema,
  epoch: epochSchema,
});

const channelNameSchema = z.enum([...marketChannels, ...accountChannels]);

/** Envelopes; `data` is checked with `channelSchemas`. */
export const snapshotSchema = z.object({
  type: z.literal('snapshot'),
  channel: channelNameSchema,
  epoch: epochSchema,
  seq: seqSchema,
  data: z.unknown(),
});

export const updateSchema = z.object({
  type: z.literal('update'),
  channel: channelNameSchema,
  seq: seqSchema,
  prev_seq: seqSchema,
  ts: timestampSchema,
  data: z.unknown(),
});

/** Updates of the channel were lost for this socket; a snapshot follows. */
export const resetSchema = z.object({ type: z.literal('reset'), channel: channelNameSchema });

export const socketErrorSchema = z.object({ type: z.literal('error'), code: z.string(), message: z.string() });

/** Sent once after a valid `auth` on `/ws/account`. */
export const authenticatedSchema = z.object({
  type: z.literal('authenticated'),
  wallet_address: z.string(),
  expires_at: timestampSchema,
});

export const pongSchema = z.object({ type: z.literal('pong') });

export const serverMessageSchema = z.discriminatedUnion('type', [
  helloSchema,
  snapshotSchema,
  updateSchema,
  resetSchema,
  socketErrorSchema,
  authenticatedSchema,
  pongSchema,
]);

export type ServerMessage = z.infer<typeof serverMessageSchema>;
