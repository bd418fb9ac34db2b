import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { BodyTooLarge, readBody } from '../http/body.ts';
import { answerControl, controlPath } from '../http/control.ts';
import { type ControlCommand, controlSchema } from './control.ts';
import { AnswerLost } from './faults.ts';
import { answerRpc } from './rpc/dispatch.ts';
import type { RpcNode } from './rpc/method.ts';

const requestBytesMax = 512 * 1024;
/** Requests that an outage keeps waiting; more are cut off. */
const hangingMax = 1_000;

export interface ControlAccess {
  readonly apply: (command: ControlCommand) => void;
  readonly state: () => unknown;
}

/** Browsers may call the RPC from anywhere, as they may any public RPC. */
const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, GET, OPTIONS',
  'access-control-allow-headers': '*',
  'access-control-max-age': '86400',
};

/** The HTTP side of the RPC, and the control endpoint beside it. */
export function rpcServer(node: RpcNode, control: ControlAccess): Server {
  let hanging = 0;
  const hang = (response: ServerResponse): void => {
    if (hanging >= hangingMax) return void response.destroy();
    hanging++;
    response.on('close', () => hanging--);
  };
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://solana.local').pathname;
    if (path === controlPath) return answerControl(request, response, { schema: controlSchema, ...control });
    switch (node.faults.outage) {
      case 'refuse':
        return void response.destroy();
      case 'hang':
        return hang(response);
      case 'error':
        return void response.writeHead(500, { 'content-type': 'text/plain', ...cors }).end('Internal server error');
      case 'none':
        return answerRequest(request, response, path, node);
    }
  };
  return createServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      if (error instanceof AnswerLost || request.destroyed) return response.destroy();
      console.error('solana: a request failed', error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain', ...cors });
      response.end('Internal server error');
    });
  });
}

async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  node: RpcNode,
): Promise<void> {
  const text = (status: number, body: string) =>
    response.writeHead(status, { 'content-type': 'text/plain', ...cors }).end(body);
  if (request.method === 'OPTIONS') return void response.writeHead(204, cors).end();
  if (request.method === 'GET' && path === '/health') return void text(200, 'ok');
  if (request.method !== 'POST' || path !== '/')
    return void text(request.method === 'POST' ? 404 : 405, 'POST / is the RPC');
  let body: string;
  try {
    body = await readBody(request, requestBytesMax);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    return void text(413, error.message);
  }
  const answer = JSON.stringify(answerRpc(body, node));
  if (node.faults.delayMs > 0) await sleep(node.faults.delayMs);
  response.writeHead(200, { 'content-type': 'application/json', ...cors }).end(answer);
}
