import { socketBounds } from '#shared/protocol/ws.ts';
import { addressBlock, clientAddressHeader, socketsPerAddressHeader } from '../platform/client-address.ts';
import type { ApiContext } from './context.ts';
import { refused, type RefusedError } from './errors.ts';
import { clientAddress } from './middleware/rate-limit.ts';
import type { WaitingPlace } from './waiting-sockets.ts';

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
  headers.set(clientAddressHeader, addressBlock(clientAddress(context)));
  headers.set(socketsPerAddressHeader, String(context.get('services').settings.SOCKETS_PER_IP_MAX));
  headers.set('x-request-id', context.get('requestId'));
  const response = await object.fetch(context.req.raw.url, { headers });
  if (response.status === 101) return response;
  const retryAfterSeconds = Number(response.headers.get('retry-after') ?? '10');
  throw response.status === 429 ? tooManySockets(retryAfterSeconds) : noMoreSockets(retryAfterSeconds);
}

/**
 * Counts a socket that has to show its token yet, by the caller's address.
 *
 * @throws RefusedError RATE_001 (too many of the address), SYSTEM_004 (too many in all): all of them have shown a token and are about to be
 *   served. One that is mute makes room instead.
 */
export function admitWaitingSocket(context: ApiContext): WaitingPlace {
  const { settings, waitingSockets } = context.get('services');
  const place = waitingSockets.enter(clientAddress(context), settings.SOCKETS_PER_IP_MAX);
  if (place === 'full') throw noMoreSockets(waitingRetrySeconds);
  if (place === 'address-full') throw tooManySockets(waitingRetrySeconds);
  return place;
}

/** After this time every socket that waits now is served, or closed. */
const waitingRetrySeconds = Math.ceil(socketBounds.authTimeoutMs / 1_000);

const tooManySockets = (retryAfterSeconds: number): RefusedError =>
  refused('RATE_001', 'Too many open sockets from here. Close some first.', { retryAfterSeconds });

const noMoreSockets = (retryAfterSeconds: number): RefusedError =>
  refused('SYSTEM_004', 'No more sockets can be opened here right now. Try again in a few seconds.', {
    retryAfterSeconds,
  });

/** Checks an upgrade and hands it to an object, which speaks with the caller from then on. */
export async function forwardSocket(context: ApiContext, object: SocketObject): Promise<Response> {
  checkUpgrade(context);
  return openObjectSocket(context, object);
}
