import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Behaviour } from './behaviour.ts';
import { startLlmServer } from './llm-server.ts';

/** A provider of language models for tests that run in another process. */
export interface LlmControl {
  /** POST `{behaviours}`: what it does from now on, and what it got before is forgotten; answers `{baseUrl}`. GET: `{requests}` it got. */
  readonly controlUrl: string;
  close(): Promise<void>;
}

/** Starts a server that speaks OpenAI's protocol, and one that controls it. */
export async function startLlmControl(): Promise<LlmControl> {
  const llm = await startLlmServer('openai', '/v1');
  let forgotten = 0;
  const control = createServer((request, response) => {
    let text = '';
    request.on('data', (piece) => (text += String(piece)));
    request.on('end', () => {
      if (request.method === 'POST') {
        llm.behave(...(JSON.parse(text) as { behaviours: Behaviour[] }).behaviours);
        forgotten = llm.requests.length;
      }
      const told = request.method === 'POST' ? { baseUrl: llm.baseUrl } : { requests: llm.requests.slice(forgotten) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told));
    });
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  return {
    controlUrl: `http://127.0.0.1:${(control.address() as AddressInfo).port}/`,
    close: async () => {
      control.closeAllConnections();
      control.close();
      await llm.close();
    },
  };
}
