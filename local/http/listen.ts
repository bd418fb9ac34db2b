import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const loopback = '127.0.0.1';

/**
 * How long an idle connection stays open. Clients keep theirs for reuse; Node's five seconds would close one just as a busy client sends on it,
 * which it sees as a reset.
 */
const idleConnectionMsMax = 75_000;

/** Listens on loopback and returns the port. Rejects with the system's error, for example EADDRINUSE. */
export async function listen(server: Server, port: number): Promise<number> {
  server.keepAliveTimeout = idleConnectionMsMax;
  server.listen(port, loopback);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** Stops listening and ends every connection at once. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await closed;
}
