import { serverMessageSchema } from '#shared/protocol/ws.ts';
import { decodeJson } from '#shared/money/json.ts';

interface Position {
  readonly epoch: string;
  readonly seq: number;
}

/** What a subscriber knows of an order from the channel alone. */
interface HeardOrder {
  readonly order_id: string;
  readonly stage: string;
  readonly version: number;
}

const reconnectPauseMs = 250;

/**
 * A subscriber of a trader's `orders` channel that reconnects and resumes for as long as it is open, and checks every frame by hand: what comes
 * after what it had must follow on it, unless the server said that it starts anew.
 */
export class AccountChannel {
  readonly #url: string;
  readonly #token: string;
  readonly #orders = new Map<string, HeardOrder>();
  readonly #gaps: string[] = [];
  #position: Position | null = null;
  #socket: WebSocket | null = null;
  #isClosed = false;
  #connections = 0;

  constructor(workerUrl: string, token: string) {
    this.#url = `${workerUrl.replace(/^http/, 'ws')}/ws/account`;
    this.#token = token;
    this.#connect();
  }

  /** Frames that did not follow on what was there before. */
  get gaps(): readonly string[] {
    return this.#gaps;
  }

  get connections(): number {
    return this.#connections;
  }

  order(orderId: string): HeardOrder | null {
    return this.#orders.get(orderId) ?? null;
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.close();
  }

  #connect(): void {
    if (this.#isClosed) return;
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    socket.addEventListener('open', () => socket.send(JSON.stringify({ op: 'auth', token: this.#token })));
    socket.addEventListener('message', ({ data }) => this.#hear(socket, String(data)));
    const again = (): void => {
      if (this.#socket !== socket) return;
      this.#socket = null;
      setTimeout(() => this.#connect(), reconnectPauseMs);
    };
    socket.addEventListener('close', again);
    socket.addEventListener('error', again);
  }

  #hear(socket: WebSocket, text: string): void {
    const frame = serverMessageSchema.parse(decodeJson(text));
    switch (frame.type) {
      case 'authenticated':
        this.#connections += 1;
        return this.#subscribe(socket);
      case 'snapshot':
        this.#position = { epoch: frame.epoch, seq: frame.seq };
        for (const order of frame.data as HeardOrder[]) this.#orders.set(order.order_id, order);
        return;
      case 'reset':
        this.#position = null;
        return;
      case 'update':
        return this.#update(frame.prev_seq, frame.seq, frame.data as HeardOrder);
      case 'error':
        this.#gaps.push(`${frame.code}: ${frame.message}`);
    }
  }

  #subscribe(socket: WebSocket): void {
    const from = this.#position === null ? {} : { from: this.#position };
    socket.send(JSON.stringify({ op: 'subscribe', channels: ['orders'], ...from }));
  }

  #update(prevSeq: number, seq: number, order: HeardOrder): void {
    const known = this.#position;
    if (known !== null && seq <= known.seq) return;
    if (known === null || prevSeq !== known.seq)
      this.#gaps.push(`update ${seq} follows on ${prevSeq}, not on ${known?.seq}`);
    if (known !== null) this.#position = { ...known, seq };
    this.#orders.set(order.order_id, order);
  }
}
