import { encodeJson } from '#shared/money/json.ts';
import { closeCodes, pongFrame, socketBounds } from '#shared/protocol/ws.ts';
import type { Clock } from '../clock.ts';
import { errorMessage, type Logger } from '../logger.ts';
import { metrics } from '../metrics/registry.ts';
import type { ChannelLog } from './channel-log.ts';
import { type ClientMessage, type ClientMessageSchema, readClientMessage, unreadableFrame } from './client-message.ts';
import { Connection, type HubSocket } from './connection.ts';
import { authenticatedFrame, errorFrame, helloFrame, resetFrame } from './frames.ts';
import { hubLimits } from './limits.ts';
import { SnapshotFrames } from './snapshot-frames.ts';

/** The sockets as the platform keeps them. */
export interface SocketPlatform {
  /** Every open socket of this object, those that outlived its memory included. */
  sockets(): readonly HubSocket[];
  /** When the platform last answered a ping of this socket by itself; null when never. */
  lastPingMs(socket: HubSocket): number | null;
}

/** Answer to an `auth`. The token never appears in it. */
export type AuthAnswer =
  | { readonly ok: true; readonly walletAddress: string; readonly sessionId: string; readonly expiresAtMs: number }
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
  /** Whether the session of an accepted token still stands; always, where it is not given. */
  readonly isStanding?: (sessionId: string) => boolean;
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
  readonly #snapshots: SnapshotFrames;

  /** Takes up the sockets that outlived the object's memory. */
  constructor(options: SocketHubOptions) {
    this.#options = options;
    this.#snapshots = new SnapshotFrames(options);
    for (const socket of options.platform.sockets()) this.#restore(socket);
  }

  get size(): number {
    return this.#connections.size;
  }

  /** True when somebody listens: nothing need be computed for a channel without. */
  hasSubscribers(channel: string): boolean {
    return (this.#subscribers.get(channel)?.size ?? 0) > 0;
  }

  /** Updates that the slowest subscriber has not acknowledged. */
  get lag(): number {
    let lag = 0;
    for (const connection of this.#connections.values())
      for (const [channel, { acked }] of connection.subscriptions)
        lag = Math.max(lag, this.#options.log.lastSeq(channel) - acked);
    return lag;
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
    if (!connection.takeMessage(now)) return this.#end(connection, closeCodes.tooMany, 'too many messages');
    const unreadable = unreadableFrame(data);
    if (unreadable !== null) return this.#refuse(connection, closeCodes.badFrame, 'VALIDATION_001', unreadable);
    const read = readClientMessage(this.#options.schema, data as string);
    if (!read.ok) return this.#refuseMessage(connection, read.message);
    // Clients may send `subscribe` right behind `auth`; it waits for the token's check.
    if (connection.authenticating !== null) await connection.authenticating;
    if (connection.isOpen) await this.#handle(connection, read.message);
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

  /** Ends the sockets of every session that no longer stands. */
  endSessions(): void {
    for (const connection of this.#connections.values())
      if (connection.sessionId !== null && !this.#isStanding(connection.sessionId))
        this.#refuse(connection, closeCodes.unauthenticated, ...sessionEnded);
  }

  /**
   * Closes sockets that are silent, not signed in in time, or whose token expired.
   *
   * @returns when to look again, milliseconds; null when there is no socket.
   */
  check(): number | null {
    for (const connection of this.#connections.values()) this.#checkOne(connection);
    return this.nextCheckMs();
  }

  /** When `check` is due: the owner sets its timer for it after `connect`, `message` and `check`. */
  nextCheckMs(): number | null {
    if (this.#connections.size === 0) return null;
    const { authenticate, clock } = this.#options;
    let due = Infinity;
    for (const connection of this.#connections.values()) {
      due = Math.min(due, this.#heardAtMs(connection) + socketBounds.silenceMsMax + 1);
      if (authenticate !== undefined) due = Math.min(due, authDueMs(connection));
    }
    return Math.max(due, clock.nowMs() + hubLimits.checkIntervalMsMin);
  }

  #restore(socket: HubSocket): Connection | null {
    const { log } = this.#options;
    const connection = Connection.restore(socket);
    if (connection === null) return null;
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
    this.#checkOne(connection);
    return connection.isOpen ? connection : null;
  }

  async #handle(connection: Connection, message: ClientMessage): Promise<void> {
    if (message.op === 'ping') {
      connection.send(pongFrame);
      return;
    }
    if (message.op === 'auth') {
      connection.authenticating = this.#authenticate(connection, message.token);
      await connection.authenticating;
      connection.authenticating = null;
      return;
    }
    if (this.#options.authenticate !== undefined && connection.authenticatedUntilMs === null) {
      connection.send(errorFrame('AUTH_001', 'Send {"op":"auth","token":…} first.'));
      return;
    }
    if (message.op === 'subscribe')
      for (const channel of new Set(message.channels)) this.#subscribe(connection, channel, message.from);
    else if (message.op === 'unsubscribe')
      for (const channel of message.channels) this.#unsubscribe(connection, channel);
    else this.#acknowledge(connection, message.channel, message.seq);
    connection.persist();
  }

  async #authenticate(connection: Connection, token: string): Promise<void> {
    const { authenticate, logger } = this.#options;
    if (authenticate === undefined) {
      connection.send(errorFrame('VALIDATION_001', 'This socket is public: it takes no token.'));
      return;
    }
    const answer = await authenticate(token).catch((error: unknown) => {
      logger.error('socket sign-in failed', { connection_id: connection.id, error: errorMessage(error) });
      return null;
    });
    if (!connection.isOpen) return;
    if (answer === null) {
      // A fault of ours takes nothing away that an earlier token gave.
      const [code, message] = ['SYSTEM_001', 'Signing in failed on our side; try again.'];
      if (connection.authenticatedUntilMs !== null) connection.send(errorFrame(code, message));
      else this.#refuse(connection, closeCodes.unauthenticated, code, message);
      return;
    }
    if (!answer.ok) return this.#refuse(connection, closeCodes.unauthenticated, answer.code, answer.message);
    if (!this.#isStanding(answer.sessionId))
      return this.#refuse(connection, closeCodes.unauthenticated, ...sessionEnded);
    connection.authenticatedUntilMs = answer.expiresAtMs;
    connection.sessionId = answer.sessionId;
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
        metrics.count('quantdesk_slow_sockets_total', { answer: 'closed' });
        connection.close(closeCodes.tooSlow, 'too far behind');
      } else if (behind > socketBounds.behindResetMessages && !subscription.wasReset) {
        subscription.wasReset = true;
        metrics.count('quantdesk_slow_sockets_total', { answer: 'reset' });
        this.#resend(connection, channel);
      } else {
        connection.send(frame);
      }
      if (!connection.isOpen) this.closed(connection.socket);
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
    connection.send(this.#snapshots.of(channel));
  }

  #refuseMessage(connection: Connection, reason: string): void {
    connection.badMessages += 1;
    if (connection.badMessages < hubLimits.badMessagesMax) connection.send(errorFrame('VALIDATION_001', reason));
    else this.#refuse(connection, closeCodes.badFrame, 'VALIDATION_001', reason);
  }

  #checkOne(connection: Connection): void {
    const { authenticate, clock } = this.#options;
    const now = clock.nowMs();
    if (authenticate !== undefined && authDueMs(connection) <= now) {
      const why = connection.authenticatedUntilMs === null ? noTokenInTime : tokenExpired;
      return this.#refuse(connection, closeCodes.unauthenticated, ...why);
    }
    if (now - this.#heardAtMs(connection) > socketBounds.silenceMsMax)
      this.#end(connection, closeCodes.tooSlow, 'silent');
  }

  #isStanding(sessionId: string): boolean {
    return this.#options.isStanding?.(sessionId) ?? true;
  }

  /** When the client was last heard, the pings included that the platform answered. */
  #heardAtMs(connection: Connection): number {
    return Math.max(connection.heardAtMs, this.#options.platform.lastPingMs(connection.socket) ?? 0);
  }

  /** Says why, then closes; the reason of the close frame is the code. */
  #refuse(connection: Connection, closeCode: number, code: string, message: string): void {
    connection.send(errorFrame(code, message));
    this.#end(connection, closeCode, code);
  }

  #end(connection: Connection, code: number, reason: string): void {
    connection.close(code, reason);
    this.closed(connection.socket);
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

type Reason = readonly [code: string, message: string];
const noTokenInTime: Reason = ['AUTH_001', 'No token came in time.'];
const sessionEnded: Reason = ['AUTH_001', 'The session was ended. Sign in again.'];
const tokenExpired: Reason = ['AUTH_002', 'The token expired. Refresh it and connect again.'];

/** When a socket must have shown a (new) token. */
const authDueMs = (connection: Connection): number =>
  connection.authenticatedUntilMs ?? connection.openedAtMs + socketBounds.authTimeoutMs;
