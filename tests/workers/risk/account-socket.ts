import { env } from 'cloudflare:workers';
import type { AccountChannel } from '#shared/protocol/ws.ts';
import { decodeJson } from '#shared/money/json.ts';
import { issueAccessToken } from '../../../workers/account/access-token.ts';
import { readSettings } from '../../../workers/env.ts';
import type { Wallet } from '../account/wallet.ts';
import { until } from '../market/hermes-control.ts';

interface Frame {
  readonly type: string;
  readonly channel?: AccountChannel;
  readonly seq?: number;
  readonly data?: unknown;
}

/** A trader's socket on his account's object, signed in and subscribed to everything. */
export class AccountSocket {
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', (event) => {
      this.frames.push(decodeJson(event.data as string) as Frame);
    });
    socket.accept();
  }

  static async open(wallet: Wallet): Promise<AccountSocket> {
    const response = await wallet.account.fetch('http://account/ws', { headers: { Upgrade: 'websocket' } });
    if (response.webSocket === null) throw new Error(`no socket: ${response.status}`);
    const socket = new AccountSocket(response.webSocket);
    const opened = await wallet.account.createSession({ userId: wallet.userId, userAgent: null });
    if (!opened.ok) throw new Error(opened.error.message);
    const { sessionId } = opened.value;
    const session = { userId: wallet.userId, wallet: wallet.address, sessionId, role: 'user' } as const;
    const { token } = await issueAccessToken(readSettings(env), session, Date.now());
    socket.send({ op: 'auth', token });
    socket.send({ op: 'subscribe', channels: ['orders', 'positions', 'balance', 'risk'] });
    await until('all snapshots', () => socket.frames.filter((frame) => frame.type === 'snapshot').length === 4);
    return socket;
  }

  send(message: unknown): void {
    this.#socket.send(JSON.stringify(message));
  }

  updates(channel: AccountChannel): Frame[] {
    return this.frames.filter((frame) => frame.type === 'update' && frame.channel === channel);
  }

  /** Data of the updates of a channel that fit, as soon as there is one. */
  until(channel: AccountChannel, fits: (data: unknown) => boolean): Promise<unknown[]> {
    return until(`${channel} update`, () => {
      const found = this.updates(channel)
        .map((frame) => frame.data)
        .filter(fits);
      return found.length > 0 && found;
    });
  }

  close(): void {
    this.#socket.close(1000, 'done');
  }
}
