import { clientAddressHeader, socketsPerAddressHeader } from '../platform/client-address.ts';
import type { ApiContext } from './context.ts';
import { refused } from './errors.ts';
import { clientAddress } from './middleware/rate-limit.ts';

/**
 * Checks a WebSocket upgrade: that it is one, and that the page which asks is one of ours. Programs send no Origin.
 *
 * @throws RefusedError VALIDATION_001, AUTH_007.
 */
export function checkUpgrade(context: ApiContext): void {
  if (context.req.header('upgrade')?.toLowerCase() !== 'websocket') {
    throw refused('VALIDATION_001', 'This address speaks WebSocket. Send an upgrade request.');
  }
  const origin = context.req.header('origin');
  if (origin !== undefined && !context.get('services').settings.ALLOWED_ORIGINS.includes(origin)) {
    throw refused('AUTH_007', 'Pages of this origin may not open sockets here.');
  }
}

/** Where an object's socket comes from; objects answer an upgrade. */
export type SocketObject = Pick<DurableObjectStub, 'fetch'>;

/**
 * Asks an object for a socket, telling it the caller's address to count.
 *
 * @throws RefusedError RATE_001 (too many sockets of the address), SYSTEM_004 (the object is full).
 */
export async function openObjectSocket(context: ApiContext, object: SocketObject): Promise<Response> {
  const headers = new Headers(context.req.raw.headers);
  headers.set(clientAddressHeader, clientAddress(context));
  headers.set(socketsPerAddressHeader, String(context.get('services').settings.SOCKETS_PER_IP_MAX));
  headers.set('x-request-id', context.get('requestId'));
  const response = await object.fetch(context.req.raw.url, { headers });
  if (response.status === 101) return response;
  const retryAfterSeconds = Number(response.headers.get('retry-after') ?? '10');
  if (response.status === 429) {
    throw refused('RATE_001', 'Too many open sockets from here. Close some first.', { retryAfterSeconds });
  }
  throw refused('SYSTEM_004', 'No more sockets can be opened here right now. Try again in a few seconds.', {
    retryAfterSeconds,
  });
}

/** Checks an upgrade and hands it to an object, which speaks with the caller from then on. */
export async function forwardSocket(context: ApiContext, object: SocketObject): Promise<Response> {
  checkUpgrade(context);
  return openObjectSocket(context, object);
}
