import { encodeJson } from '#shared/money/json.ts';
import { closeCodes, pongFrame, socketBounds } from '#shared/protocol/ws.ts';
import type { Clock } from '../clock.ts';
import { errorMessage, type Logger } from '../logger.ts';
import type { ChannelLog } from './channel-log.ts';
import { type ClientMessage, type ClientMessageSchema, readClientMessage } from './client-message.ts';
import { Connection, type HubSocket } from './connection.ts';
import { authenticatedFrame, errorFrame, helloFrame, resetFrame, snapshotFrame } from './frames.ts';
import { hubLimits } from './limits.ts';

/** The sockets as the platform keeps them. */
export interface SocketPlatform {
  /** Every open socket of this object, those that outlived its memory included. */
  sockets(): readonly HubSocket[];
  /** When the platform last answered a ping of this socket by itself; null when never. */
  lastPingMs(socket: HubSocket): number | null;
}

/** Answer to an `auth`. The token never appears in it. */
export type AuthAnswer =
  | { readonly ok: true; readonly walletAddress: string; readonly expiresAtMs: number }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface SocketHubOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly log: ChannelLog;
  readonly platform: SocketPlatform;
  /** Which messages and channels exist here. */
  readonly schema: ClientMessageSchema;
  /** The whole of a channel now, as a wire value (decimals encoded). */
  readonly snapshot: (channel: string) => unknown;
  /** Checks a token; where it is given, nothing but `auth` and `ping` is accepted before it. */
  readonly authenticate?: (token: string) => Promise<AuthAnswer>;
  readonly newId: () => string;
}

/**
 * The channel engine behind `/ws/market/{symbol}` and `/ws/account`: numbered updates, snapshots, resume, acks, the slow-consumer rule.
 * An update is serialised once, however many sockets receive it. The state of a socket lives in its attachment, so sockets survive eviction.
 */
export class SocketHub {
  readonly #options: SocketHubOptions;
  readonly #connections = new Map<HubSocket, Connection>();
  readonly #subscribers = new Map<string, Set<Connection>>();
  /** Per channel, the last seq handed to its sockets. */
  readonly #delivered = new Map<string, number>();
  readonly #dirty = new Set<string>();

  /** Takes up the sockets that outlived the object's memory. */
  constructor(options: SocketHubOptions) {
    this.#options = options;
    for (const socket of options.platform.sockets()) this.#restore(socket);
  }

  get size(): number {
    return this.#connections.size;
  }

