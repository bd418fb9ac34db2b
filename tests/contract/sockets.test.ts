import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { decodeJson } from '#shared/money/json.ts';
import {
  accountChannels,
  accountClientMessageSchema,
  channelKindOf,
  channelSchemas,
  closeCodes,
  marketChannels,
  marketClientMessageSchema,
  serverMessageSchema,
} from '#shared/protocol/ws.ts';
import {
  channelGuides,
  clientMessageGuides,
  closeCodeGuides,
  serverMessageGuides,
} from '../../workers/api/docs/socket-guide.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const guide = read('docs/websocket.md');
const asyncapi = read('docs/asyncapi.yaml');

/** The values of the field that tells messages apart. */
const namesOf = (schema: z.ZodType, field: 'op' | 'type'): string[] => {
  const { oneOf, anyOf } = z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' });
  return (oneOf ?? anyOf ?? []).map((form) => String((form.properties?.[field] as { const?: unknown }).const));
};

const ops = [
  ...new Set([marketClientMessageSchema, accountClientMessageSchema].flatMap((schema) => namesOf(schema, 'op'))),
];
const types = namesOf(serverMessageSchema, 'type');

describe('every message of the sockets', () => {
  it.each(ops)('that a client sends as %s is in the reference, the guide and the AsyncAPI file', (op) => {
    const found = clientMessageGuides.find(({ name }) => name === op);
    expect(found?.description.length ?? 0).toBeGreaterThan(15);
    expect(guide).toContain(`{"op":"${op}"`);
    expect(asyncapi).toContain(op);
  });

  it.each(types)('that the exchange sends as %s is in the reference, the guide and the AsyncAPI file', (type) => {
    const found = serverMessageGuides.find(({ name }) => name === type);
    expect(found?.description.length ?? 0).toBeGreaterThan(10);
    expect(guide).toContain(`"type":"${type}"`);
    expect(asyncapi).toContain(type);
  });

  it('is shown as the schema takes it, and no other is shown', () => {
    expect(clientMessageGuides.map(({ name }) => name).sort()).toEqual([...ops].sort());
    expect(serverMessageGuides.map(({ name }) => name).sort()).toEqual([...types].sort());
    const ours = z.union([marketClientMessageSchema, accountClientMessageSchema]);
    for (const { example } of clientMessageGuides) expect(ours.safeParse(example).error).toBeUndefined();
    for (const { example } of serverMessageGuides) {
      const message = serverMessageSchema.parse(decodeJson(JSON.stringify(example)));
      if (message.type !== 'snapshot' && message.type !== 'update') continue;
      const schema = channelSchemas[channelKindOf(message.channel)][message.type];
      expect(z.safeDecode(schema as z.ZodType, message.data as never).error).toBeUndefined();
    }
  });
});

describe('every channel', () => {
  it.each([...marketChannels, ...accountChannels])(
    '%s is in the reference, the guide and the AsyncAPI file',
    (channel) => {
      const [kind = '', interval] = channel.split(':');
      const entry = channelGuides[channelKindOf(channel)];
      expect(entry.socket).toBe(
        (marketChannels as readonly string[]).includes(channel) ? '/ws/market/{symbol}' : '/ws/account',
      );
      expect(guide).toContain(`\`${kind}`);
      if (interval !== undefined) expect(entry.name).toContain(interval);
      expect(asyncapi).toContain(kind);
    },
  );
});

it.each(Object.entries(closeCodes))('the close code %s (%i) is in the reference and the guide', (name, code) => {
  expect(closeCodeGuides[name as keyof typeof closeCodes].todo.length).toBeGreaterThan(5);
  expect(guide).toMatch(new RegExp(`\\| ${code} +\\|`));
});
