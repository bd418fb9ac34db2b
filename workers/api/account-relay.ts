import { type Refusal, type Result } from '#shared/protocol/error-codes.ts';
import { accountClientMessageSchema, closeCodes, pingFrame, pongFrame, socketBounds } from '#shared/protocol/ws.ts';

/** What the relay needs from its surroundings. */
export interface AccountRelayOptions {
  /** Verifies a token and names its wallet. */
  readonly walletOf: (token: string) => Promise<Result<string>>;
  /** The wallet's own socket, accepted by its object. */
  readonly connect: (wallet: string) => Promise<WebSocket>;
  readonly onError: (error: unknown) => void;
}

const noAuth: Refusal = {
  code: 'AUTH_001',
  message: `The first message must be {"op":"auth","token":…}, within ${socketBounds.authTimeoutMs / 1_000} s.`,
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
    caller.addEventListener('message', ({ data }) => this.#fromCaller(data));
    caller.addEventListener('close', ({ code, reason }) => this.#closed(this.#object, code, reason));
    caller.addEventListener('error', () => this.#closed(this.#object, 1011, 'connection lost'));
  }

  #fromCaller(data: string | ArrayBuffer): void {
    if (typeof data !== 'string' || data.length > socketBounds.frameBytesMax) {
      close(this.#caller, closeCodes.badFrame, 'Send text frames of one JSON object.');
    } else if (this.#object !== null) this.#object.send(data);
    else if (this.#waiting !== null) this.#hold(data);
    else if (data === pingFrame) this.#caller.send(pongFrame);
    else this.#authenticate(data);
  }

  #hold(data: string): void {
    if (this.#waiting === null || this.#waiting.length >= socketBounds.ackMessagesMax) {
      close(this.#caller, closeCodes.badFrame, 'Too many messages before the answer to auth.');
    } else this.#waiting.push(data);
  }

  #authenticate(data: string): void {
    const token = tokenOf(data);
    if (token === null) return this.#refuse(noAuth);
    this.#waiting = [data];
    this.#open(token).catch((error: unknown) => {
      this.#options.onError(error);
      clearTimeout(this.#timer);
      close(this.#caller, 1013, 'The account cannot be reached right now.');
    });
  }

  async #open(token: string): Promise<void> {
    const wallet = await this.#options.walletOf(token);
    if (!wallet.ok) return this.#refuse(wallet.error);
    const object = await this.#options.connect(wallet.value);
    clearTimeout(this.#timer);
    object.addEventListener('message', ({ data }) => this.#caller.send(data));
    object.addEventListener('close', ({ code, reason }) => this.#closed(this.#caller, code, reason));
    object.addEventListener('error', () => this.#closed(this.#caller, 1011, 'connection lost'));
    object.accept();
    this.#object = object;
    for (const held of this.#waiting ?? []) object.send(held);
    this.#waiting = null;
    // The caller may have left while the object answered.
    if (this.#caller.readyState !== WebSocket.READY_STATE_OPEN) close(object, 1001, 'caller left');
  }

  #refuse({ code, message }: Refusal): void {
    clearTimeout(this.#timer);
    if (this.#caller.readyState !== WebSocket.READY_STATE_OPEN) return;
    this.#caller.send(JSON.stringify({ type: 'error', code, message }));
    close(this.#caller, closeCodes.unauthenticated, message);
  }

  /** One end is gone: the other one is told, once. */
  #closed(other: WebSocket | null, code: number, reason: string): void {
    clearTimeout(this.#timer);
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

function close(socket: WebSocket, code: number, reason: string): void {
  try {
    socket.close(reservedCloseCodes.includes(code) ? 1000 : code, reason);
  } catch {
    // Closed already: that is what was wanted.
  }
}