  /** True when somebody listens: nothing need be computed for a channel without. */
  hasSubscribers(channel: string): boolean {
    return (this.#subscribers.get(channel)?.size ?? 0) > 0;
  }

  get isFull(): boolean {
    return this.#connections.size >= hubLimits.socketsPerObjectMax;
  }

  /** A new socket, accepted by the platform already. */
  connect(socket: HubSocket): void {
    const { clock, log, newId } = this.#options;
    const connection = new Connection(socket, newId(), log.epoch, clock.nowMs());
    this.#connections.set(socket, connection);
    connection.persist();
    connection.send(helloFrame(connection.id, log.epoch, clock.nowMs()));
  }

  /** A message of a client. Never throws: what does not fit is answered with an error frame. */
  async message(socket: HubSocket, data: string | ArrayBuffer): Promise<void> {
    const connection = this.#connections.get(socket) ?? this.#restore(socket);
    if (connection === null || !connection.isOpen) return;
    const now = this.#options.clock.nowMs();
    connection.heardAtMs = now;
    if (!connection.takeMessage(now)) return this.#end(socket, closeCodes.tooMany, 'too many messages');
    const read = readClientMessage(this.#options.schema, data);
    if (!read.ok) return this.#refuseMessage(socket, connection, read.message);
    // Clients may send `subscribe` right behind `auth`; it waits for the token's check.
    if (connection.authenticating !== null) await connection.authenticating;
    if (connection.isOpen) await this.#handle(socket, connection, read.message);
  }

  /** The socket is gone. */
  closed(socket: HubSocket): void {
    const connection = this.#connections.get(socket);
    if (connection === undefined) return;
    this.#connections.delete(socket);
    for (const channel of connection.subscriptions.keys()) this.#subscribers.get(channel)?.delete(connection);
  }

  /** Numbers an update and hands it out. For state in a transaction use `record` inside it and `flush` after it. */
  publish(channel: string, data: unknown): void {
    this.record(channel, data);
    this.flush();
  }

  /** Numbers an update in the log, without sending: nothing is told that a rollback would take back. */
  record(channel: string, data: unknown): void {
    this.#delivered.set(channel, this.#deliveredSeq(channel));
    this.#options.log.append(channel, encodeJson(data), this.#options.clock.nowMs());
    this.#dirty.add(channel);
  }

  /** Sends what was recorded since the last flush. */
  flush(): void {
    const { log } = this.#options;
    for (const channel of this.#dirty) {
      const updates = log.since(channel, this.#deliveredSeq(channel));
      const subscribers = this.#subscribers.get(channel);
      if (subscribers !== undefined && subscribers.size > 0) {
        if (updates === null) for (const connection of subscribers) this.#resetChannel(connection, channel);
        else for (const update of updates) this.#deliver(channel, subscribers, update.seq, update.frame);
      }
      this.#delivered.set(channel, log.lastSeq(channel));
    }
    this.#dirty.clear();
  }

  /**
   * Closes sockets that are silent, not signed in in time, or whose token expired.
   *
   * @returns when to look again, milliseconds; null when there is no socket.
   */
  check(): number | null {
    for (const [socket, connection] of this.#connections) this.#checkOne(socket, connection);
    return this.nextCheckMs();
  }

  /** When `check` is due: the owner sets its timer for it after `connect`, `message` and `check`. */
  nextCheckMs(): number | null {
    if (this.#connections.size === 0) return null;
    let due = this.#options.clock.nowMs() + hubLimits.checkIntervalMs;
    if (this.#options.authenticate === undefined) return due;
    for (const connection of this.#connections.values()) due = Math.min(due, authDueMs(connection));
    return due;
  }

  #restore(socket: HubSocket): Connection | null {
    const { clock, log, platform } = this.#options;
    const connection = Connection.restore(socket);
    if (connection === null) return null;
    connection.heardAtMs = Math.max(connection.heardAtMs, platform.lastPingMs(socket) ?? 0);
    this.#connections.set(socket, connection);
    const sameWindow = connection.epoch === log.epoch;
    connection.epoch = log.epoch;
    for (const [channel, { acked }] of connection.subscriptions) {
      this.#subscribersOf(channel).add(connection);
      // Whatever is not acknowledged may be lost; clients drop what they have seen.
      const missed = sameWindow ? log.since(channel, acked) : null;
      if (missed === null) this.#resetChannel(connection, channel);
      else for (const update of missed) connection.send(update.frame);
    }
    if (clock.nowMs() - connection.heardAtMs > socketBounds.silenceMsMax) this.#checkOne(socket, connection);
    return connection;
  }

  async #handle(socket: HubSocket, connection: Connection, message: ClientMessage): Promise<void> {
    if (message.op === 'ping') {
      connection.send(pongFrame);
      return;
    }
    if (message.op === 'auth') {
      connection.authenticating = this.#authenticate(socket, connection, message.token);
      await connection.authenticating;
      connection.authenticating = null;
      return;
    }
    if (this.#options.authenticate !== undefined && connection.authenticatedUntilMs === null) {
      connection.send(errorFrame('AUTH_001', 'Send {"op":"auth","token":…} first.'));
      return;
    }
    if (message.op === 'subscribe')
      for (const channel of message.channels) this.#subscribe(connection, channel, message.from);
    else if (message.op === 'unsubscribe')
      for (const channel of message.channels) this.#unsubscribe(connection, channel);
    else this.#acknowledge(connection, message.channel, message.seq);
    connection.persist();
  }

  async #authenticate(socket: HubSocket, connection: Connection, token: string): Promise<void> {
    const { authenticate, logger } = this.#options;
    if (authenticate === undefined) {
      connection.send(errorFrame('VALIDATION_001', 'This socket is public: it takes no token.'));
      return;
    }
    const answer = await authenticate(token).catch((error: unknown): AuthAnswer => {
      logger.error('socket sign-in failed', { connection_id: connection.id, error: errorMessage(error) });
      return { ok: false, code: 'SYSTEM_001', message: 'Signing in failed on our side; connect again.' };
    });
    if (!connection.isOpen) return;
    if (!answer.ok) {
      connection.send(errorFrame(answer.code, answer.message));
      return this.#end(socket, closeCodes.unauthenticated, 'not signed in');
    }
    connection.authenticatedUntilMs = answer.expiresAtMs;
    connection.persist();
    connection.send(authenticatedFrame(answer.walletAddress, answer.expiresAtMs));
  }

  #subscribe(
    connection: Connection,
    channel: string,
    from: { readonly epoch: string; readonly seq: number } | undefined,
  ): void {
    const { log } = this.#options;
    this.#subscribersOf(channel).add(connection);
    if (from === undefined) {
      connection.subscriptions.set(channel, { acked: log.lastSeq(channel), wasReset: false });
      this.#sendSnapshot(connection, channel);
      return;
    }
    connection.subscriptions.set(channel, { acked: from.seq, wasReset: false });
    const missed = from.epoch === log.epoch ? log.since(channel, from.seq) : null;
    if (missed === null) this.#resetChannel(connection, channel);
    else for (const update of missed) connection.send(update.frame);
  }

  #unsubscribe(connection: Connection, channel: string): void {
    connection.subscriptions.delete(channel);
    this.#subscribers.get(channel)?.delete(connection);
  }

  #acknowledge(connection: Connection, channel: string, seq: number): void {
    const subscription = connection.subscriptions.get(channel);
    const lastSeq = this.#options.log.lastSeq(channel);
    if (subscription === undefined || seq < subscription.acked) return;
    if (seq > lastSeq) {
      connection.send(
        errorFrame('VALIDATION_001', `ack of ${channel} is ahead of what was sent; the newest is ${lastSeq}.`),
      );
      return;
    }
    subscription.acked = seq;
    if (lastSeq - seq <= socketBounds.behindResetMessages) subscription.wasReset = false;
  }

  /** One update to all sockets of a channel; the slow-consumer rule is applied on the way. */
  #deliver(channel: string, subscribers: ReadonlySet<Connection>, seq: number, frame: string): void {
    for (const connection of subscribers) {
      const subscription = connection.subscriptions.get(channel);
      if (subscription === undefined) continue;
      const behind = seq - subscription.acked;
      if (behind > socketBounds.behindCloseMessages) {
        connection.close(closeCodes.tooSlow, 'too far behind');
      } else if (behind > socketBounds.behindResetMessages && !subscription.wasReset) {
        subscription.wasReset = true;
        this.#resend(connection, channel);
      } else {
        connection.send(frame);
      }
      if (!connection.isOpen) this.#forget(connection);
    }
  }

