import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../../local/http/listen.ts';

type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

/** A real HTTP server that fails in the way it is told to. */
export class FailingServer {
  /** Requests that reached it. */
  requests = 0;
  readonly #server: Server;
  #behave: Behaviour = (_request, response) => response.end();
  #url = '';

  constructor() {
    this.#server = createServer((request, response) => {
      this.requests += 1;
      this.#behave(request, response);
    });
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    this.#url = `http://127.0.0.1:${await listen(this.#server, 0)}`;
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }

  /** Forgets what was counted and behaves so from now on. */
  will(behave: Behaviour): void {
    this.requests = 0;
    this.#behave = behave;
  }
}

export const hang: Behaviour = () => undefined;
export const refuse: Behaviour = (request) => request.socket.destroy();
export const garbage: Behaviour = (_request, response) => response.end('<html>502 Bad Gateway</html>');
export const cutInTheMiddle: Behaviour = (request, response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"jsonrpc":"2.0",', () => request.socket.destroy());
};
export const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Behaviour =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
