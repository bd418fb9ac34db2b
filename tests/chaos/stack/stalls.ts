import { createServer, type Server, type ServerResponse } from 'node:http';
import { closeServer, listen } from '../../../local/http/listen.ts';

/** A point at which the worker stands still until it is let go, or killed. */
export interface Stall {
  readonly name: string;
  readonly subject: string;
  /** Lets it go on. */
  release(): void;
}

const stallMsMax = 75_000;

/** Where stalled failpoints report to. */
export class Stalls {
  readonly #server: Server;
  #url = '';
  #arrived: Stall[] = [];
  #wake: () => void = () => undefined;

  constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.once('end', () => this.#arrive(body, response));
    });
  }

  get url(): string {
    return this.#url;
  }

  async open(): Promise<void> {
    this.#url = `http://127.0.0.1:${await listen(this.#server, 0)}/`;
  }

  close(): Promise<void> {
    return closeServer(this.#server);
  }

  /** The next point that stalls, or has. @throws when none does in time. */
  async next(): Promise<Stall> {
    const deadline = Date.now() + stallMsMax;
    for (;;) {
      const stall = this.#arrived.shift();
      if (stall !== undefined) return stall;
      if (Date.now() > deadline) throw new Error('the failpoint was not reached');
      await new Promise<void>((wake) => {
        this.#wake = wake;
        setTimeout(wake, 200);
      });
    }
  }

  /** Forgets what arrived: the worker that reported it is gone. */
  clear(): void {
    this.#arrived = [];
  }

  #arrive(body: string, response: ServerResponse): void {
    const { name, subject } = JSON.parse(body) as { name: string; subject: string };
    const release = (): void => void response.writeHead(204).end();
    this.#arrived.push({ name, subject, release });
    this.#wake();
  }
}