  /** A fresh start of a channel: `reset`, snapshot, and the lag counted from here. */
  #resetChannel(connection: Connection, channel: string): void {
    connection.subscriptions.set(channel, { acked: this.#options.log.lastSeq(channel), wasReset: false });
    this.#resend(connection, channel);
  }

  #resend(connection: Connection, channel: string): void {
    connection.send(resetFrame(channel));
    this.#sendSnapshot(connection, channel);
    connection.persist();
  }

  #sendSnapshot(connection: Connection, channel: string): void {
    const { log, snapshot } = this.#options;
    connection.send(snapshotFrame(channel, log.epoch, log.lastSeq(channel), encodeJson(snapshot(channel))));
  }

  #refuseMessage(socket: HubSocket, connection: Connection, reason: string): void {
    connection.badMessages += 1;
    connection.send(errorFrame('VALIDATION_001', reason));
    if (connection.badMessages >= hubLimits.badMessagesMax) this.#end(socket, closeCodes.badFrame, 'not this protocol');
  }

  #checkOne(socket: HubSocket, connection: Connection): void {
    const { authenticate, clock, platform } = this.#options;
    const now = clock.nowMs();
    if (authenticate !== undefined && authDueMs(connection) <= now) {
      const expired = connection.authenticatedUntilMs !== null;
      connection.send(
        errorFrame(expired ? 'AUTH_002' : 'AUTH_001', expired ? 'The token expired.' : 'No token in time.'),
      );
      return this.#end(socket, closeCodes.unauthenticated, expired ? 'token expired' : 'not signed in');
    }
    connection.heardAtMs = Math.max(connection.heardAtMs, platform.lastPingMs(socket) ?? 0);
    if (now - connection.heardAtMs > socketBounds.silenceMsMax) this.#end(socket, closeCodes.tooSlow, 'silent');
  }

  #end(socket: HubSocket, code: number, reason: string): void {
    this.#connections.get(socket)?.close(code, reason);
    this.closed(socket);
  }

  #forget(connection: Connection): void {
    for (const [socket, known] of this.#connections) if (known === connection) return this.closed(socket);
  }

  #subscribersOf(channel: string): Set<Connection> {
    const existing = this.#subscribers.get(channel);
    if (existing !== undefined) return existing;
    const created = new Set<Connection>();
    this.#subscribers.set(channel, created);
    return created;
  }

  #deliveredSeq(channel: string): number {
    return this.#delivered.get(channel) ?? this.#options.log.lastSeq(channel);
  }
}

/** When a socket must have shown a (new) token. */
const authDueMs = (connection: Connection): number =>
  connection.authenticatedUntilMs ?? connection.openedAtMs + socketBounds.authTimeoutMs;
