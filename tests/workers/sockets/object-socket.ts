import { env } from 'cloudflare:workers';
import { until } from '../market/hermes-control.ts';

export interface SocketFrame {
  readonly type: string;
  readonly channel?: string;
  readonly epoch?: string;
  readonly seq?: number;
  readonly prev_seq?: number;
  readonly code?: string;
  readonly data?: Record<string, unknown>;
}

/** A socket to an object, as the worker opens it. */
export class ObjectSocket {
  readonly frames: SocketFrame[] = [];
  readonly texts: string[] = [];
  closedWith: number | null = null;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', (event) => {
      this.texts.push(String(event.data));
      this.frames.push(JSON.parse(String(event.data)) as SocketFrame);
    });
    socket.addEventListener('close', (event) => {
      this.closedWith = event.code;
    });
    socket.accept();
  }

  static async open(object: Pick<DurableObjectStub, 'fetch'>, url: string): Promise<ObjectSocket> {
    const response = await object.fetch(new Request(url, { headers: { Upgrade: 'websocket' } }));
    if (response.webSocket === null) throw new Error(`no socket: ${response.status}`);
    return new ObjectSocket(response.webSocket);
  }

  static openMarket(symbol: string): Promise<ObjectSocket> {
    return ObjectSocket.open(env.MARKETS.getByName(symbol), `https://exchange/ws/market/${symbol}`);
  }

  send(message: unknown): void {
    const isFrame = typeof message === 'string' || message instanceof ArrayBuffer;
    this.#socket.send(isFrame ? message : JSON.stringify(message));
  }

  close(): void {
    this.#socket.close(1000, 'done');
  }

  of(type: string, channel?: string): SocketFrame[] {
    return this.frames.filter((frame) => frame.type === type && (channel === undefined || frame.channel === channel));
  }

  /** The first `count` frames of a type and channel. */
  async wait(type: string, channel: string | undefined, count = 1): Promise<SocketFrame[]> {
    await until(`${count} ${type} of ${channel ?? 'the socket'}`, () => this.of(type, channel).length >= count);
    return this.of(type, channel).slice(0, count);
  }

  /** The code the other side closed with. */
  closed(): Promise<number> {
    return until('the socket is closed', () => this.closedWith ?? undefined);
  }
}
