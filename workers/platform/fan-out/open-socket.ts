import { pingFrame, pongFrame } from '#shared/protocol/ws.ts';
import { clientAddressHeader, socketsPerAddressHeader } from '../client-address.ts';
import type { SocketHub, SocketPlatform } from './socket-hub.ts';

/**
 * The sockets of a Durable Object, for its hub. From here on the platform answers pings by itself: a ping neither wakes the object nor
 * ends its hibernation.
 */
export function socketPlatformOf(state: DurableObjectState): SocketPlatform {
  state.setWebSocketAutoResponse(new WebSocketRequestResponsePair(pingFrame, pongFrame));
  return {
    sockets: () => state.getWebSockets(),
    lastPingMs: (socket) => state.getWebSocketAutoResponseTimestamp(socket as WebSocket)?.getTime() ?? null,
  };
}

/**
 * Answers a WebSocket upgrade with a hibernatable socket under the hub's care; 429 where the caller's address has all it may have, 503 where the
 * object has all it can serve.
 */
export function openSocket(state: DurableObjectState, hub: SocketHub, request: Request): Response {
  if (request.headers.get('Upgrade')?.toLowerCase() !== 'websocket') {
    return new Response('This address speaks WebSocket.', { status: 426, headers: { Upgrade: 'websocket' } });
  }
  if (hub.isFull)
    return new Response('Too many sockets here; try again later.', { status: 503, headers: { 'Retry-After': '10' } });
  const address = request.headers.get(clientAddressHeader);
  const perAddressMax = Number(request.headers.get(socketsPerAddressHeader) ?? Infinity);
  if (address !== null && state.getWebSockets(address).length >= perAddressMax)
    return new Response('Too many sockets of this address.', { status: 429, headers: { 'Retry-After': '10' } });
  const { 0: client, 1: server } = new WebSocketPair();
  state.acceptWebSocket(server, address === null ? [] : [address]);
  hub.connect(server);
  return new Response(null, { status: 101, webSocket: client });
}

/** Codes that stand for "no close frame" or "no connection" (RFC 6455 §7.4.1): they must never be sent. */
const reservedCloseCodes: readonly number[] = [1005, 1006, 1015];

/** Completes the closing handshake from our side; a client that waits for it would otherwise hang until its own time limit. */
export function answerClose(socket: WebSocket, code: number): void {
  try {
    socket.close(reservedCloseCodes.includes(code) ? 1000 : code, '');
  } catch {
    // Gone already, or a code only the platform may send.
  }
}
