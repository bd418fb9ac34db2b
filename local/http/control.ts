import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { readBody } from './body.ts';

export const controlPath = '/_control';
const controlBodyBytesMax = 64 * 1024;

/** A command that fits its schema and still can't be done; the message goes to the caller. */
export class ControlRefused extends Error {}

interface ControlRoute<Command> {
  readonly schema: z.ZodType<Command>;
  readonly apply: (command: Command) => void;
  readonly state: () => unknown;
}

/**
 * Answers the control endpoint: GET tells the state, POST with a JSON command changes it and tells the state after. Only
 * from this machine, and never for a web page: the JSON content type makes a browser ask first, and nothing here answers
 * that question with yes.
 */
export async function answerControl<Command>(
  request: IncomingMessage,
  response: ServerResponse,
  route: ControlRoute<Command>,
): Promise<void> {
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
  if (!isLocal(request)) return answer(403, { error: 'The control endpoint answers this machine only' });
  if (request.method === 'GET') return answer(200, route.state());
  if (request.method !== 'POST') return answer(405, { error: 'GET or POST' });
  if (!request.headers['content-type']?.startsWith('application/json')) {
    return answer(415, { error: 'The content type must be application/json' });
  }
  const parsed = route.schema.safeParse(parseJson(await readBody(request, controlBodyBytesMax)));
  if (!parsed.success) return answer(400, { error: 'Not a command', issues: parsed.error.issues });
  try {
    route.apply(parsed.data);
  } catch (error) {
    if (error instanceof ControlRefused) return answer(400, { error: error.message });
    throw error;
  }
  answer(200, route.state());
}

function isLocal(request: IncomingMessage): boolean {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const addressed = host === '127.0.0.1' || host === 'localhost' || host === '[::1]';
  const from = request.socket.remoteAddress ?? '';
  return addressed && (from === '127.0.0.1' || from === '::1' || from === '::ffff:127.0.0.1');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
