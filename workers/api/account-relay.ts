import { type Refusal, type Result } from '#shared/protocol/error-codes.ts';
import { accountClientMessageSchema, closeCodes, pingFrame, pongFrame, socketBounds } from '#shared/protocol/ws.ts';
import { unreadableFrame } from '../platform/fan-out/client-message.ts';

/** What the relay needs from its surroundings. */
export interface AccountRelayOptions {
  /** Verifies a token and names its wallet. */
  readonly walletOf: (token: string) => Promise<Result<string>>;
  /** The wallet's own socket, accepted by its object. */
  readonly connect: (wallet: string) => Promise<WebSocket>;
  /** Resolves when a caller who has shown no token has to make room for another. */
  readonly placeTaken: Promise<void>;
  /** Called when the caller waits no more: his object serves him, or he is gone. It may be called again. */
  readonly onSettled: () => void;
  readonly onError: (error: unknown) => void;
}

const noAuth: Refusal = {
  code: 'AUTH_001',
  message: `The first message must be {"op":"auth","token":…}, within ${socketBounds.authTimeoutMs / 1_000} s.`,
};

const madeRoom: Refusal = {
  code: 'RATE_001',
  message: 'Too many sockets wait here without a token; this one waited longest. Reconnect and send auth at once.',
};

/** Codes that only the platform may send (RFC 6455 §7.4.1). */
const reservedCloseCodes: readonly number[] = [1004, 1005, 1006, 1015];

/**
 * Stands between a caller of `/ws/account` and the object of his wallet. Which object that is, only the token tells, and the token comes in the
 * first message so that it is in no URL and no log. After `auth` everything passes unread in both directions.
 */
export class AccountRelay {
  readonly #caller: WebSocket;
  readonly #options: AccountRelayOptions;
  readonly #timer: ReturnType<typeof setTimeout>;
  #object: WebSocket | null = null;
  /** Messages that came while the object's socket was being opened. */
  #waiting: string[] | null = null;

  constructor(caller: WebSocket, options: AccountRelayOptions) {
    this.#caller = caller;
    this.#options = options;
    this.#timer = setTimeout(() => this.#refuse(noAuth), socketBounds.authTimeoutMs);
    void options.placeTaken.then(() => this.#refuse(madeRoom, closeCodes.tooMany));
    caller.addEventListener('message', ({ data }) => this.#fromCaller(data));
    caller.addEventListener('close', ({ code, reason }) => this.#closed(this.#object, code, reason));
    caller.addEventListener('error', () => this.#closed(this.#object, 1011, 'connection lost'));
  }

  #fromCaller(data: string | ArrayBuffer): void {
    const unreadable = unreadableFrame(data);
    if (unreadable !== null || typeof data !== 'string')
      this.#refuse({ code: 'VALIDATION_001', message: unreadable ?? '' }, closeCodes.badFrame);
    else if (this.#object !== null) pass(this.#object, data);
    else if (this.#waiting !== null) this.#hold(data);
    else if (data === pingFrame) pass(this.#caller, pongFrame);
    else this.#authenticate(data);
  }

  #hold(data: string): void {
    if (this.#waiting === null || this.#waiting.length >= socketBounds.ackMessagesMax) {
      close(this.#caller, closeCodes.tooMany, 'Too many messages before the answer to auth.');
    } else this.#waiting.push(data);
  }

  #authenticate(data: string): void {
    const token = tokenOf(data);
    if (token === null) return this.#refuse(noAuth);
    this.#waiting = [data];
    this.#open(token).catch((error: unknown) => {
      this.#options.onError(error);
      this.#settle();
      close(this.#caller, 1013, 'The account cannot be reached right now.');
    });
  }

  async #open(token: string): Promise<void> {
    const wallet = await this.#options.walletOf(token);
    if (!wallet.ok) return this.#refuse(wallet.error);
    const object = await this.#options.connect(wallet.value);
    this.#settle();
    object.addEventListener('message', ({ data }) => pass(this.#caller, data));
    object.addEventListener('close', ({ code, reason }) => this.#closed(this.#caller, code, reason));
    object.addEventListener('error', () => this.#closed(this.#caller, 1011, 'connection lost'));
    object.accept();
    this.#object = object;
    for (const held of this.#waiting ?? []) pass(object, held);
    this.#waiting = null;
    // The caller may have left while the object answered.
    if (this.#caller.readyState !== WebSocket.READY_STATE_OPEN) close(object, 1001, 'caller left');
  }

  #refuse({ code, message }: Refusal, closeCode: number = closeCodes.unauthenticated): void {
    this.#settle();
    if (this.#caller.readyState !== WebSocket.READY_STATE_OPEN) return;
    this.#caller.send(JSON.stringify({ type: 'error', code, message }));
    close(this.#caller, closeCode, code);
  }

  #settle(): void {
    clearTimeout(this.#timer);
    this.#options.onSettled();
  }

  /** One end is gone: the other one is told, once. */
  #closed(other: WebSocket | null, code: number, reason: string): void {
    this.#settle();
    close(this.#caller, code, reason);
    if (other !== null && other !== this.#caller) close(other, code, reason);
  }
}

function tokenOf(data: string): string | null {
  try {
    const message = accountClientMessageSchema.safeParse(JSON.parse(data));
    return message.success && message.data.op === 'auth' ? message.data.token : null;
  } catch {
    return null;
  }
}

/** What comes for an end that is closing is for nobody: the other end may not have heard of it yet. */
function pass(socket: WebSocket, data: string | ArrayBuffer): void {
  if (socket.readyState === WebSocket.READY_STATE_OPEN) socket.send(data);
}

function close(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(reservedCloseCodes.includes(code) ? 1000 : code, reason);
  } catch {
    // Closed already: that is what was wanted.
  }
}
