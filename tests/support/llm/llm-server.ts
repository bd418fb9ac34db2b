import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { anthropicWire } from './anthropic-wire.ts';
import type { Behaviour, Wire } from './behaviour.ts';
import { openAiWire } from './openai-wire.ts';

export type Protocol = 'openai' | 'anthropic';
export const protocols: readonly Protocol[] = ['openai', 'anthropic'];
const wires: Readonly<Record<Protocol, Wire>> = { openai: openAiWire, anthropic: anthropicWire };

/** A request as it reached the server. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A provider of language models that speaks its protocol over HTTP, and fails as it is told. */
export interface LlmServer {
  /** The `base_url` of the settings. */
  readonly baseUrl: string;
  readonly requests: readonly ReceivedRequest[];
  /** What it does to the next requests, one each; the last one is kept for all that follow. */
  behave(...behaviours: readonly Behaviour[]): void;
  /** Resolves when so many requests have come. */
  received(count: number): Promise<void>;
  /** Requests whose connection is still open. */
  open(): number;
  close(): Promise<void>;
}

/** Starts a server on the loopback, below `basePath`. */
export async function startLlmServer(protocol: Protocol, basePath = ''): Promise<LlmServer> {
  const wire = wires[protocol];
  const requests: ReceivedRequest[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let behaviours: readonly Behaviour[] = [];
  let open = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    open += 1;
    response.once('close', () => (open -= 1));
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const text = Buffer.concat(parts).toString('utf8');
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    requests.push({ path: request.url ?? '', headers: request.headers, text, body });
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
    const refuse = (status: number, message: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(wire.error(status, message));
    };
    if (request.method !== 'POST' || request.url !== basePath + wire.path) return refuse(404, 'no such path');
    const problem = wire.problemOf(body, request.headers);
    if (problem !== null) return refuse(400, problem);
    const behaviour = behaviours[0];
    if (behaviour === undefined) return refuse(500, 'no behaviour is left');
    if (behaviours.length > 1) behaviours = behaviours.slice(1);
    await perform(behaviour, wire, request, response);
  }

  const server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}${basePath}`,
    requests,
    behave: (...next) => void (behaviours = next),
    received: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve();
        else waiting.push({ count, resolve });
      }),
    open: () => open,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function perform(behaviour: Behaviour, wire: Wire, request: IncomingMessage, response: ServerResponse) {
  if (behaviour.kind === 'hang') return;
  if (behaviour.kind === 'reset') return void request.socket.destroy();
  if (behaviour.kind === 'status') {
    const { status, message = 'no', headers = {} } = behaviour;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(wire.error(status, message));
    return;
  }
  if (behaviour.kind === 'page') {
    response.writeHead(200, { 'content-type': behaviour.contentType }).end(behaviour.body);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (behaviour.kind === 'answer') {
    for (const frame of wire.answer(behaviour)) response.write(frame);
    return void response.end();
  }
  for (const frame of wire.begin(10)) response.write(frame);
  if (behaviour.kind === 'pings') {
    const timer = setInterval(() => response.write(': ping\n\n'), behaviour.everyMs);
    return void response.once('close', () => clearInterval(timer));
  }
  if (behaviour.kind === 'endless') {
    const { piece, isOneEvent = false } = behaviour;
    return writeWithoutEnd(isOneEvent ? piece : wire.text(piece), response);
  }
  const pieces = 'text' in behaviour ? behaviour.text : [];
  for (const piece of pieces) await written(response, wire.text(piece));
  if (behaviour.kind === 'error_event') response.write(wire.errorEvent());
  if (behaviour.kind === 'invalid_json') response.write(wire.invalidJson());
  if (behaviour.kind === 'stall') return;
  if (behaviour.kind === 'cut' && behaviour.by === 'reset') return void request.socket.destroy();
  response.end();
}

/** Resolves when the piece has left for the client: what breaks afterwards cannot overtake it. */
const written = (response: ServerResponse, piece: string): Promise<void> =>
  new Promise((resolve) => response.write(piece, () => resolve()));

/** As fast as it is read, until the client leaves. */
function writeWithoutEnd(piece: string, response: ServerResponse): void {
  const source = Readable.from(endless(piece));
  response.once('close', () => source.destroy());
  source.pipe(response);
}

function* endless(piece: string): Generator<string, never> {
  for (;;) yield piece;
}
