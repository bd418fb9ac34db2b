import { createServer, type Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';
import type { Faults } from './faults.ts';
import { errorResponse } from './rpc/dispatch.ts';
import { RpcError, rpcErrorCodes } from './rpc/rpc-error.ts';
import { parseSocketCommand } from './socket-methods.ts';
import { type Subscriber, type Subscriptions, subscriptionsPerConnectionMax } from './subscriptions.ts';

const connectionsMax = 256;
const messageBytesMax = 64 * 1024;
/** Unsent bytes after which a client that does not read is cut off. */
const unsentBytesMax = 8 * 1024 * 1024;
const tryAgainLater = 1013;

const requestSchema = z.object({
  id: z.union([z.string(), z.number(), z.null()]).optional(),
  method: z.string(),
  params: z.unknown().optional(),
});

/** The WebSocket side of the RPC: subscriptions and their notifications. */
export class Sockets {
  readonly server: Server = createServer((_, response) => response.writeHead(426).end('WebSocket only'));
  readonly #sockets: WebSocketServer;
  readonly #subscriptions: Subscriptions;
  readonly #faults: Faults;

  constructor(subscriptions: Subscriptions, faults: Faults) {
    this.#subscriptions = subscriptions;
    this.#faults = faults;
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: messageBytesMax });
    this.server.on('upgrade', (request, socket, head) => {
      const refused = faults.outage === 'refuse' || this.#sockets.clients.size >= connectionsMax;
      if (refused) return socket.destroy();
      this.#sockets.handleUpgrade(request, socket, head, (opened) => this.#accept(opened));
    });
  }

  get count(): number {
    return this.#sockets.clients.size;
  }

  /** Cuts every connection without a farewell. */
  terminate(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  #accept(socket: WebSocket): void {
    const subscriber: Subscriber = {
      send: (message) => this.#send(socket, message),
      overflow: () => socket.close(tryAgainLater, 'Too many notifications wait for finality'),
    };
    const run = (method: string, params: unknown): { result: unknown; added?: number } => {
      const command = parseSocketCommand(method, params);
      if ('unsubscribe' in command) {
        const removed = this.#subscriptions.remove(subscriber, command.unsubscribe, command.kind);
        if (!removed) throw new RpcError(rpcErrorCodes.invalidParams, 'Invalid subscription id.');
        return { result: true };
      }
      const added = this.#subscriptions.add(subscriber, command.topic, command.commitment);
      if (added === undefined) {
        throw new RpcError(rpcErrorCodes.invalidRequest, `At most ${subscriptionsPerConnectionMax} subscriptions`);
      }
      return { result: added, added };
    };
    socket.on('message', (data) => {
      if (this.#faults.outage !== 'none') return;
      const request = parseRequest(String(data));
      // A request without id is a notification: web3.js sends "ping" so, and no answer is due.
      if (request !== undefined && request.id === undefined) return;
      const id = request?.id ?? null;
      try {
        if (request === undefined) throw new RpcError(rpcErrorCodes.invalidRequest, 'Invalid request');
        const { result, added } = run(request.method, request.params);
        subscriber.send({ jsonrpc: '2.0', id, result });
        if (added !== undefined) this.#subscriptions.catchUp(added);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error;
        subscriber.send(errorResponse(id, error));
      }
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#subscriptions.removeAll(subscriber));
  }

  #send(socket: WebSocket, message: unknown): void {
    if (this.#faults.outage !== 'none' || socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > unsentBytesMax) socket.terminate();
    else socket.send(JSON.stringify(message));
  }
}

function parseRequest(text: string): z.infer<typeof requestSchema> | undefined {
  try {
    const parsed = requestSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
