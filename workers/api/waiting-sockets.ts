import { socketBounds } from '#shared/protocol/ws.ts';
import { addressBlock } from '../platform/client-address.ts';
import type { Clock } from '../platform/clock.ts';

/** Sockets of an isolate that may wait at a time, whoever opened them. */
export const waitingSocketsMax = 5_000;
/** A socket that waits is closed before; one whose end nobody heard is forgotten then. */
const forgottenAfterMs = 2 * socketBounds.authTimeoutMs;

/** The place of a socket that waits. */
export interface WaitingPlace {
  /**
   * Resolves when a newcomer takes the place: the socket is to be closed. A promise, because the newcomer is another request, which may not
   * touch this one's socket; what follows a promise runs in the request that awaits it.
   */
  readonly taken: Promise<void>;
  /** The socket has shown a valid token: it still counts, and nobody takes its place any more. */
  keep(): void;
  /** The socket waits no more. It may be called again. */
  leave(): void;
}

interface WaitingSocket {
  readonly block: Block;
  readonly untilMs: number;
  readonly take: () => void;
}

/** What stands behind one address, {@link addressBlock}. */
interface Block {
  readonly name: string;
  /** Sockets that have shown no token, in the order in which they came. */
  readonly mute: Set<WaitingSocket>;
  /** Those whose token is good and whose object is being asked. */
  readonly known: Set<WaitingSocket>;
}

/**
 * Sockets of `/ws/account` that no object serves yet. They take memory of their isolate and belong to no wallet, whose object would count them:
 * here they are counted by the address that they come from. Where the places are taken, the one that has been mute for longest makes room, so
 * that silence locks out nobody who would show his token.
 */
export class WaitingSockets {
  readonly #clock: Clock;
  /** In the order in which they came, which is that of their end. */
  readonly #sockets = new Set<WaitingSocket>();
  readonly #blocks = new Map<string, Block>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Gives a socket a place, if need be that of a mute one: of its own address, or, with all places taken, of the address that has most. */
  enter(address: string, perAddressMax: number): WaitingPlace | 'address-full' | 'full' {
    this.#forgetOld();
    const name = addressBlock(address);
    const own = this.#blocks.get(name);
    if (own !== undefined && own.mute.size + own.known.size >= perAddressMax) {
      if (!this.#takeOldest(own)) return 'address-full';
    } else if (this.#sockets.size >= waitingSocketsMax && !this.#takeOldest(this.#mostMute())) return 'full';
    return this.#add(name);
  }

  #add(name: string): WaitingPlace {
    const block = this.#blocks.get(name) ?? { name, mute: new Set(), known: new Set() };
    const { promise: taken, resolve: take } = Promise.withResolvers<void>();
    const socket = { block, untilMs: this.#clock.nowMs() + forgottenAfterMs, take };
    this.#blocks.set(name, block);
    this.#sockets.add(socket);
    block.mute.add(socket);
    return {
      taken,
      keep: () => {
        if (block.mute.delete(socket)) block.known.add(socket);
      },
      leave: () => this.#remove(socket),
    };
  }

  /** False where nobody is mute. */
  #takeOldest(block: Block | null): boolean {
    for (const socket of block?.mute ?? []) {
      this.#remove(socket);
      socket.take();
      return true;
    }
    return false;
  }

  #mostMute(): Block | null {
    let most: Block | null = null;
    for (const block of this.#blocks.values()) if (block.mute.size > (most?.mute.size ?? 0)) most = block;
    return most;
  }

  #remove(socket: WaitingSocket): void {
    if (!this.#sockets.delete(socket)) return;
    const { name, mute, known } = socket.block;
    mute.delete(socket);
    known.delete(socket);
    if (mute.size + known.size === 0) this.#blocks.delete(name);
  }

  #forgetOld(): void {
    const now = this.#clock.nowMs();
    for (const socket of this.#sockets) {
      if (socket.untilMs > now) return;
      this.#remove(socket);
    }
  }
}
