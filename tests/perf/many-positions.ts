import { decodeJson, encodeJson } from '#shared/money/json.ts';
import type { PositionDto } from '#shared/protocol/positions.ts';
import { channelSchemas, serverMessageSchema } from '#shared/protocol/ws.ts';
import * as z from 'zod';

/**
 * More positions than an account can hold (one per market): frames of the account's stream with its own positions repeated under other ids.
 * The schema of the stream sets no bound, so the page takes them as it takes any; other frames stay as they are.
 */
export function repeatPositions(count: number): (text: string) => string {
  return (text) => {
    const message = serverMessageSchema.parse(decodeJson(text));
    if ((message.type !== 'snapshot' && message.type !== 'update') || message.channel !== 'positions') return text;
    const schema = channelSchemas.positions.snapshot;
    const own = z.decode(schema, message.data as z.input<typeof schema>);
    if (own.length === 0) return text;
    const rows = Array.from({ length: count }, (_, index): PositionDto => {
      const position = own[index % own.length] as PositionDto;
      return index < own.length ? position : { ...position, id: otherId(position.id, index) };
    });
    return encodeJson({ ...message, data: z.encode(schema, rows) });
  };
}

/** Another id of the same form. */
const otherId = (id: string, index: number): string => `${id.slice(0, -4)}${index.toString(16).padStart(4, '0')}`;
