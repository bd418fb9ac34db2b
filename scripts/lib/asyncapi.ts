import { format, resolveConfig } from 'prettier';
import * as z from 'zod';
import { MARKET_SYMBOLS } from '#shared/markets.ts';
import {
  accountChannels,
  accountClientMessageSchema,
  authenticatedSchema,
  type Channel,
  type ChannelKind,
  channelKindOf,
  channelSchemas,
  helloSchema,
  marketChannels,
  marketClientMessageSchema,
  pongSchema,
  resetSchema,
  snapshotSchema,
  socketErrorSchema,
  updateSchema,
} from '#shared/protocol/ws.ts';
import { Components } from '../../workers/api/docs/components.ts';
import {
  channelGuides,
  clientMessageGuides,
  type MessageGuide,
  serverMessageGuides,
} from '../../workers/api/docs/socket-guide.ts';
import { yamlOf } from './yaml.ts';

export const asyncApiPath = new URL('../../docs/asyncapi.yaml', import.meta.url);

const servers = { market: '/ws/market/{symbol}', account: '/ws/account' } as const;
type SocketName = keyof typeof servers;

const namesOf = (socket: SocketName): readonly Channel[] => (socket === 'market' ? marketChannels : accountChannels);
const kindsOf = (socket: SocketName): ChannelKind[] => [...new Set(namesOf(socket).map(channelKindOf))];

type Json = Readonly<Record<string, unknown>>;

/** The AsyncAPI 3.0 description of both sockets, from the schemas that validate. */
export function asyncApiDocument(): Json {
  const components = new Components();
  const sockets = Object.keys(servers) as SocketName[];
  const messages = Object.assign({}, ...sockets.map((socket) => messagesOf(socket, components))) as Json;
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'QuantDesk sockets',
      version: '1.0.0',
      description:
        'Two addresses, one protocol: numbered updates of channels, resumed where a client left them. No gap is ever silent. In words: docs/websocket.md.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(sockets.map((socket) => [socket, channelOf(socket, messages)])),
    operations: Object.assign({}, ...sockets.map((socket) => operationsOf(socket, messages))) as Json,
    components: { messages, schemas: components.schemas },
  };
}

/** The same as the text of `docs/asyncapi.yaml`. @throws when it is no YAML. */
export async function asyncApiText(): Promise<string> {
  const style = await resolveConfig(asyncApiPath);
  const note = '# Written by `npm run docs` from workers/shared/protocol/ws.ts.';
  return format(`${note}\n${yamlOf(asyncApiDocument())}`, { ...style, parser: 'yaml' });
}

const keysOf = (messages: Json, socket: SocketName, side: 'client' | 'server'): string[] =>
  Object.keys(messages).filter((key) => key.startsWith(`${socket}.${side}.`));

function channelOf(socket: SocketName, messages: Json): Json {
  const keys = [...keysOf(messages, socket, 'client'), ...keysOf(messages, socket, 'server')];
  return {
    address: servers[socket],
    description: kindsOf(socket)
      .map((kind) => channelGuides[kind])
      .map(({ name, snapshot, update, sent }) => `${name}: snapshot ${snapshot}; update ${update}; sent ${sent}.`)
      .join('\n'),
    ...(socket === 'market' ? { parameters: { symbol: { enum: [...MARKET_SYMBOLS] } } } : {}),
    messages: Object.fromEntries(keys.map((key) => [key, { $ref: `#/components/messages/${key}` }])),
  };
}

/** From where the exchange stands: it receives what clients send. */
function operationsOf(socket: SocketName, messages: Json): Json {
  const operation = (action: 'send' | 'receive', side: 'client' | 'server'): Json => ({
    action,
    channel: { $ref: `#/channels/${socket}` },
    messages: keysOf(messages, socket, side).map((key) => ({ $ref: `#/channels/${socket}/messages/${key}` })),
  });
  return { [`${socket}.receive`]: operation('receive', 'client'), [`${socket}.send`]: operation('send', 'server') };
}

function messagesOf(socket: SocketName, components: Components): Json {
  const client = socket === 'market' ? marketClientMessageSchema : accountClientMessageSchema;
  const messages: Record<string, Json> = {};
  for (const option of client.options) {
    const name = option.shape.op.value;
    if (name === 'auth' && socket === 'market') continue;
    messages[`${socket}.client.${name}`] = messageOf(
      clientMessageGuides,
      name,
      components.schemaOf(option, 'input'),
      socket,
    );
  }
  const always = { hello: helloSchema, reset: resetSchema, error: socketErrorSchema, pong: pongSchema };
  const own = socket === 'account' ? { ...always, authenticated: authenticatedSchema } : always;
  for (const [name, schema] of Object.entries(own))
    messages[`${socket}.server.${name}`] = messageOf(
      serverMessageGuides,
      name,
      components.schemaOf(schema, 'output'),
      socket,
    );
  for (const kind of kindsOf(socket))
    for (const [name, envelope] of Object.entries({ snapshot: snapshotSchema, update: updateSchema }))
      messages[`${socket}.server.${name}.${kind}`] = dataMessage(
        name as 'snapshot' | 'update',
        kind,
        envelope,
        components,
      );
  return messages;
}

function messageOf(guides: readonly MessageGuide[], name: string, payload: Json, socket: SocketName): Json {
  const guide = guides.find((candidate) => candidate.name === name);
  if (guide === undefined) throw new Error(`nobody describes the message ${name}`);
  const example = exampleFor(guide.example, socket);
  return { name, summary: guide.description, payload, examples: [{ payload: example }] };
}

/** Examples name channels of a market; the account's socket has its own. */
function exampleFor(example: Json, socket: SocketName): Json {
  if (socket === 'market') return example;
  const [first, second] = accountChannels;
  return {
    ...example,
    ...('channels' in example ? { channels: [first, second] } : {}),
    ...('channel' in example ? { channel: first } : {}),
  };
}

function dataMessage(
  name: 'snapshot' | 'update',
  kind: ChannelKind,
  envelope: typeof snapshotSchema | typeof updateSchema,
  components: Components,
): Json {
  const names = [...marketChannels, ...accountChannels].filter((channel) => channelKindOf(channel) === kind);
  const schema = envelope.extend({ channel: z.enum(names), data: channelSchemas[kind][name] });
  const { description } = serverMessageGuides.find((guide) => guide.name === name) ?? { description: '' };
  return {
    name,
    summary: `${description} Data: ${channelGuides[kind][name]}.`,
    payload: components.schemaOf(schema, 'output'),
  };
}
