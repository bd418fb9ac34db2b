import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Backend } from './backend.ts';
import { Faults, faultSchema } from './faults.ts';
import { batchOptionsOf, databaseErrorJson, resultJson, sqlRequestSchema } from './protocol.ts';

const bodyBytesMax = 16 * 1024 * 1024;
/** Requests waiting or running at once. */
const requestsMax = 512;

/** Neon's HTTP protocol: POST /sql; GET /health; POST /_control for the faults of tests. Answers 503 until a backend is set. */
export class NeonHttpServer {
  readonly faults = new Faults();
  readonly #server: Server;
  #backend: Backend | null = null;
  #requests = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        if (response.headersSent) response.destroy();
        else sendJson(response, 500, { message: error instanceof Error ? error.message : 'unknown failure' });
      });
    });
  }

  /** Listens on the loopback; port 0 takes a free one. Answers the port. Throws where the port is taken. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => resolve());
    });
    return (this.#server.address() as AddressInfo).port;
  }

  serve(backend: Backend): void {
    this.#backend = backend;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = `${request.method} ${request.url}`;
    if (route === 'POST /sql') return this.#sql(request, response);
    if (route === 'GET /health')
      return sendJson(response, this.#backend === null ? 503 : 200, { ready: this.#backend !== null });
    if (route === 'GET /_control') return sendJson(response, 200, { mode: this.faults.mode });
    if (route === 'POST /_control') return this.#control(request, response);
    sendJson(response, 404, { message: `no such endpoint: ${route}` });
  }

  async #control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parsed = faultSchema.safeParse(parseJson(await readBody(request)));
    if (!parsed.success) return sendJson(response, 400, { message: parsed.error.message });
    this.faults.mode = parsed.data.mode;
    sendJson(response, 200, parsed.data);
  }

  async #sql(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (await this.faults.apply(response)) return;
    const backend = this.#backend;
    if (backend === null || this.#requests >= requestsMax) {
      return sendJson(response, 503, { message: backend === null ? 'starting' : 'too many requests' });
    }
    this.#requests += 1;
    try {
      const body = sqlRequestSchema.safeParse(parseJson(await readBody(request)));
      if (!body.success) return sendJson(response, 400, { message: body.error.message });
      const arrayMode = request.headers['neon-array-mode'] === 'true';
      if ('statement' in body.data) {
        return sendJson(response, 200, resultJson(await backend.execute(body.data.statement), arrayMode));
      }
      const results = await backend.transaction(body.data.queries, batchOptionsOf(request.headers));
      sendJson(response, 200, { results: results.map((result) => resultJson(result, arrayMode)) });
    } catch (error) {
      const databaseError = databaseErrorJson(error);
      if (databaseError === null) throw error;
      sendJson(response, 400, databaseError);
    } finally {
      this.#requests -= 1;
    }
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bodyBytesMax) throw new Error(`body larger than ${bodyBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
