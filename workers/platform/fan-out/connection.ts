import { hubLimits } from './limits.ts';

/** What the engine needs of a socket; a hibernatable WebSocket of the platform fits. */
export interface HubSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
  serializeAttachment(value: unknown): void;
  deserializeAttachment(): unknown;
}

/** One channel of one socket. */
export interface Subscription {
  /** Highest seq the client said it has; where it started until then. */
  acked: number;
  /** Whether this lag was answered with a reset already. */
  wasReset: boolean;
}

/** What survives eviction in the socket's attachment. The platform keeps at most 16 KB of it. */
interface StoredConnection {
  readonly id: string;
  readonly epoch: string;
  readonly openedAtMs: number;
  readonly heardAtMs: number;
  readonly authenticatedUntilMs: number | null;
  readonly sessionId: string | null;
  readonly channels: readonly (readonly [channel: string, acked: number, wasReset: boolean])[];
}

/** One socket as the engine sees it. `persist()` after every change that must survive eviction. */
export class Connection {
  readonly socket: HubSocket;
  readonly id: string;
  readonly openedAtMs: number;
  readonly subscriptions = new Map<string, Subscription>();
  /** Epoch its sequence numbers belong to. */
  epoch: string;
  heardAtMs: number;
  /** Null until a token was accepted. */
  authenticatedUntilMs: number | null = null;
  /** Session of the accepted token: when it ends, the socket ends. */
  sessionId: string | null = null;
  /** An `auth` under way: later messages wait for it. */
  authenticating: Promise<void> | null = null;
  badMessages = 0;
  #tokens: number = hubLimits.messageBurstMax;
  #refilledAtMs: number;
  #isOpen = true;

  constructor(socket: HubSocket, id: string, epoch: string, nowMs: number) {
    this.socket = socket;
    this.id = id;
    this.epoch = epoch;
    this.openedAtMs = nowMs;
    this.heardAtMs = nowMs;
    this.#refilledAtMs = nowMs;
  }

  /** A socket that outlived its object's memory; null when it carries no attachment of ours. */
  static restore(socket: HubSocket): Connection | null {
    const stored = socket.deserializeAttachment() as StoredConnection | null;
    if (stored === null || typeof stored !== 'object' || typeof stored.id !== 'string') return null;
    const connection = new Connection(socket, stored.id, stored.epoch, stored.openedAtMs);
    connection.heardAtMs = stored.heardAtMs;
    connection.authenticatedUntilMs = stored.authenticatedUntilMs;
    connection.sessionId = stored.sessionId;
    for (const [channel, acked, wasReset] of stored.channels)
      connection.subscriptions.set(channel, { acked, wasReset });
    return connection;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  persist(): void {
    const channels = [...this.subscriptions].map(
      ([channel, { acked, wasReset }]) => [channel, acked, wasReset] as const,
    );
    const { id, epoch, openedAtMs, heardAtMs, authenticatedUntilMs, sessionId } = this;
    const stored: StoredConnection = { id, epoch, openedAtMs, heardAtMs, authenticatedUntilMs, sessionId, channels };
    this.socket.serializeAttachment(stored);
  }

  /** False when the socket is gone: the platform tells by throwing. */
  send(frame: string): boolean {
    if (!this.#isOpen) return false;
    try {
      this.socket.send(frame);
      return true;
    } catch {
      this.#isOpen = false;
      return false;
    }
  }

  close(code: number, reason: string): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      // Without an attachment, what the client still sends before it notices finds no connection here.
      this.socket.serializeAttachment(null);
      this.socket.close(code, reason);
    } catch {
      // Closed from the other side meanwhile.
    }
  }

  /** Takes one message from the client's allowance; false when it is used up. */
  takeMessage(nowMs: number): boolean {
    const refill = ((nowMs - this.#refilledAtMs) / 1_000) * hubLimits.messagesPerSecondMax;
    this.#tokens = Math.min(hubLimits.messageBurstMax, this.#tokens + Math.max(0, refill));
    this.#refilledAtMs = nowMs;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
