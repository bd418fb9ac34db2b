import { createServer, request as requestOf, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGzip } from 'node:zlib';
import { WebSocket, WebSocketServer, type RawData } from 'ws';

export interface RelayOptions {
  /** Where everything is passed on to. */
  readonly target: string;
  /** 0 for any free one. */
  readonly port: number;
  /** What a page gets in place of a text frame of the target's sockets. */
  readonly frame?: (text: string) => string;
}

export interface Relay {
  readonly url: string;
  close(): void;
}

const compressible = /^(text\/|application\/(json|javascript)|image\/svg)/;

/**
 * Stands before a server and passes requests, answers and sockets on. Answers are compressed, as the edge compresses them, where the local
 * server has not done so.
 */
export async function startRelay({ target, port, frame = (text) => text }: RelayOptions): Promise<Relay> {
  const server = createServer((incoming, answer) => passOn(new URL(incoming.url ?? '/', target), incoming, answer));
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (incoming, socket, head) => {
    sockets.handleUpgrade(incoming, socket, head, (page) => {
      const address = new URL(incoming.url ?? '/', target.replace(/^http/, 'ws'));
      join(page, new WebSocket(address, { origin: incoming.headers.origin ?? '', perMessageDeflate: false }), frame);
    });
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const page of sockets.clients) page.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}

function passOn(url: URL, incoming: IncomingMessage, answer: ServerResponse): void {
  const headers = { ...incoming.headers, host: url.host };
  const outgoing = requestOf(url, { method: incoming.method ?? 'GET', headers }, (received) => {
    const type = String(received.headers['content-type'] ?? '');
    const accepts = String(incoming.headers['accept-encoding']).includes('gzip');
    const isPlain = received.headers['content-encoding'] === undefined;
    if (!accepts || !isPlain || !compressible.test(type)) {
      answer.writeHead(received.statusCode ?? 502, received.headers);
      received.pipe(answer);
      return;
    }
    const { 'content-length': _length, ...kept } = received.headers;
    answer.writeHead(received.statusCode ?? 502, { ...kept, 'content-encoding': 'gzip' });
    received.pipe(createGzip()).pipe(answer);
  });
  outgoing.once('error', () => answer.destroy());
  incoming.pipe(outgoing);
}

/** Two ends of one conversation; what the page says before the other end is open waits. */
function join(page: WebSocket, exchange: WebSocket, frame: (text: string) => string): void {
  const opened = new Promise<void>((open) => exchange.once('open', () => open()));
  page.on('message', (data: RawData) => void opened.then(() => exchange.send(String(data))));
  exchange.on('message', (data: RawData) => page.send(frame(String(data))));
  page.once('close', () => exchange.terminate());
  exchange.once('close', () => page.terminate());
  exchange.on('error', () => page.terminate());
}
