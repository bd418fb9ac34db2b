import type { closeCodes } from '#shared/protocol/ws.ts';
import { type ChannelKind } from '#shared/protocol/ws.ts';

/** What the reference says of one message; a test holds every example to the schema that validates. */
export interface MessageGuide {
  /** `op` of a client's message, `type` of ours. */
  readonly name: string;
  readonly description: string;
  readonly example: Readonly<Record<string, unknown>>;
}

const epoch = 'c43b3f74-f008-4a53-8736-d5e4259529bc';

const priceExample = {
  symbol: 'SOL-PERP',
  price: 152.39028926,
  confidence: 0.05747806,
  ema: 153.7205212,
  publish_time: 1_795_381_915,
  state: 'ok',
  funding_rate: 0,
};

/** What a client may send. */
export const clientMessageGuides: readonly MessageGuide[] = [
  {
    name: 'auth',
    description:
      '`/ws/account` only: the first message, within 5 s. The token is never part of an address. Send a fresh one before the old expires, and the socket goes on.',
    example: { op: 'auth', token: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmVk' },
  },
  {
    name: 'subscribe',
    description:
      'With `from` the channel resumes after that message; without it begins with a snapshot. Channels that were left at different places take one message each.',
    example: { op: 'subscribe', channels: ['price', 'trades'], from: { epoch, seq: 12 } },
  },
  {
    name: 'unsubscribe',
    description: 'Nothing more is sent of these channels.',
    example: { op: 'unsubscribe', channels: ['trades'] },
  },
  {
    name: 'ack',
    description: 'Everything up to `seq` has arrived. Send it every 5 s or 100 messages, whichever is first.',
    example: { op: 'ack', channel: 'price', seq: 112 },
  },
  {
    name: 'ping',
    description: 'Exactly these 13 bytes, at least every 30 s: answered without waking anything.',
    example: { op: 'ping' },
  },
];

/** What the exchange sends. */
export const serverMessageGuides: readonly MessageGuide[] = [
  {
    name: 'hello',
    description: 'The socket is open. `epoch` names the life of the window of past messages.',
    example: {
      type: 'hello',
      version: 1,
      connection_id: 'e79ab180-9253-45a8-9bc8-f15770fbdcf3',
      server_time: '2026-11-22T21:11:52.750Z',
      epoch,
    },
  },
  {
    name: 'authenticated',
    description: '`/ws/account`: the token was accepted. The socket ends with it unless a fresh one comes.',
    example: {
      type: 'authenticated',
      wallet_address: '7UVimffxr9ow1uXYxsr4LHAcV58mLzhmwaeKvJ1pjLiE',
      expires_at: '2026-11-22T21:26:52.000Z',
    },
  },
  {
    name: 'snapshot',
    description: 'The whole of a channel as of message `seq`.',
    example: { type: 'snapshot', channel: 'price', epoch, seq: 8, data: priceExample },
  },
  {
    name: 'update',
    description: 'Message `seq`; `prev_seq` is the one before it. Drop what you have seen; resume if one is missing.',
    example: {
      type: 'update',
      channel: 'price',
      seq: 9,
      prev_seq: 8,
      ts: '2026-11-22T21:11:55.907Z',
      data: { ...priceExample, price: 152.38698921 },
    },
  },
  {
    name: 'reset',
    description: 'Messages of the channel were lost for this socket; a snapshot follows. No gap is ever silent.',
    example: { type: 'reset', channel: 'trades' },
  },
  {
    name: 'error',
    description: 'A message of yours was refused, with a code of this reference.',
    example: { type: 'error', code: 'VALIDATION_001', message: 'channels: Name at least one channel.' },
  },
  { name: 'pong', description: 'The answer to a ping.', example: { type: 'pong' } },
];

export interface ChannelGuide {
  /** As it is subscribed to. */
  readonly name: string;
  readonly socket: '/ws/market/{symbol}' | '/ws/account';
  readonly snapshot: string;
  readonly update: string;
  readonly sent: string;
}

export const channelGuides: Readonly<Record<ChannelKind, ChannelGuide>> = {
  price: {
    name: 'price',
    socket: '/ws/market/{symbol}',
    snapshot: 'the price now, null before the first',
    update: 'the price',
    sent: 'with every price, and when its state changes',
  },
  candles: {
    name: 'candles:1m 5m 15m 1h 4h 1d',
    socket: '/ws/market/{symbol}',
    snapshot: 'the newest three bars',
    update: 'one bar, to be put in by its time',
    sent: 'the running bar once a second, an ended one at once',
  },
  trades: {
    name: 'trades',
    socket: '/ws/market/{symbol}',
    snapshot: 'the latest 50, newest first',
    update: 'one trade',
    sent: 'with every trade',
  },
  stats: {
    name: 'stats',
    socket: '/ws/market/{symbol}',
    snapshot: '24 h figures, open interest, funding',
    update: 'the same, whole',
    sent: 'every 10 s and with every trade',
  },
  orders: {
    name: 'orders',
    socket: '/ws/account',
    snapshot: 'unfinished orders and the latest finished ones',
    update: 'one order',
    sent: 'with every change of an order',
  },
  positions: {
    name: 'positions',
    socket: '/ws/account',
    snapshot: 'every open position',
    update: 'the same, whole: what is missing is closed',
    sent: 'with every event of the account',
  },
  balance: {
    name: 'balance',
    socket: '/ws/account',
    snapshot: 'balance and margin',
    update: 'the same, whole',
    sent: 'with every event of the account',
  },
  risk: {
    name: 'risk',
    socket: '/ws/account',
    snapshot: 'the latest alerts, newest first',
    update: 'one alert',
    sent: 'a margin warning, a liquidation',
  },
};

export interface CloseCodeGuide {
  readonly means: string;
  readonly todo: string;
}

/** Why the exchange closes a socket, by the name of its code. */
export const closeCodeGuides: Readonly<Record<keyof typeof closeCodes, CloseCodeGuide>> = {
  badFrame: { means: 'Ten messages that are not of this protocol, or one too large', todo: 'Correct the client.' },
  unauthenticated: {
    means: 'No valid token within 5 s, the token expired, or its session was ended',
    todo: 'Refresh the token, reconnect, resume.',
  },
  tooSlow: {
    means: 'More than 1,024 messages behind the acks, or silent for 30 s',
    todo: 'Reconnect and resume; read faster, ping.',
  },
  tooMany: {
    means: 'More client messages than the limit, or no token yet when others needed the place',
    todo: 'Wait, then reconnect with jitter; send auth at once.',
  },
};

/** A market's socket by the SDK; a test runs it. `received` takes what came. */
export const streamExample = `import { ExchangeStream } from '#sdk/index.ts';

const stream = new ExchangeStream({
  url: \`\${api.replace(/^http/, 'ws')}/ws/market/SOL-PERP\`,
  channels: ['price', 'trades'],
  onMessage: (message) => received(message),
});
stream.open();`;

/** The same without the SDK. */
export const plainSocketExample = `const socket = new WebSocket(\`\${api.replace(/^http/, 'ws')}/ws/market/SOL-PERP\`);
socket.addEventListener('open', () => {
  socket.send(JSON.stringify({ op: 'subscribe', channels: ['price'] }));
  setInterval(() => socket.send('{"op":"ping"}'), 20_000);
});
socket.addEventListener('message', ({ data }) => received(JSON.parse(data)));`;
