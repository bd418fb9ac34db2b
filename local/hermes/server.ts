import { createServer } from 'node:http';
import { closeServer, listen, loopback } from '../http/listen.ts';
import { loadTape } from '../tape/tape.ts';
import type { ControlCommand } from './controls.ts';
import { hermesDefaults, type HermesOptions } from './options.ts';
import { Replay, tickMs } from './replay.ts';
import { answer, applyControl, controlState, type Hermes, tick } from './routes.ts';
import { PriceStreams } from './streams.ts';

/** A running local Hermes. */
export interface HermesServer {
  readonly url: string;
  readonly port: number;
  /** The control endpoint without HTTP. Throws `ControlRefused`. */
  control(command: ControlCommand): void;
  state(): Record<string, unknown>;
  close(): Promise<void>;
}

/** Starts the replay as an HTTP server on loopback. Rejects when the port is taken or an option does not fit. */
export async function startHermes(options: Partial<HermesOptions> = {}): Promise<HermesServer> {
  const replay = new Replay(loadTape(), { ...hermesDefaults, port: 0, ...options }, Date.now);
  const hermes: Hermes = { replay, streams: new PriceStreams() };
  const server = createServer((request, response) => {
    answer(hermes, request, response).catch((error: unknown) => {
      console.error('hermes: a request failed', error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end('Internal error');
    });
  });
  const port = await listen(server, options.port ?? 0);
  const ticking = setInterval(() => tick(hermes), tickMs);
  return {
    url: `http://${loopback}:${port}`,
    port,
    control: (command) => applyControl(hermes, command),
    state: () => controlState(hermes),
    close: async () => {
      clearInterval(ticking);
      hermes.streams.close();
      await closeServer(server);
    },
  };
}
