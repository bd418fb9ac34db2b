import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clientMessageGuides, serverMessageGuides } from '../../workers/api/docs/socket-guide.ts';
import {
  accountChannels,
  accountClientMessageSchema,
  marketChannels,
  marketClientMessageSchema,
  serverMessageSchema,
} from '#shared/protocol/ws.ts';
import { asyncApiDocument, asyncApiPath, asyncApiText } from '../../scripts/lib/asyncapi.ts';

interface Message {
  readonly name: string;
  readonly summary: string;
  readonly payload: { readonly properties: { readonly channel?: { readonly enum?: readonly string[] } } };
  readonly examples?: readonly { readonly payload: unknown }[];
}

interface Document {
  readonly asyncapi: string;
  readonly channels: Readonly<
    Record<string, { readonly messages: Readonly<Record<string, { readonly $ref: string }>> }>
  >;
  readonly operations: Readonly<Record<string, { readonly messages: readonly { readonly $ref: string }[] }>>;
  readonly components: { readonly messages: Readonly<Record<string, Message>>; readonly schemas: object };
}

const text = readFileSync(asyncApiPath, 'utf8');
const document = JSON.parse(JSON.stringify(asyncApiDocument())) as Document;
const messages = Object.entries(document.components.messages);

/** Every `$ref` in a value. */
function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === '$ref' ? [String(item)] : refsIn(item)));
}

const resolves = (ref: string): boolean =>
  ref
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], document) !== undefined;

describe('docs/asyncapi.yaml', () => {
  it('is what the schemas say that validate (npm run docs writes it)', async () => {
    expect(text).toBe(await asyncApiText());
    expect(document.asyncapi).toBe('3.0.0');
  });

  it('describes every message of the protocol, and no other', () => {
    const named = (side: string) => [
      ...new Set(messages.filter(([key]) => key.split('.')[1] === side).map(([, { name }]) => name)),
    ];
    const sent = serverMessageSchema.options.map((option) => option.shape.type.value);
    expect(named('server').sort()).toEqual([...sent].sort());
    expect(serverMessageGuides.map(({ name }) => name).sort()).toEqual([...sent].sort());
    const heard = accountClientMessageSchema.options.map((option) => option.shape.op.value);
    expect(named('client').sort()).toEqual([...heard].sort());
    expect(clientMessageGuides.map(({ name }) => name).sort()).toEqual([...heard].sort());
  });

  it.each(['snapshot', 'update'])('gives the data of each channel its schema, for its %s', (name) => {
    const channels = messages
      .filter(([key, message]) => message.name === name && key.includes('.server.'))
      .flatMap(([, { payload }]) => payload.properties.channel?.enum ?? []);
    expect(channels.sort()).toEqual([...marketChannels, ...accountChannels].sort());
  });

  it('refers only to what it holds', () => {
    const refs = refsIn(document);
    expect(refs.length).toBeGreaterThan(messages.length);
    for (const ref of refs) expect(resolves(ref), ref).toBe(true);
  });

  it.each(messages.flatMap(([key, { examples = [] }]) => examples.map(({ payload }) => [key, payload] as const)))(
    'shows an example of %s that the schema takes',
    (key, payload) => {
      const [socket, side] = key.split('.');
      const client = socket === 'market' ? marketClientMessageSchema : accountClientMessageSchema;
      const schema = side === 'client' ? client : serverMessageSchema;
      expect(schema.safeParse(payload).error).toBeUndefined();
    },
  );
});
