import { decodeJson } from '#shared/money/json.ts';
import {
  channelKindOf,
  channelSchemas,
  serverMessageSchema,
  type Channel,
  type ChannelKind,
  type ServerMessage,
} from '#shared/protocol/ws.ts';
import * as z from 'zod';

type ChannelData<Kind extends ChannelKind, Part extends 'snapshot' | 'update'> = z.output<
  (typeof channelSchemas)[Kind][Part]
>;

type MessageOf<Kind extends ChannelKind> = { readonly kind: Kind; readonly channel: Channel; readonly seq: number } & (
  | { readonly type: 'snapshot'; readonly data: ChannelData<Kind, 'snapshot'> }
  | { readonly type: 'update'; readonly data: ChannelData<Kind, 'update'> }
);

/** What a stream delivers: checked data of one channel, decimals read into their units. */
export type StreamMessage = { [Kind in ChannelKind]: MessageOf<Kind> }[ChannelKind];

type DataFrame = Extract<ServerMessage, { type: 'snapshot' | 'update' }>;

/** Reads one text frame. @throws SyntaxError or ZodError when it is not of this protocol. */
export const readFrame = (text: string): ServerMessage => serverMessageSchema.parse(decodeJson(text));

/** Checks and decodes the data of a frame. @throws ZodError when it does not fit its channel. */
export function readData(frame: DataFrame): StreamMessage {
  const kind = channelKindOf(frame.channel);
  const data = z.decode(channelSchemas[kind][frame.type] as z.ZodType, frame.data);
  return { kind, channel: frame.channel, seq: frame.seq, type: frame.type, data } as StreamMessage;
}
